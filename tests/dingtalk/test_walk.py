import json

import pytest

from cerco.dingtalk.walk import DEPTH, Harvest, Where, clean, shown, unfolded, walk_json, walk_string


@pytest.mark.parametrize("name", ["content", "btn_json_list", "x-oss-meta", "$value", "body.entityId", "a1234", "_"])
def test_a_field_name_is_shown(name: str) -> None:
    assert shown(name) == name


@pytest.mark.parametrize("name", ["", "李四", "joao@example.mo", "a 1", "66123456", "id12345", "x" * 41, "1a", "a\n"])
def test_a_name_that_could_be_content_is_not(name: str) -> None:
    assert shown(name) == "*"


def test_a_leaf_knows_where_it_stands() -> None:
    harvest = Harvest()
    text = json.dumps({"msg": json.dumps({"links": [{"title": "a"}, {"title": "b"}]})})
    assert walk_json(text, Where(path=("json",)), harvest)
    leaf = harvest.leaves[1]
    assert leaf.where.name == "msg.links[].title"
    assert leaf.where.place == "msg > links[1].title"
    assert leaf.where.path == ("json", "msg", "json", "links", 1, "title")


def test_a_repeated_name_is_addressed_by_position() -> None:
    harvest = Harvest()
    walk_json('{"a": "x", "b": "y", "a": "z"}', Where(path=()), harvest)
    assert [(leaf.where.path, leaf.text) for leaf in harvest.leaves] == [(("a",), "x"), (("b",), "y"), ((2,), "z")]


@pytest.mark.parametrize(("depth", "fine"), [(DEPTH - 3, True), (DEPTH + 3, False)])
@pytest.mark.parametrize("shape", ["array", "object", "string"])
def test_depth_is_limited_and_nothing_is_lost_beyond_it(shape: str, depth: int, fine: bool) -> None:
    node: object = "here"
    text = ""
    if shape == "string":
        # Every level doubles the escapes, so strings in strings are few; arrays around them make up the depth.
        for _ in range(3):
            node = json.dumps([node])
        depth -= 6
    for _ in range(depth):
        node = {"a": node} if shape == "object" else [node]
    text = json.dumps(node)
    harvest = Harvest()
    walk_json(text, Where(), harvest)
    assert any("here" in leaf.text for leaf in harvest.leaves)
    assert (not harvest.malformed) is fine
    assert len(harvest.leaves) == 1


@pytest.mark.parametrize("text", ["{", "{'a': 1}", "plain", "12345678", "", " ", "[1] 2", "nullish", '"open'])
def test_what_is_not_json_is_taken_as_it_stands(text: str) -> None:
    harvest = Harvest()
    walk_string(text, Where(place="field"), harvest)
    assert [leaf.text for leaf in harvest.leaves] == ([text] if text else [])


def test_values_beyond_the_room_are_taken_as_text_and_reported() -> None:
    harvest = Harvest(room=3)
    walk_string('["a","b"]', Where(place="one"), harvest)
    walk_string('["c","d"]', Where(place="two"), harvest)
    assert [leaf.text for leaf in harvest.leaves] == ["a", "b", '["c","d"]']
    assert harvest.malformed == ["two"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"\u5ba2\u6236", "客戶"),
        (r"\\u5ba2", "客"),
        (r"\ud83d\udd34", "🔴"),
        (r"\ud83d", "�"),
        (r"\x31\x32", "12"),
        (r"a\n1234567\/8", "a\n1234567/8"),
        ("%E5%AE%A2", "客"),
        ("%25E5%25AE%25A2", "客"),
        ("&#23458;&#x6236;&amp;", "客戶&"),
        ("%5Cu5ba2", "客"),
        ("&#99999999999999;", None),
        ("100%", None),
        ("R&D", None),
        ("C:\\docs", None),
        ("客戶", None),
    ],
)
def test_escapes_are_undone_in_any_layering(text: str, plain: str | None) -> None:
    assert unfolded(text) == plain


def test_half_a_surrogate_is_replaced_in_place() -> None:
    assert clean("a\ud83db🔴") == "a�b🔴"
