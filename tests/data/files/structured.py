"""Text with a structure: what stands in keys, tags, attributes, comments, and what is written in other words."""

import base64
import json
from collections.abc import Iterator

from tests.data.files.planting import Made, packed, planted, sentence

_ROWS = 60_000


def files() -> Iterator[Made]:
    """Yield the files."""
    yield _json()
    yield _lines()
    yield _xml()
    yield _svg()
    yield _page()
    yield from _plain()
    yield _table()
    yield _inline()


def _json() -> Made:
    name = "customers.json"
    listed, twice = planted(name, "a list under a key"), planted(name, "a key that is there twice")
    escaped = planted(name, "escapes", "text without escapes")
    words = "".join(f"\\u{ord(letter):04x}" for letter in f"身份證 {escaped.value}")
    data = (
        f'{{"customer": {{"idCardNo": ["x", "{listed.value}"], "other": 12}},\n'
        f'"note": "{words}",\n"身份證": "{twice.value}", "身份證": "x"}}\n'
    )
    return Made(name, "json", data.encode(), (listed, escaped, twice))


def _lines() -> Made:
    name = "events.ndjson"
    here = planted(name, "the last line", "line 51")
    lines = [json.dumps({"event": number, "name": "早晨"}, ensure_ascii=False) for number in range(50)]
    lines.append(json.dumps({"客戶": {"身份證": here.value}}, ensure_ascii=False))
    return Made(name, "ndjson", "\n".join(lines).encode("utf-16"), (here,))


def _xml() -> Made:
    name = "export.xml"
    value, attribute, comment, entity, data = (
        planted(name, hiding)
        for hiding in ("an element", "an attribute with references", "a comment", "an entity", "character data")
    )
    hidden = "".join(f"&#{ord(letter)};" for letter in attribute.value)
    text = (
        f'<?xml version="1.0" encoding="big5"?>\n<!DOCTYPE a [<!ENTITY who "身份證 {entity.value}">]>\n'
        f'<客戶資料><身份證>{value.value}</身份證><a 身份證="{hidden}"/><!-- 身份證 {comment.value} --><b>&who;</b>'
        f"<c><![CDATA[身份證 {data.value}]]></c></客戶資料>\n"
    )
    return Made(name, "xml", text.encode("big5"), (value, attribute, comment, entity, data))


def _svg() -> Made:
    name = "diagram.svg"
    letters, title = planted(name, "a label of single letters", "values"), planted(name, "the title")
    spans = "".join(f"<tspan x='{at}'>{letter}</tspan>" for at, letter in enumerate(f"身份證 {letters.value}"))
    text = f"<svg xmlns='http://www.w3.org/2000/svg'><title>身份證 {title.value}</title><text>{spans}</text></svg>"
    return Made(name, "svg", text.encode(), (letters, title))


def _page() -> Made:
    name = "page.html"
    table, cut, hidden, meta, comment, script = (
        planted(name, hiding, *([place] if place else []))
        for hiding, place in (
            ("a cell under its heading", "text without tags"),
            ("a number cut by tags", "text without tags"),
            ("a hidden field", "attributes"),
            ("where the page sends its reader", "attributes"),
            ("a comment", ""),
            ("a script", ""),
        )
    )
    references = "".join(f"&#{ord(letter)};" for letter in hidden.value)
    target = "".join(f"&#x{ord(letter):x};" for letter in meta.value)
    text = (
        f"<!doctype html><html><head><meta http-equiv=refresh content='0;url=/?身份證={target}'></head><body>"
        f"<table>\n <tr>\n  <th>姓名</th>\n  <th>身份證</th>\n </tr>\n <tr>\n  <td>陳大文</td>\n"
        f"  <td>{table.value}</td>\n </tr>\n</table>"
        f"<p style='display:none'>身份證 {cut.value[:3]}<b>{cut.value[3:]}</b></p>"
        f"<input type=hidden name=idCard value='{references}'><!-- 身份證 {comment.value} -->"
        f"<script>const id = '身份證 {script.value}'</script></body></html>"
    )
    return Made(name, "html", text.encode("gb18030"), (table, cut, hidden, meta, comment, script))


def _plain() -> Iterator[Made]:
    for name, form, text in (
        ("dump.sql", "sql", "INSERT INTO customers (name, id_card) VALUES ('陳大文', '{}');\n"),
        ("server.log", "log", "2026-01-05 09:00:00 INFO POST /customers 身份證={} 200\n"),
        ("config.yaml", "yaml", "customer:\n  身份證: '{}'\n"),
        ("config.ini", "ini", "[customer]\n身份證={}\n"),
        (
            "info.plist",
            "plist",
            '<?xml version="1.0"?>\n<plist><dict><key>身份證</key><string>{}</string></dict></plist>\n',
        ),
        ("texts.po", "po", 'msgid "ID card {}"\nmsgstr ""\n'),
        ("notes.md", "md", "# 會議\n\n- 身份證 **{}**\n"),
        ("list.tsv", "tsv", "姓名\t身份證\n陳大文\t{}\n"),
    ):
        here = planted(name, "a value")
        yield Made(name, form, text.format(here.value).encode(), (here,))


def _table() -> Made:
    """Make a table so long that it is read in pieces; what is at its end stands under a heading at its top."""
    name = "long.csv"
    here = planted(name, "the last row", "text", "line 6")
    rows = "".join(f"{number},各位同事早晨,{number % 97},澳門\n" for number in range(_ROWS))
    data = f"編號,姓名,身份證,地區\n{rows}1,陳大文,{here.value},澳門\n"
    return Made(name, "csv", data.encode("big5"), (here,))


def _inline() -> Made:
    name = "encoded.txt"
    link, block = (
        planted(name, "a file in a link", "embedded file 1"),
        planted(name, "a block of base64", "embedded file 2"),
    )
    first = base64.b64encode(packed({"a.txt": sentence(link.value)})).decode()
    lines = "".join(f"{number * 7919 % 10007}\n" for number in range(200))
    second = base64.encodebytes(packed({"b.txt": f"{sentence(block.value)}\n{lines}"})).decode()
    return Made(name, "txt", f"見 data:application/zip;base64,{first} 及\n{second}".encode(), (link, block))


def clean() -> Iterator[Made]:
    """Yield the like with nothing to find."""
    yield Made("clean.json", "json", b'{"invoice": 12345678, "items": [1, 2]}')
    yield Made("clean.xml", "xml", "<發票><編號>12345678</編號></發票>".encode())
    yield Made("clean.html", "html", "<html><body><p>發票編號 12345678</p></body></html>".encode())
