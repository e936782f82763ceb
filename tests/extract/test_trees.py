"""A value is read with what leads to it, and nothing a browser hides is hidden from us."""

import pytest

from cerco.extract.read import read
from cerco.extract.text import Limits, Text


def texts(data: bytes | str, step: str) -> str:
    raw = data if isinstance(data, bytes) else data.encode()
    return "".join(item.content for item in read(raw, "f") if isinstance(item, Text) and item.place == f"f > {step}")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param('{"customer": {"idCard": "51234567"}}', "customer.idCard: 51234567", id="a-path-of-keys"),
        pytest.param('{"idCard": ["a", ["51234567"]]}', "idCard: 51234567", id="lists-have-no-name-of-their-own"),
        pytest.param('{"a": [{"id": 1}, {"id": 51234567}]}', "a.id: 51234567", id="records-in-a-list"),
        pytest.param('{"a": [1], "b": 2}', "b: 2", id="a-list-before"),
        pytest.param('{"a": {"x": 1}, "b": 2}', "b: 2", id="a-record-before"),
        pytest.param('{"id": "1", "id": "2"}', "id: 1", id="the-first-of-two"),
        pytest.param('{"id": 51234567.0}', "id: 51234567", id="a-number-as-people-type-it"),
        pytest.param('{"id": 6222021234567890123}', "id: 6222021234567890123", id="every-digit"),
        pytest.param('{"\\u8eab": "\\u4efd"}', "身: 份", id="escapes"),
        pytest.param('{"id": "a\\nb"}', "id: a b", id="on-one-line"),
        pytest.param('{"id": 1}\n{"id": 2}\n', "id: 2", id="one-document-after-the-other"),
        pytest.param('{"id": 51234567, broken', "id: 51234567", id="up-to-the-fault"),
        pytest.param('{"a":{"b":{"c":{"d":{"e":1}}}}}', "b.c.d.e: 1", id="the-innermost-names"),
    ],
)
def test_json(data: str, line: str) -> None:
    assert line in texts(data, "values").splitlines()


def test_json_in_any_encoding() -> None:
    assert texts('{"身份證": "5123456(7)", "x": "客戶名單資料"}'.encode("big5"), "values").startswith(
        "身份證: 5123456(7)"
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param("<a><id>51234567</id></a>", "a.id: 51234567", id="elements"),
        pytest.param("<a id='&#53;1234567'/>", "a id: 51234567", id="attributes"),
        pytest.param("<a><!-- 51234567 --></a>", " 51234567 ", id="comments"),
        pytest.param("<a><?do 51234567?></a>", "do: 51234567", id="instructions"),
        pytest.param("<a>5<b/>6</a>", "a: 5", id="text-around-elements"),
        pytest.param("<w:a xmlns:w='x'><w:id>1</w:id></w:a>", "a.id: 1", id="without-prefixes"),
        pytest.param("<!DOCTYPE a [<!ENTITY e '51234567'>]><a>&e;</a>", "a: 51234567", id="entities"),
        pytest.param("<!DOCTYPE a [<!ENTITY e '51234567'>]><a/>", "e: 51234567", id="entities-nobody-uses"),
        pytest.param("<a><b>1</b><c>", "a.b: 1", id="up-to-the-fault"),
        pytest.param("<svg><text>5<tspan>1</tspan><tspan>2</tspan></text></svg>", "svg.text: 512", id="svg-labels"),
    ],
)
def test_xml(data: str, line: str) -> None:
    assert line in texts(data, "values").splitlines()


def test_an_entity_from_outside_is_not_fetched() -> None:
    data = "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>"
    assert texts(data, "values").strip() in {"", "e:"}


PAGE = """<html><head><title>T</title><meta name=d content="&#53;1234567"></head><body>
<table>
  <tr> <th>A</th> <th>B</th> </tr>
  <tr> <td>1</td> <td>2</td> </tr>
</table>
<p hidden>5<b>1</b>2</p><!-- c --><script>var x = 3</script>
<input type=hidden name=idCard value="5&#49;2"><a href="tel:66123456">x</a><div>a</div>b
<img src="data:image/png;base64,AAAA" class="51234567">
"""


def test_a_page_is_read_as_it_is_shown() -> None:
    shown = texts(PAGE, "text without tags").splitlines()
    assert {"T", "A\tB", "1\t2", "512", " c ", "var x = 3", "a", "b"} - {" c "} <= {line.strip() for line in shown}
    assert "c" in {line.strip() for line in shown}


def test_attributes_are_read_with_the_name_of_their_field() -> None:
    attributes = texts(PAGE, "attributes").splitlines()
    assert {"meta d content: 51234567", "input idCard value: 512", "a  href: tel:66123456"} <= set(attributes)
    assert "AAAA" not in "".join(attributes)


def test_a_tangled_page_is_read_without_a_browsers_parser() -> None:
    data = "<html>" + "<div>" * 20_000 + "身份證 5<b>1</b>2<input value='&#53;1234567'>"
    assert "身份證 512" in texts(data, "text without tags")
    assert "value='51234567'" in texts(data, "text without references")


def test_a_long_document_comes_in_pieces() -> None:
    data = "{" + ", ".join(f'"id{number}": {number}' for number in range(2000)) + "}"
    found = [
        item
        for item in read(data.encode(), "f", Limits(piece=1000))
        if isinstance(item, Text) and item.place == "f > values"
    ]
    assert len(found) > 10
    assert "".join(item.content[item.lead :] for item in found).count("\n") == 2000
