"""What a scanner process gives up is really gone."""

import ctypes
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from cerco.runtime.confine import address_space

NOBODY = pwd.getpwnam("nobody")
PROBE = """
import os, socket, sys, time
from cerco.runtime.confine import confine, disconnect, isolate, limit_cpu
user = int(sys.argv[1])
if user:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
secret, own, target = sys.argv[2:5]
held = disconnect() + isolate()
def branch():
    pid = os.fork()
    if pid: return pid
    os.closerange(0, 3)
    time.sleep(10)
    os._exit(0)
sibling = branch()
held += confine(64 * 1024 * 1024)
def read(): return open(secret).read()
def own_file(): return open(own).read()
def public_file(): return open("/etc/passwd").read()
def library(): return open(os.__file__).read()
def list_root(): return os.listdir("/")
def look_around(): return os.listdir("/proc")
def remove(): os.unlink(own)
def rename(): os.rename(own, own + "2")
def change(): os.truncate(own, 0)
def chance(): return open("/dev/urandom", "rb").read(1)
def end(): os.kill(sibling, 0)
def write(): os.write(os.open(target, os.O_CREAT | os.O_WRONLY), b"x")
def connect(): socket.socket(socket.AF_INET).connect(("127.0.0.1", 9))
def execute(): os.execv("/bin/true", ["true"])
def fork(): os.fork() or os._exit(0)
def remember(): bytearray(128 * 1024 * 1024)
def work(): bytearray(16 * 1024 * 1024)
print(*held)
attempts = (own_file, public_file, library, list_root, look_around, remove, rename, change, chance, end)
for attempt in (*attempts, read, write, connect, execute, fork, remember, work):
    try:
        attempt()
        print(attempt.__name__, "done")
    except (OSError, MemoryError) as fault:
        print(attempt.__name__, type(fault).__name__)
sys.stdout.flush()
limit_cpu(0.5)
while True: pass
"""


def probe(user: int, folder: Path) -> tuple[list[str], dict[str, str], int]:
    secret = folder / "secret"
    secret.write_text("for root")
    secret.chmod(0o600)
    own = folder / "own"  # as the gate's key belongs to the user of the gate
    own.write_text("for this user")
    own.chmod(0o600)
    if user:
        os.chown(own, user, user)
    else:
        os.chown(own, NOBODY.pw_uid, NOBODY.pw_gid)
    folder.chmod(0o777)
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(user), str(secret), str(own), str(folder / "target")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = done.stdout.splitlines()
    return lines[0].split(), dict(line.split() for line in lines[1:]), done.returncode


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: only root can become nobody")
@pytest.mark.parametrize("user", [0, 12_345], ids=["from-root", "from-a-user"])
def test_nothing_but_reading_is_left(user: int, tmp_path: Path) -> None:
    for parent in (tmp_path, *list(tmp_path.parents)[:2]):
        parent.chmod(0o755)
    held, attempts, code = probe(user, tmp_path)
    assert {"memory-limit", "no-file-writes", "no-core-dumps", "dies-with-gate", "no-new-privileges"} <= set(held)
    assert attempts["read"] == "PermissionError"
    if "no-files" in held:
        taken = (
            "own_file",
            "public_file",
            "library",
            "list_root",
            "look_around",
            "remove",
            "rename",
            "change",
            "write",
        )
        assert {attempts[name] for name in taken} == {"PermissionError"}
        assert (tmp_path / "own").read_text() == "for this user"
        if ctypes.CDLL(None).syscall(444, None, 0, 1) >= 6:  # the version of Landlock
            assert attempts["end"] == "PermissionError"
    else:
        assert attempts["write"] == "OSError"
    assert attempts["chance"] == "done"
    assert attempts["execute"] == "PermissionError" or "system-call-filter" not in held
    assert attempts["fork"] == "BlockingIOError"
    assert attempts["remember"] == "MemoryError"
    assert attempts["work"] == "done"
    assert code == -24  # SIGXCPU
    if {"no-network", "system-call-filter"} & set(held):
        assert attempts["connect"] in {"PermissionError", "OSError"}
    target = tmp_path / "target"
    assert not target.exists() or target.stat().st_size == 0


def test_the_address_space_is_measured_in_bytes() -> None:
    assert 1024 * 1024 < address_space() < 1 << 47
