import json
from collections.abc import Callable

import pytest

from cerco.dingtalk.held import Content
from cerco.dingtalk.outbound import Outbound, Wire

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]

SHEET = "PUT api.dingtalk.com/v1.0/doc/workbooks/w/sheets/s/ranges/A1:C2"
RECORDS = "POST api.dingtalk.com/v1.0/notable/bases/b/sheets/s/records"
BATCH = "POST api.dingtalk.com/v1.0/doc/workbooks/w/batch"
TOOL = "POST mcp-gw.dingtalk.com/server/s"


def joined(outbound: Outbound) -> dict[str, str | Content]:
    return {part.place: part.content for part in outbound.parts if "(row" in part.place}


@pytest.mark.parametrize(
    ("line", "body", "row", "text"),
    [
        pytest.param(SHEET, {"values": [["-"], ["1234", "567", "(8)"]]}, "values[1]", "1234567(8)", id="cells"),
        pytest.param(SHEET, {"values": [[1234, "x", 567]]}, "values[0]", "1234x567", id="short-numbers-in-their-place"),
        pytest.param(SHEET, {"values": [[12345678, None, 9]]}, "values[0]", "123456789", id="empty-cells"),
        pytest.param(SHEET, {"values": json.dumps([["12", "34"]])}, "values > [0]", "1234", id="json-in-json"),
        pytest.param(
            SHEET,
            {"complexValues": [[{"text": "1234"}, {"text": "567", "style": "b"}]]},
            "complexValues[0]",
            "1234567b",
            id="cells-that-are-objects",
        ),
        pytest.param(
            BATCH,
            {"requests": [{"method": "PUT", "path": "/x", "body": {"values": [["12", "34"]]}}]},
            "requests[0].body.values[0]",
            "1234",
            id="tunnelled",
        ),
        pytest.param(
            BATCH,
            {"requests": [{}, {"body": json.dumps({"values": [["12", "34"]]})}]},
            "requests[1].body > values[0]",
            "1234",
            id="tunnelled-as-a-string",
        ),
        pytest.param(
            RECORDS,
            {"records": [{"fields": {"a": "1234"}}, {"fields": {"證件": "1234", "號碼": 567}}]},
            "records[1].fields",
            "1234567",
            id="a-record",
        ),
        pytest.param(
            TOOL,
            {"method": "tools/call", "params": {"name": "append_rows", "arguments": {"values": [["1234", "567"]]}}},
            "params.arguments.values[0]",
            "1234567",
            id="an-agent",
        ),
    ],
)
def test_a_row_is_read_with_tabs_and_without_gaps(
    *, read: Read, send: Send, line: str, body: object, row: str, text: str
) -> None:
    rows = joined(read(send(line, body)))
    assert rows[f"{row} (row without gaps)"] == text
    assert str(rows[f"{row} (row)"]).replace("\t", "") == text
    assert str(rows[f"{row} (row)"]) != text


@pytest.mark.parametrize(
    ("line", "body"),
    [
        pytest.param(SHEET, {"values": [["1234"], ["567"]]}, id="one-below-the-other"),
        pytest.param(SHEET, {"note": [["1234", "567"]]}, id="no-cells"),
        pytest.param(SHEET, {"values": ["1234", "567"]}, id="no-rows"),
        pytest.param("POST api.dingtalk.com/v1.0/x", {"values": [["1234", "567"]]}, id="another-call"),
    ],
)
def test_what_does_not_stand_side_by_side_is_not_joined(read: Read, send: Send, line: str, body: object) -> None:
    assert not joined(read(send(line, body)))


def test_words_are_not_run_together(read: Read, send: Send) -> None:
    rows = joined(read(send(SHEET, {"values": [["客戶", "名單"]]})))
    assert rows == {"values[0] (row)": "客戶\t名單"}
