"""Database: private, flushed, insistent on its schema, and one kind of error for every fault."""

import errno
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from cerco.evidence.database import Database, Schema

SCHEMA = Schema(
    application=7_001,
    version=3,
    statements=(
        "CREATE TABLE note (text TEXT NOT NULL UNIQUE) STRICT",
        "CREATE TRIGGER note_stays BEFORE DELETE ON note BEGIN SELECT RAISE(ABORT, 'it stays'); END",
    ),
)
PLANTED = "1234567(8)"


class ToyError(OSError):
    """The one error these tests ask for."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "toy.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(path, SCHEMA, ToyError)
    yield database
    database.close()


def write(database: Database, text: str) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO note VALUES (?)", (text,))


def notes(database: Database) -> list[str]:
    with database.read() as connection:
        return [str(text) for (text,) in connection.execute("SELECT text FROM note ORDER BY rowid")]


def test_what_was_written_is_read_now_aside_and_after_reopening(database: Database, path: Path) -> None:
    write(database, "one")
    assert notes(database) == ["one"]
    with database.read_aside() as connection:
        assert connection.execute("SELECT count(*) FROM note").get == 1
    database.close()
    again = Database(path, SCHEMA, ToyError)
    assert notes(again) == ["one"]
    again.close()


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    def half(text: str) -> None:
        with database.write() as connection:
            connection.execute("INSERT INTO note VALUES (?)", (text,))
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        half("one")
    assert notes(database) == []


def test_a_reading_aside_does_not_keep_writers_out(database: Database) -> None:
    write(database, "one")
    with database.read_aside() as connection:
        assert connection.execute("SELECT count(*) FROM note").get == 1
        write(database, "two")
        assert connection.execute("SELECT count(*) FROM note").get == 1
        with pytest.raises(apsw.ReadOnlyError):
            connection.execute("INSERT INTO note VALUES ('three')")
    assert notes(database) == ["one", "two"]


def test_the_file_and_its_log_are_private(database: Database, path: Path) -> None:
    write(database, "one")
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("toy.db", "toy.db-wal", "toy.db-shm"), 0o600)


def test_files_others_could_read_are_closed_to_them(database: Database, path: Path) -> None:
    write(database, "one")
    for file in path.parent.iterdir():
        file.chmod(0o644)
    Database(path, SCHEMA, ToyError).close()
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_commits_are_flushed(database: Database) -> None:
    with database.read() as connection:
        assert connection.pragma("journal_mode") == "wal"
        assert connection.pragma("synchronous") == 2  # FULL


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda path: path.write_bytes(b"no database " * 100), "not a database", id="other file"),
        pytest.param(lambda path: apsw.Connection(str(path)).execute("CREATE TABLE t (c)"), "another kind", id="table"),
        pytest.param(lambda path: apsw.Connection(str(path)).pragma("application_id", 8), "another kind", id="kind"),
        pytest.param(lambda path: path.mkdir(), "cannot be opened", id="folder"),
    ],
)
def test_a_foreign_file_is_refused_and_left_alone(path: Path, make: Callable[[Path], object], message: str) -> None:
    make(path)
    before = (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
    with pytest.raises(ToyError, match=message):
        Database(path, SCHEMA, ToyError)
    assert (path.stat().st_mode, path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        pytest.param("DROP TRIGGER note_stays", "altered", id="trigger gone"),
        pytest.param("CREATE TABLE other (c)", "altered", id="table added"),
        pytest.param("PRAGMA user_version=4", "another release", id="newer"),
    ],
)
def test_an_altered_file_is_refused(path: Path, statement: str, message: str) -> None:
    Database(path, SCHEMA, ToyError).close()
    connection = apsw.Connection(str(path))
    connection.execute(statement)
    connection.close()
    with pytest.raises(ToyError, match=message):
        Database(path, SCHEMA, ToyError)


def test_an_analysed_file_is_not_an_altered_one(path: Path) -> None:
    Database(path, SCHEMA, ToyError).close()
    connection = apsw.Connection(str(path))
    connection.execute("INSERT INTO note VALUES ('x'); ANALYZE")
    connection.close()
    Database(path, SCHEMA, ToyError).close()


def test_an_empty_file_left_by_a_crash_is_taken_up(path: Path) -> None:
    path.touch()
    database = Database(path, SCHEMA, ToyError)
    write(database, "one")
    assert notes(database) == ["one"]
    database.close()


def test_a_folder_that_is_not_there_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(ToyError, match="cannot be created") as caught:
        Database(tmp_path / "gone" / "toy.db", SCHEMA, ToyError)
    assert caught.value.errno == errno.ENOENT


def test_a_moved_file_is_noticed_until_it_is_put_back(database: Database, path: Path) -> None:
    write(database, "one")
    moved = path.rename(path.with_suffix(".moved"))
    for _ in range(2):
        with pytest.raises(ToyError, match="moved or removed"):
            write(database, "two")
        assert not path.exists()
    moved.rename(path)
    write(database, "three")
    assert notes(database) == ["one", "three"]


def test_a_replaced_file_is_noticed(database: Database, path: Path) -> None:
    write(database, "one")
    Database(path.with_suffix(".new"), SCHEMA, ToyError).close()
    path.with_suffix(".new").rename(path)
    with pytest.raises(ToyError, match="moved or removed"):
        write(database, "two")


def test_a_writer_in_the_way_is_waited_for_and_then_named(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.close()
    monkeypatch.setattr("cerco.evidence.database.BUSY_MS", 50)
    database = Database(path, SCHEMA, ToyError)
    blocker = apsw.Connection(str(path))
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(ToyError, match="another process") as caught:
        write(database, "one")
    assert caught.value.errno == errno.EBUSY
    blocker.close(force=True)
    write(database, "one")
    assert notes(database) == ["one"]
    database.close()


def test_a_closed_file_stays_closed(database: Database) -> None:
    database.close()
    database.close()
    with pytest.raises(ToyError, match="closed"):
        notes(database)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("INSERT INTO note VALUES (?1), (?1)", id="refused"),
        pytest.param("SELECT text FROM note WHERE text = ?1 AND nothing = 1", id="our own mistake"),
        pytest.param("INSERT INTO note VALUES (CAST(?1 || x'ff' AS TEXT)); SELECT text FROM note", id="no text"),
    ],
)
def test_no_fault_quotes_a_value(database: Database, statement: str) -> None:
    with pytest.raises(ToyError) as caught, database.write() as connection:
        connection.execute(statement, (PLANTED,)).fetchall()
    assert PLANTED not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__


def test_a_log_cut_anywhere_leaves_a_whole_beginning(database: Database, path: Path, tmp_path: Path) -> None:
    wanted = [f"note {number}" for number in range(8)]
    for text in wanted:
        write(database, text)
    log = Path(f"{path}-wal").read_bytes()
    lengths = set()
    for cut in range(0, len(log) + 1, 997):
        folder = tmp_path / str(cut)
        folder.mkdir()
        shutil.copy(path, folder)
        (folder / "toy.db-wal").write_bytes(log[:cut])
        after = Database(folder / "toy.db", SCHEMA, ToyError)
        kept = notes(after)
        assert kept == wanted[: len(kept)]
        write(after, "and on")
        assert notes(after) == [*kept, "and on"]
        lengths.add(len(kept))
        after.close()
    assert lengths >= {0, 3, 7}
