import base64
import gzip
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from cerco.lab.journal import Entry, Journal, read, seen

MARKER = "mkabcdefghijklmnop"


@pytest.mark.parametrize(
    "entry",
    [
        Entry("request", "1", 0, body=f"x{MARKER}x".encode()),
        Entry("request", "1", 0, path=f"/robot/send?q={MARKER}"),
        Entry("request", "1", 0, path="/" + "".join(f"%{byte:02x}" for byte in MARKER.encode())),
        Entry("request", "1", 0, headers=(("x-oss-meta-a", MARKER),)),
        Entry("request", "1", 0, body=gzip.compress(MARKER.encode())),
        Entry("request", "1", 0, body=gzip.compress(MARKER.encode() * 50)[:-9], complete=False),
        *(Entry("frame", "1", 0, body=base64.b64encode(b"x" * shift + MARKER.encode())) for shift in range(4)),
    ],
    ids=["body", "query", "percent", "header", "gzip", "gzip cut off", *(f"base64+{shift}" for shift in range(4))],
)
def test_holds_finds_a_marker_however_it_is_carried(entry: Entry) -> None:
    assert entry.holds(MARKER.encode())


@pytest.mark.parametrize(
    "entry",
    [
        Entry("request", "1", 0, body=MARKER[:-1].encode()),
        Entry("request", "1", 0, path=f"/{MARKER[1:]}"),
        Entry("request", "1", 0, body=gzip.compress(MARKER[::-1].encode())),
        Entry("frame", "1", 0, body=base64.b64encode(MARKER[::-1].encode())),
    ],
    ids=["shorter body", "shorter path", "other gzip", "other base64"],
)
def test_holds_finds_nothing_else(entry: Entry) -> None:
    assert not entry.holds(MARKER.encode())


def test_pieces_are_read_back_before_the_whole_is_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("piece", Entry("request", "a", 1.0, "PUT", host="h", path="/p", body=b"mkabcde"))
    journal.write("piece", Entry("request", "a", 2.0, "PUT", host="h", path="/p", body=b"fghijklmnop"))
    (entry,) = seen(journal.path, MARKER)
    assert (entry.body, entry.complete, entry.at) == (MARKER.encode(), False, 1.0)
    journal.write("request", Entry("request", "a", 1.0, "PUT", host="h", path="/p", body=MARKER.encode() + b"!"))
    (entry,) = read(journal.path)
    assert (entry.body, entry.complete) == (MARKER.encode() + b"!", True)


def test_a_line_still_being_written_is_left_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("request", Entry("request", "a", 1.0))
    with journal.path.open("ab") as out:
        out.write(b'{"line": "req')
    assert [entry.id for entry in read(journal.path)] == ["a"]


def test_no_journal_is_nothing_seen(tmp_path: Path) -> None:
    assert read(tmp_path / "none.jsonl") == ()


JSON = (("Content-Type", "application/json"),)
FORM = (("content-type", "application/x-www-form-urlencoded"),)
MULTIPART = (("Content-Type", "multipart/form-data; boundary=b"),)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (Entry("request", "1", 0, headers=JSON, body=json.dumps({"a": ["客戶"]}).encode()), "客戶"),
        (Entry("request", "1", 0, headers=JSON, body=json.dumps({"a": json.dumps({"b": "客戶"})}).encode()), "客戶"),
        (
            Entry("request", "1", 0, headers=FORM, body=f"text={quote(json.dumps({'content': '客戶'}))}".encode()),
            "客戶",
        ),
        (Entry("request", "1", 0, path=f"/x?name={quote('客戶')}"), "客戶"),
        (Entry("request", "1", 0, headers=MULTIPART, body='--b\r\nx: y; filename="客戶.csv"\r\n'.encode()), "客戶.csv"),
        (Entry("request", "1", 0, headers=MULTIPART, body=b"x: y; filename*=UTF-8''%E5%AE%A2\r\n"), "客"),
    ],
    ids=["escaped json", "json in json", "form", "query", "file name", "file name, RFC 2231"],
)
def test_strings_reads_as_the_receiver_would(entry: Entry, expected: str) -> None:
    assert expected in entry.strings()
