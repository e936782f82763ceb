"""Tables that are kept in files: SQLite, dBASE, Parquet."""

import struct
from collections.abc import Iterator
from io import BytesIO

import apsw
from arro3.core import Array, DataType, Table, list_array
from arro3.io import write_parquet

from tests.data.files.planting import Made, packed, planted, sentence


def files() -> Iterator[Made]:
    """Yield the files."""
    yield _sqlite()
    yield _sqlite_in_big5()
    yield from _dbase()
    for codec in ("uncompressed", "snappy", "gzip(6)", "zstd(3)", "lz4_raw", "brotli(3)"):
        yield _parquet(codec)
    yield Made("locked.parquet", "parquet", b"PARE" + bytes(64) + b"PARE", (), (("locked.parquet", "encrypted"),))
    yield Made("old.mdb", "mdb", b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(4096), (), (
        ("Access database", "unknown_format"),
    ))  # fmt: skip


def _sqlite() -> Made:
    name = "customers.db"
    text, number, blob, schema, search, log = (
        planted(name, hiding, *place)
        for hiding, place in (
            ("a cell", ("客戶",)),
            ("a number under its column", ("客戶",)),
            ("a file in a cell", ("附件", "row 2, data")),
            ("a comment in the schema", ("schema",)),
            ("a full-text index", ("notes_content",)),
            ("a table with a quote in its name", ('a"b',)),
        )
    )
    base = apsw.Connection(":memory:")
    base.execute("CREATE TABLE 客戶(編號 INTEGER, 身份證 TEXT, 證件號碼 REAL)")
    base.execute("INSERT INTO 客戶 VALUES(1, ?, NULL)", (text.value,))
    base.execute("INSERT INTO 客戶 VALUES(2, ?, NULL)", (number.value,))
    base.execute("CREATE TABLE 附件(id, data BLOB)")
    base.execute("INSERT INTO 附件 VALUES(1, ?)", (packed({"a.txt": sentence(blob.value)}),))
    base.execute(f"CREATE VIEW v AS SELECT 1 /* {sentence(schema.value)} */")
    base.execute("CREATE VIRTUAL TABLE notes USING fts5(body)")
    base.execute("INSERT INTO notes VALUES(?)", (sentence(search.value),))
    base.execute('CREATE TABLE "a""b"(c)')
    base.execute('INSERT INTO "a""b" VALUES(?)', (sentence(log.value),))
    data = bytearray(base.serialize("main"))
    data[18:20] = b"\x02\x02"  # as if it kept a log beside it
    return Made(name, "db", bytes(data), (text, number, blob, schema, search, log))


def _sqlite_in_big5() -> Made:
    name = "legacy.db"
    here = planted(name, "text that is not UTF-8", "t")
    base = apsw.Connection(":memory:")
    base.execute("CREATE TABLE t(a, b TEXT)")
    base.execute("INSERT INTO t VALUES(1, CAST(? AS TEXT))", (sentence(here.value).encode("big5"),))
    return Made(name, "db", base.serialize("main"), (here,))


def _dbase() -> Iterator[Made]:
    for codec in ("big5", "gbk"):
        name = f"customers-{codec}.dbf"
        here, gone = planted(name, "a row"), planted(name, "a deleted row")
        names = ("姓名", "身份證") if codec == "big5" else ("姓名", "身份证")
        fields = b"".join(
            label.encode(codec).ljust(11, b"\0") + b"C" + bytes(4) + bytes((20, 0)) + bytes(14) for label in names
        )
        rows = b"".join(
            mark + "陳大文".encode(codec).ljust(20) + one.value.encode().ljust(20)
            for mark, one in ((b" ", here), (b"*", gone))
        )
        head = struct.pack("<BBBBIHH", 3, 126, 1, 5, 2, 32 + len(fields) + 1, 41) + bytes(20)
        yield Made(name, "dbf", head + fields + b"\r" + rows + b"\x1a", (here, gone))


def _parquet(codec: str) -> Made:
    name = f"customers-{codec.partition('(')[0]}.parquet"
    text, listed, note = (
        planted(name, "a cell", "rows"),
        planted(name, "a list", "rows"),
        planted(name, "a property", "prop"),
    )
    table = Table.from_pydict(
        {
            "姓名": Array(["陳大文", "李小明"], DataType.string()),
            "身份證": Array([text.value, None], DataType.string()),
            "其他證件": list_array(Array([0, 1, 2], DataType.int32()), Array(["x", listed.value], DataType.string())),
        }
    )
    out = BytesIO()
    write_parquet(table, out, compression=codec, key_value_metadata={"note": sentence(note.value)})
    return Made(name, "parquet", out.getvalue(), (text, listed, note))


def clean() -> Iterator[Made]:
    """Yield tables with nothing to find."""
    base = apsw.Connection(":memory:")
    base.execute("CREATE TABLE 發票(編號, 數量)")
    base.execute("INSERT INTO 發票 VALUES(12345678, 2)")
    yield Made("clean.db", "db", base.serialize("main"))
