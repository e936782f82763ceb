"""OpenDocument files: every part is read, and nothing that is locked passes for empty."""

import pytest

from cerco.extract.read import read
from cerco.extract.text import Text, Unreadable, Why
from tests.data.files.planting import packed

NEEDLE = "5123456(7)"
MIMETYPE = "application/vnd.oasis.opendocument.text"


def package(body: str, **members: str) -> bytes:
    content = f"<office:document-content><office:text>{body}</office:text></office:document-content>"
    return packed(
        {"mimetype": MIMETYPE, "content.xml": content}
        | {name.replace("__", "/"): text for name, text in members.items()}
    )


def found(data: bytes) -> list[str]:
    return [
        item.place
        for item in read(data, "a")
        if isinstance(item, Text) and item.role == "text" and NEEDLE in item.content
    ]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        pytest.param(f"<text:p>{NEEDLE}</text:p>", "body", id="paragraph"),
        pytest.param("<text:p>512<text:span>3456</text:span>(7)</text:p>", "body", id="spans"),
        pytest.param(
            f"<text:p>x<text:note><text:note-body><text:p>{NEEDLE}</text:p></text:note-body></text:note></text:p>",
            "notes",
            id="note",
        ),
        pytest.param(
            "<text:p>512<office:annotation><text:p>!</text:p></office:annotation>3456(7)</text:p>",
            "body",
            id="around-a-comment",
        ),
        pytest.param(
            f"<text:p>x<office:annotation><text:p>{NEEDLE}</text:p></office:annotation></text:p>",
            "comments",
            id="comment",
        ),
        pytest.param(
            f"<text:tracked-changes><text:deletion><text:p>{NEEDLE}</text:p></text:deletion></text:tracked-changes>",
            "deleted text",
            id="deleted",
        ),
        pytest.param(
            f'<text:p><text:hidden-text text:string-value="{NEEDLE}"/></text:p>', "names and links", id="hidden-field"
        ),
        pytest.param(
            f'<text:p><text:a xlink:href="https://example.com/{NEEDLE}">x</text:a></text:p>',
            "names and links",
            id="link",
        ),
        pytest.param(f"<draw:frame><svg:desc>{NEEDLE}</svg:desc></draw:frame>", "body", id="alternative-text"),
        pytest.param(f"<!-- {NEEDLE} -->", "body", id="comment-of-xml"),
    ],
)
def test_each_hiding_place(body: str, place: str) -> None:
    assert found(package(body)) == [f"a > {place}"]


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("Object 1__content.xml", f"<office:chart><text:p>{NEEDLE}</text:p></office:chart>", "Object 1 > body"),
        ("Basic__Standard__Module1.xml", f"<script:module>' {NEEDLE}</script:module>", "Basic/Standard/Module1.xml"),
        ("styles.xml", f"<style:header><text:p>{NEEDLE}</text:p></style:header>", "headers and footers"),
        ("settings.xml", f"<config:config-item>{NEEDLE}</config:config-item>", "settings"),
        ("meta.xml", f"<meta:user-defined>{NEEDLE}</meta:user-defined>", "properties"),
        ("notes.txt", NEEDLE, "notes.txt > text"),
    ],
)
def test_each_part(name: str, content: str, place: str) -> None:
    assert found(package("", **{name: content})) == [f"a > {place}"]


def test_a_locked_part_is_said_and_the_others_are_read() -> None:
    manifest = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    data = package("<text:p>x</text:p>", **{"META-INF__manifest.xml": manifest, "notes.txt": NEEDLE})
    assert [(item.place, item.why) for item in read(data, "a") if isinstance(item, Unreadable)] == [
        ("a", Why.ENCRYPTED)
    ]
    assert found(data) == ["a > notes.txt > text"]


def test_slides_are_numbered_and_hidden_ones_named_so() -> None:
    body = (
        '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style><draw:page draw:name="a" draw:style-name="dp1"/>'
        f'<draw:page draw:name="b" draw:style-name="dp2"><text:p>{NEEDLE}</text:p></draw:page>'
    )
    assert found(package(body)) == ["a > slide 2 (hidden)"]
