"""Every row is read, and nothing in a database is run."""

import struct

import apsw
import pytest

from cerco.extract.read import read
from cerco.extract.text import Limits, Text, Unreadable, Why

NEEDLE = "身份證 5123456(7)"


def base(*statements: str) -> bytes:
    connection = apsw.Connection(":memory:")
    for statement in statements:
        connection.execute(statement)
    data: bytes = connection.serialize("main")
    return data


def text(data: bytes, place: str, limits: Limits | None = None) -> str:
    items = read(data, "f", limits or Limits())
    bodies = [item for item in items if isinstance(item, Text) and item.role == "text"]
    return "".join(item.content for item in bodies if item.place == f"f > {place}")


def gaps(data: bytes, limits: Limits | None = None) -> list[tuple[str, Why]]:
    return [(item.place, item.why) for item in read(data, "f", limits or Limits()) if isinstance(item, Unreadable)]


def test_rows_stand_under_the_names_of_their_columns() -> None:
    data = base("CREATE TABLE t(a, 身份證, c REAL)", "INSERT INTO t VALUES(1, '5123456(7)', 51234567)")
    assert text(data, "t") == "a\t身份證\tc\n1\t5123456(7)\t51234567\n"
    assert gaps(data) == []


def test_a_log_beside_the_file_is_not_asked_for() -> None:
    data = bytearray(base("CREATE TABLE t(a)", f"INSERT INTO t VALUES('{NEEDLE}')"))
    data[18:20] = b"\2\2"
    assert NEEDLE in text(bytes(data), "t")


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n", id="view"
        ),
        pytest.param("CREATE TRIGGER r INSTEAD OF INSERT ON w BEGIN SELECT zeroblob(999999999); END", id="trigger"),
    ],
)  # fmt: skip
def test_what_would_run_for_ever_is_not_run_but_shown(statement: str) -> None:
    data = base("CREATE TABLE t(a)", f"INSERT INTO t VALUES('{NEEDLE}')", "CREATE VIEW w AS SELECT 1 AS x", statement)
    assert NEEDLE in text(data, "t")
    assert statement in text(data, "schema")


def test_a_column_that_is_computed_costs_no_more_than_the_file() -> None:
    data = base("CREATE TABLE t(a, b AS (zeroblob(900000000)))", f"INSERT INTO t(a) VALUES('{NEEDLE}')")
    assert {why for _, why in gaps(data)} <= {Why.TOO_LARGE, Why.MALFORMED}


def test_the_limit_on_cells_ends_a_table_and_says_so() -> None:
    data = base(
        "CREATE TABLE t(a)",
        "WITH n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n LIMIT 90) INSERT INTO t SELECT i FROM n",
    )
    assert gaps(data, Limits(cells=50)) == [("f > t", Why.TOO_MANY)]
    assert text(data, "t", Limits(cells=50)).endswith("50\n")


def test_bytes_of_no_known_format_are_said_once_for_a_table() -> None:
    data = base("CREATE TABLE t(a)", *(f"INSERT INTO t VALUES(x'{'00ff01fe' * 20}')" for _ in range(3)))
    assert gaps(data) == [("f > t > binary cells", Why.UNKNOWN_FORMAT)]


def test_a_damaged_table_does_not_hide_the_others() -> None:
    data = bytearray(
        base("CREATE TABLE a(x)", "INSERT INTO a VALUES('1')", "CREATE TABLE b(x)", f"INSERT INTO b VALUES('{NEEDLE}')")
    )
    data[4096] = 0xFF  # the kind of the second page, which is a's
    assert gaps(bytes(data)) == [("f > a", Why.MALFORMED)]
    assert NEEDLE in text(bytes(data), "b")


def test_what_follows_a_database_is_read() -> None:
    assert NEEDLE in text(base("CREATE TABLE t(a)") + NEEDLE.encode(), "after the end > text")


@pytest.mark.parametrize("cut", [50, 100, 3000])
def test_a_database_that_is_cut_off_is_said(cut: int) -> None:
    assert Why.MALFORMED in [why for _, why in gaps(base("CREATE TABLE t(a)")[:cut])]


def dbase(fields: list[tuple[bytes, str, int]], rows: list[bytes], version: int = 3) -> bytes:
    head = b"".join(
        name.ljust(11, b"\0") + kind.encode() + bytes(4) + bytes((size, 0)) + bytes(14) for name, kind, size in fields
    )
    size = 1 + sum(size for _, _, size in fields)
    start = struct.pack("<BBBBIHH", version, 126, 1, 5, len(rows), 32 + len(head) + 1, size) + bytes(20)
    return start + head + b"\r" + b"".join(rows) + b"\x1a"


def test_dbase_fields_are_read_as_what_they_are() -> None:
    fields = [(b"NAME", "C", 10), (b"N", "I", 4), (b"D", "B", 8), (b"Y", "Y", 8)]
    row = b" " + b"Chan".ljust(10) + struct.pack("<idq", 51234567, 51234567.0, 15000)
    assert text(dbase(fields, [row], 0x30), "rows") == "NAME\tN\tD\tY\nChan\t51234567\t51234567\t1.5\n"


def test_deleted_rows_are_read() -> None:
    assert text(dbase([(b"A", "C", 4)], [b" abcd", b"*efgh"]), "rows") == "A\nabcd\nefgh\n"


def test_a_table_is_read_in_every_encoding_it_may_be_in() -> None:
    data = dbase([("姓名".encode("big5"), "C", 12)], [b" " + "客戶名單資料".encode("big5")])
    assert text(data, "rows") == "姓名\n客戶名單資料\n"
