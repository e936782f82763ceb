import pytest

from cerco.dingtalk.outbound import Role
from cerco.dingtalk.surfaces import GENERIC, Field, Surface, find, limit_of, role_by_name


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/robot/send"),
        ("POST", "/robot/sender"),
        ("POST", "/v1.0/robot/send"),
        ("POST", "/v1x0/robot/groupMessages/send"),
        ("POST", "/v1.0/storage/spaces/7/8/files/commit"),
        ("POST", "/v1.0/drive/spaces/7/files/1/rename"),
        ("POST", ""),
    ],
)
def test_a_near_miss_is_generic(method: str, path: str) -> None:
    assert find(method, path, None) is GENERIC


@pytest.mark.parametrize("path", ["/robot/send", "/robot/send/"])
def test_a_last_slash_changes_nothing(path: str) -> None:
    assert find("POST", path, None).operation == "robot.send"


def test_the_old_gateway_names_the_call_in_a_parameter() -> None:
    assert find("POST", "/router/rest", "dingtalk.corp.message.corpconversation.asyncsend").limit == 2048
    assert find("POST", "/router/rest", "dingtalk.oapi.user.get") is GENERIC


def test_only_short_messages_have_a_limit() -> None:
    assert limit_of("chat.send") == 2048
    assert limit_of("robot.send") is None
    assert limit_of("lwp:/r/IDLSend/send") is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("text.content", True),
        ("msg.text.content", True),
        ("context.content", False),
        ("content", False),
        ("name", True),
        ("a.name", False),
    ],
)
def test_a_field_is_known_by_its_tail_or_its_whole_name(name: str, known: bool) -> None:
    surface = Surface("x", {"text.content": Field(Role.TEXT), "=name": Field(Role.FILENAME)})
    assert (surface.field(name) is not None) is known


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
