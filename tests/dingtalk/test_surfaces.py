import re

import pytest

from cerco.dingtalk.outbound import Role
from cerco.dingtalk.surfaces import Field, Surface, role_by_name

SURFACE = Surface(
    "x",
    {"text.content": Field(Role.TEXT), "=name": Field(Role.FILENAME)},
    patterns=((re.compile(r"(?:.*\.)?params\..+"), Field(Role.TITLE)),),
)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("text.content", Role.TEXT),
        ("msg.text.content", Role.TEXT),
        ("context.content", None),
        ("content", None),
        ("name", Role.FILENAME),
        ("a.name", None),
        ("a.params.b.c", Role.TITLE),
        ("params", None),
        ("", None),
    ],
)
def test_a_field_is_known_by_its_tail_or_its_whole_name(name: str, role: Role | None) -> None:
    known = SURFACE.field(name)
    assert (known.role if known else None) is role


@pytest.mark.parametrize(
    ("name", "text", "role"),
    [
        ("a.fileName", "x", Role.FILENAME),
        ("file_name[]", "x", Role.FILENAME),
        ("name", "客戶.xlsx", Role.FILENAME),
        ("name", "客戶", Role.TITLE),
        ("a[].subject", "x", Role.TITLE),
        ("profileName", "x", Role.TEXT),
        ("content", "客戶.xlsx", Role.TEXT),
        ("", "x", Role.TEXT),
    ],
)
def test_a_role_is_guessed_from_the_name(name: str, text: str, role: Role) -> None:
    assert role_by_name(name, text) is role
