import pytest

from cerco.dingtalk.catalogue import PACKAGED, Catalogue, CatalogueError, parse, renewed, written
from cerco.dingtalk.from_sdk import Operation


@pytest.fixture(scope="module")
def packaged() -> Catalogue:
    return Catalogue.load()


def test_the_packaged_list_is_whole(packaged: Catalogue) -> None:
    # Counted in alibabacloud-dingtalk 2.2.65, and in the documentation of the older interfaces.
    assert len(packaged) == 3289 + 419


@pytest.mark.parametrize(
    ("line", "template"),
    [
        ("POST /v1.0/robot/oToMessages/batchSend", "/v1.0/robot/oToMessages/batchSend"),
        ("POST /v1.0/storage/spaces/7/files/commit", "/v1.0/storage/spaces/{space_id}/files/commit"),
        ("GET /topapi/v2/user/create", "/topapi/v2/user/create"),
        ("DELETE /v1.0/robot/oToMessages/batchSend", None),
        ("POST /v1.0/robot/oToMessages/batchSend/more", None),
        ("POST /v9.0/robot/oToMessages/batchSend", None),
    ],
)
def test_an_operation_is_known_by_method_and_path(packaged: Catalogue, line: str, template: str | None) -> None:
    method, _, path = line.partition(" ")
    assert packaged.known(method, path) == template


def test_the_names_of_a_body_are_known_at_any_depth(packaged: Catalogue) -> None:
    assert packaged.keys("/v1.0/robot/oToMessages/batchSend") == {"msgKey", "msgParam", "robotCode", "userIds"}
    assert {"option", "preCheckParam", "size", "multipart"} <= packaged.keys(
        "/v1.0/storage/spaces/{space_id}/files/uploadInfos/query"
    )
    assert packaged.keys("/topapi/v2/user/create") == frozenset()
    assert packaged.keys("/none") == frozenset()


def test_one_path_holds_the_names_of_all_its_methods() -> None:
    catalogue = Catalogue.load("POST /a/{b} one\nPUT /a/{b} two\n")
    assert catalogue.keys("/a/{b}") == {"one", "two"}


@pytest.mark.parametrize(
    ("text", "line"),
    [("post /a", 1), ("# a\n\nPOST", 3), ("POST /a b\nPUT a", 2), ("*/a", 1)],
)
def test_a_fault_has_its_line(text: str, line: int) -> None:
    with pytest.raises(CatalogueError, match=f"line {line}: "):
        Catalogue.load(text)


def test_what_is_written_is_read_again() -> None:
    text = PACKAGED.read_text("utf-8")
    assert written(parse(text), text.partition("\n")[0].removeprefix("# ")) == text


def test_a_renewed_list_keeps_what_the_sdk_does_not_cover() -> None:
    old = [Operation("*", "/topapi/a", frozenset()), Operation("POST", "/v1.0/gone", frozenset({"x"}))]
    new = [Operation("POST", "/v1.0/new", frozenset({"y"}))]
    assert set(renewed(old, new)) == {old[0], new[0]}
