"""Keep one private SQLite file whose commits survive a power cut and which several processes share.

In:    a path and the schema the file must have.
Out:   connections inside a transaction; every fault as the one error type the caller asked for.
Never: a value bound to a statement in an error; a file that others on the machine can read.
"""

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import apsw

# How long a writer waits for another process's commit. A commit is one disk flush, so seconds mean a sick disk.
BUSY_MS = 5_000
# What the write-ahead log is cut back to after a burst.
LOG_BYTES = 64 * 1024 * 1024

# What SQLite calls a fault, what the system calls it, and what an operator can do about it.
_DAMAGED = "the file is damaged; keep it, and move it away to start a new one"
_FAULTS: tuple[tuple[type[Exception], int, str], ...] = (
    (apsw.FullError, errno.ENOSPC, "the disk is full; free some space"),
    (apsw.ReadOnlyError, errno.EROFS, "the file or its folder is read-only; make it writable"),
    (apsw.CantOpenError, errno.EACCES, "the file cannot be opened; check the folder and its owner"),
    (apsw.BusyError, errno.EBUSY, "another process holds the file; find out which and stop it"),
    (apsw.CorruptError, errno.EIO, _DAMAGED),
    (UnicodeDecodeError, errno.EIO, _DAMAGED),  # a text that is none; the error itself would quote all of it
    (apsw.NotADBError, errno.EIO, "the file is not a database; move it away to start a new one"),
    (apsw.ConstraintError, errno.EINVAL, "the file refused the change"),
)


@dataclass(frozen=True, slots=True)
class Schema:
    """What a file of one kind looks like inside, to the letter."""

    application: int  # SQLite's application_id: tells our files from each other and from anyone else's
    version: int  # SQLite's user_version
    statements: tuple[str, ...]
    durable: bool = True  # a commit waits for the disk; without it, a power cut may take the last ones back


class Database:
    """One file, one connection, one lock; safe to share between threads and between processes.

    A fault closes the connection and the next use opens it again, so a disk that recovers needs no restart. A file that
    is moved away or replaced while in use is not made anew: only a restart does that.
    The file is made 0600, and SQLite gives its two side files the mode of the first.
    """

    def __init__(self, path: Path, schema: Schema, fault: type[OSError]) -> None:
        self._path = path
        self._schema = schema
        self._fault = fault
        self._lock = threading.Lock()
        self._connection: apsw.Connection | None = None
        self._identity: tuple[int, int] | None = None  # device and inode of the file once opened
        self._closed = False
        with self.read():
            pass  # a file that cannot be used is found when the process starts, not at the first request

    @contextmanager
    def write(self) -> Iterator[apsw.Connection]:
        """Hold the file's write lock; what was done is on disk when the block has ended, and undone if it raised."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[apsw.Connection]:
        """See the file as it is at one moment."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def read_aside(self) -> Iterator[apsw.Connection]:
        """See the file as it is at one moment, on a connection of its own: for long readings, so that nobody waits."""
        connection = None
        try:
            connection = apsw.Connection(str(self._path), flags=apsw.SQLITE_OPEN_READONLY)
            connection.set_busy_timeout(BUSY_MS)
            connection.execute("BEGIN")
            yield connection
        except (apsw.Error, UnicodeDecodeError) as error:
            raise self._named(error) from None
        finally:
            if connection is not None:
                connection.close(force=True)

    def close(self) -> None:
        """Let go of the file for good; later uses raise."""
        with self._lock:
            self._closed = True
            self._drop()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[apsw.Connection]:
        with self._lock:
            try:
                connection = self._open()
                connection.execute(begin)
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                self._drop()  # closing undoes whatever was not committed
                if isinstance(error, apsw.Error | UnicodeDecodeError):
                    raise self._named(error) from None
                raise

    def _open(self) -> apsw.Connection:
        if self._closed:
            raise self._fault(errno.EBADF, "it was closed", str(self._path))
        if self._identity is not None and _identity(self._path) != self._identity:
            # What is written to a file without a name is found by nobody. Nor may a new one be made beside it: as long
            # as any process has the old file open, the two would share a log, and SQLite would spoil both.
            raise self._fault(errno.ESTALE, "it was moved or removed while in use; put it back", str(self._path))
        if self._connection is not None:
            return self._connection
        with self._system_faults("it cannot be created"):
            _create_private(self._path)
        connection = apsw.Connection(str(self._path), flags=apsw.SQLITE_OPEN_READWRITE)
        self._connection = connection
        connection.set_busy_timeout(BUSY_MS)
        connection.execute("PRAGMA trusted_schema=OFF; PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON")
        self._adopt(connection)
        self._identity = _identity(self._path)
        return connection

    def _adopt(self, connection: apsw.Connection) -> None:
        """Make the file what the schema says if it is empty; otherwise insist that it is."""
        if connection.pragma("application_id") == 0:
            connection.execute("BEGIN EXCLUSIVE")
            if connection.execute("SELECT count(*) FROM sqlite_schema").get == 0:
                for statement in self._schema.statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id={self._schema.application}")
                connection.execute(f"PRAGMA user_version={self._schema.version}")
            connection.execute("COMMIT")
        if connection.pragma("application_id") != self._schema.application:
            raise self._fault(errno.EINVAL, "it is a file of another kind; move it away", str(self._path))
        if connection.pragma("user_version") != self._schema.version:
            raise self._fault(errno.EINVAL, "it was written by another release of Cerco", str(self._path))
        ours = "SELECT sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'"
        found = {sql for (sql,) in connection.execute(ours)}
        if found != set(self._schema.statements):
            raise self._fault(errno.EINVAL, "its tables or triggers were altered; keep it as evidence", str(self._path))
        with self._system_faults("it cannot be closed to other users"):
            _close_to_others(self._path)
        if connection.pragma("journal_mode", "wal") != "wal":
            raise self._fault(errno.ENOTSUP, "processes cannot share it here; use a local disk", str(self._path))
        # FULL flushes the log at every commit: with NORMAL a power cut may take the last commits back.
        flush = "FULL" if self._schema.durable else "NORMAL"
        connection.execute(f"PRAGMA synchronous={flush}; PRAGMA journal_size_limit={LOG_BYTES}")

    @contextmanager
    def _system_faults(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            number = error.errno or errno.EIO
            raise self._fault(number, f"{what}: {os.strerror(number)}", str(self._path)) from None

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(apsw.Error):
                connection.close(force=True)

    def _named(self, error: Exception) -> OSError:
        for kind, number, remedy in _FAULTS:
            if isinstance(error, kind):
                return self._fault(number, remedy, str(self._path))
        return self._fault(errno.EIO, f"the disk or the file failed ({type(error).__name__})", str(self._path))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _create_private(path: Path) -> None:
    """Make an empty 0600 file whose folder entry is on disk, unless there is one.

    That one is not opened here: closing it again would release SQLite's locks on it.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return
    os.close(handle)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _close_to_others(path: Path) -> None:
    """Set the mode of the file and its side files to 0600 where it is looser."""
    for suffix in ("", "-wal", "-shm"):
        file = Path(f"{path}{suffix}")
        with suppress(FileNotFoundError):  # a side file goes when the last process closes
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)
