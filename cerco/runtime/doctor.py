"""Look at everything a gate needs, and say what to do about each fault.

In:    `Settings`, and the clock.
Out:   a `Check` for each thing that was looked at.
Never: anything changed, made or sent; a fault that hides the next.
"""

import asyncio
import ctypes
import errno
import os
import pwd
import secrets
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import cerco
from cerco.decide.load import RuleErrors
from cerco.dingtalk.scope import Scope
from cerco.evidence.store import EvidenceStore
from cerco.runtime import authority, gateway
from cerco.runtime.rulebook import Rulebook, load_rulebook
from cerco.runtime.scanners import ScannerError, ScannerPool
from cerco.runtime.settings import MIB, Settings

SUPPORTED: Final = ((3, 12), (3, 13))  # what pyproject.toml allows and the tests run on
EXPIRES_SOON: Final = timedelta(days=60)  # rolling a new certificate out to every device takes weeks
DISK_LOW: Final = 1024 * MIB  # room for about a million records of a kilobyte
DISK_OUT: Final = 64 * MIB
RESOLVE_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 2.0
CLOCK_BEHIND: Final = timedelta(minutes=5)  # file systems and clients disagree by seconds, not by minutes
CONFINED: Final = ("memory-limit", "no-file-writes", "no-new-privileges")  # what every Linux grants to every process
FILES: Final = "no-files"  # what Linux 5.13 and later grants, if Landlock is among its security modules
TIME_ERROR: Final = 5  # adjtimex(2): nothing keeps the clock right


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `remedy` says what to do unless `state` is "ok"."""

    name: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    remedy: str = ""


def examine(settings: Settings, now: datetime) -> Iterator[Check]:
    """Look at one thing after another; a look that itself fails is a failed check, not the end.

    Args:
        settings: as loaded, so with absolute paths.
        now: the time, with its zone.
    """
    book: Rulebook | None = None
    try:
        book = load_rulebook(settings.rules_dir)
    except RuleErrors as errors:
        for line in str(errors).splitlines():
            yield Check("rules", "fail", line, "Correct it, then run: cerco rules check")
    else:
        yield Check("rules", "ok", f"{len(book.rules)} rules, version {book.version}, {settings.rules_dir}")
    looks: list[tuple[str, Callable[[], Iterator[Check]]]] = [
        ("certificate authority", lambda: ca(settings, now)),
        ("site key", lambda: site_key(settings)),
        ("evidence", lambda: evidence(settings)),
        ("disk", lambda: disk(settings)),
        ("clock", lambda: clock(settings, now)),
        ("port", lambda: port(settings)),
    ]
    if book:
        looks += [
            ("scanners", lambda: scanners(settings, book)),
            ("DingTalk names", lambda: names(settings, book.scope)),
        ]
    if settings.transparent:
        looks += [("gateway rules", lambda: gateway_rules(settings)), ("forwarding", lambda: forwarding(settings))]
    for name, look in looks:
        try:
            yield from look()
        except (OSError, RuntimeError, ValueError) as error:
            # The type only: the text could quote what it read.
            problem = f"could not be looked at ({type(error).__name__})"
            yield Check(name, "fail", problem, f"Run this as root or as {settings.gateway.user}.")


def interpreter() -> Check:
    """Look at the Python that runs this."""
    shown = f"Python {sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}, {sys.executable}"
    if sys.version_info[:2] in SUPPORTED:
        return Check("interpreter", "ok", shown)
    wanted = " or ".join(f"{major}.{minor}" for major, minor in SUPPORTED)
    return Check("interpreter", "fail", shown, f"Install Cerco with Python {wanted}.")


def ca(settings: Settings, now: datetime) -> Iterator[Check]:
    """Look at the authority: present, private, valid."""
    name = "certificate authority"
    try:
        certificate = authority.certificate(settings.keys)
    except authority.AuthorityError as error:
        yield Check(name, "fail", str(error), "Make what is missing with: cerco init")
        return
    left = certificate.not_valid_after_utc - now
    if certificate.not_valid_before_utc > now:
        yield Check(name, "fail", "is not valid yet", "Set this machine's clock.")
    elif left <= timedelta():
        yield Check(name, "fail", "has expired", f"Move {settings.keys} away, run cerco init, renew it on all devices.")
    elif left < EXPIRES_SOON:
        yield Check(name, "warn", f"expires in {left.days} days", "Plan a new one, and its way to all devices.")
    else:
        yield Check(name, "ok", f"valid for {left.days} days")
    yield _private(name, settings.keys / authority.CA, settings.gateway.user)
    if (trusted := settings.tls.upstream_ca) and not trusted.is_file():
        yield Check("upstream_ca", "fail", f"{trusted} is missing", "Correct tls.upstream_ca in cerco.yaml.")


def site_key(settings: Settings) -> Iterator[Check]:
    """Look at the key behind the fingerprints."""
    try:
        authority.site_key(settings.keys)
    except authority.AuthorityError as error:
        yield Check("site key", "fail", str(error), "Restore it, or make it with: cerco init")
        return
    yield _private("site key", settings.keys / authority.SITE_KEY, settings.gateway.user)


def evidence(settings: Settings) -> Iterator[Check]:
    """See that the store can be read and its folder written; an empty site has no store yet, and is not given one."""
    folder, path = settings.data, settings.data / "evidence.db"
    if not folder.is_dir():
        yield Check("evidence", "fail", f"{folder} is missing", "Make it with: cerco init")
        return
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        if not path.exists():
            yield Check("evidence", "ok", f"{path} will be made by the first run")
            return
        store = EvidenceStore(path)
        try:
            newest = store.last(1)
        finally:
            store.close()
    except OSError as error:
        problem = f"{error.filename or path}: {error.strerror or type(error).__name__}"
        yield Check("evidence", "fail", problem, f"Let the user {settings.gateway.user} write to {folder}.")
        return
    detail = f"newest record {newest[0].reference}" if newest else "no record yet"
    yield Check("evidence", "ok", f"{path}, {detail}")


def disk(settings: Settings) -> Iterator[Check]:
    """Look at the room that evidence has left; without room, an enforcing gate refuses everything."""
    folder = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    state: Literal["ok", "warn", "fail"] = "ok" if free >= DISK_LOW else "warn" if free >= DISK_OUT else "fail"
    remedy = "" if state == "ok" else "Make room: when it is full, nothing can be recorded and so nothing leaves."
    yield Check("disk", state, f"{free // MIB} MiB free at {folder}", remedy)


def clock(settings: Settings, now: datetime) -> Iterator[Check]:
    """Look for signs that the time in the records would be wrong."""
    files = (Path(cerco.__file__), settings.keys / authority.SITE_KEY, settings.data / "evidence.db")
    newest = max((path.stat().st_mtime for path in files if path.exists()), default=0.0)
    if now.timestamp() < newest - CLOCK_BEHIND.total_seconds():
        yield Check("clock", "fail", "is behind the files on this machine", "Set it: evidence needs the right time.")
    elif not _synchronised():
        yield Check("clock", "warn", "nothing keeps it right", "Install and start chrony or systemd-timesyncd.")
    else:
        yield Check("clock", "ok", f"synchronised, {now.astimezone():%Y-%m-%d %H:%M:%S %Z}")


def port(settings: Settings) -> Iterator[Check]:
    """See whether the gate's port is free, or already the gate's."""
    host, number = settings.listen.host, settings.redirect_port
    shown = f"{host or '*'}:{number}"
    if settings.transparent and (host.startswith("127.") or host in {"::1", "localhost"}):
        yield Check("port", "fail", f"{shown} cannot be reached by clients", 'Set listen.host to "" in cerco.yaml.')
        return
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            yield _taken(settings, shown, error)
            return
    yield Check("port", "ok", f"{shown} is free; the gate is not running")


def scanners(settings: Settings, book: Rulebook) -> Iterator[Check]:
    """Start one scanner; see how it is confined, and what it goes without."""
    limits = settings.limits

    async def held() -> ScannerPool:
        pool = ScannerPool(
            book.rules,
            secrets.token_bytes(32),
            size=1,
            deadline=limits.deadline,
            memory=limits.scanner_memory,
            limits=limits.reading,
            names=limits.names,
        )
        try:
            await pool.start()
            return pool
        finally:
            await pool.close()

    try:
        pool = asyncio.run(held())
    except ScannerError as error:
        yield Check("scanners", "fail", str(error), "Raise limits.scanner_memory, or reinstall Cerco.")
        return
    confinement = pool.confinement
    remedy = "Run the gate under a kernel or container that grants it: files are read less safely without."
    if not {"no-network", "system-call-filter"} & set(confinement):
        yield Check("scanners", "fail", "can reach the network", remedy)
    elif lacking := [name for name in CONFINED if name not in confinement]:
        yield Check("scanners", "warn", f"start, without {', '.join(lacking)}", remedy)
    elif FILES not in confinement:
        remedy = "Run a kernel with Landlock: Linux 5.13 or later, with landlock in /sys/kernel/security/lsm."
        yield Check("scanners", "warn", f"can read the files of {settings.gateway.user}", remedy)
    else:
        yield Check("scanners", "ok", f"start, confined: {', '.join(confinement)}")
    if limits.names:
        for missing in pool.degraded:
            problem, _, remedy = missing.partition(". ")
            yield Check("name models", "warn", problem, remedy)


def names(settings: Settings, scope: Scope) -> Iterator[Check]:
    """See whether DingTalk's names resolve; those that `connect_to` answers for need not."""
    wanted = [name for name in scope.names if settings.dial(name, 443) is None]
    known = [name for name, addresses in gateway.resolve(wanted, RESOLVE_SECONDS).items() if addresses]
    shown = f"{len(known)} of {len(wanted)} resolve"
    if wanted and not known:
        yield Check("DingTalk names", "fail", shown, "Check this machine's DNS and its way to the Internet.")
    else:
        yield Check("DingTalk names", "ok", shown)


def gateway_rules(settings: Settings) -> Iterator[Check]:
    """See whether the firewall sends traffic to the gate."""
    try:
        table = gateway.active()
    except gateway.GatewayError as error:
        yield Check("gateway rules", "warn", str(error), "Run as root: sudo cerco doctor")
        return
    if table is None:
        yield Check("gateway rules", "fail", "are not loaded", "Load them: sudo cerco gateway up")
    elif f"redirect to :{settings.redirect_port}\n" not in table:
        yield Check("gateway rules", "fail", "lead to another port than the gate's", "Reload: sudo cerco gateway up")
    else:
        yield Check("gateway rules", "ok", f"loaded, to port {settings.redirect_port}")


def forwarding(settings: Settings) -> Iterator[Check]:
    """See whether the kernel passes packets on, as a gateway must."""
    for name, value in gateway.forwarding().items():
        if "ipv6" in name and not settings.gateway.ipv6:
            continue
        wanted = gateway.FORWARDING[name]
        if value == wanted:
            yield Check("forwarding", "ok", f"{name} = {value}")
        elif value is None:
            yield Check("forwarding", "warn", f"{name} does not exist here", "Set gateway.ipv6: false in cerco.yaml.")
        else:
            state: Literal["warn", "fail"] = "fail" if name == "net.ipv4.ip_forward" else "warn"
            remedy = f"sudo sysctl -w {name}={wanted}; to keep it, put it in /etc/sysctl.d/cerco.conf"
            yield Check("forwarding", state, f"{name} = {value}", remedy)


def _private(name: str, path: Path, user: str) -> Check:
    """See that a secret is readable to its owner alone, and that its owner is the gate."""
    status = path.stat()
    if stat.S_IMODE(status.st_mode) & 0o077:
        return Check(name, "fail", f"{path} can be read by other users", f"chmod 600 {path}")
    try:
        wanted = pwd.getpwnam(user).pw_uid
    except KeyError:
        return Check(name, "ok", f"{path} is private")
    if status.st_uid not in {wanted, os.geteuid()} or (os.geteuid() == 0 and status.st_uid != wanted):
        return Check(name, "warn", f"{path} does not belong to {user}", f"chown {user} {path}")
    return Check(name, "ok", f"{path} is private")


def _synchronised() -> bool:
    """Ask the kernel whether something keeps its clock right; where it cannot be asked, believe so."""
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(512)  # struct timex is 208 bytes; all zero means "only ask"
    try:
        state: int = libc.adjtimex(buffer)
    except AttributeError:
        return True
    return state != TIME_ERROR


def _taken(settings: Settings, shown: str, error: OSError) -> Check:
    if error.errno == errno.EACCES:
        return Check("port", "fail", f"{shown} is not allowed to this user", "Choose listen.port above 1023.")
    if error.errno == errno.EADDRNOTAVAIL:
        return Check("port", "fail", f"{shown} is no address of this machine", "Correct listen.host in cerco.yaml.")
    if error.errno == errno.EADDRINUSE and _is_gate(settings):
        return Check("port", "ok", f"{shown}: the gate is running")
    remedy = "Stop the program that has it, or choose another listen.port."
    return Check("port", "fail", f"{shown} is in use, and not by the gate", remedy)


def _is_gate(settings: Settings) -> bool:
    """Ask whoever listens for the notice page, which only the gate has."""
    host = settings.notice.host
    request = f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    target = (settings.listen.host or "127.0.0.1", settings.redirect_port)
    answer = b""
    try:
        with socket.create_connection(target, timeout=ANSWER_SECONDS) as connection:
            connection.sendall(request.encode())
            while len(answer) < 65536 and (more := connection.recv(65536)):
                answer += more
    except OSError:
        pass  # what came before the fault may be enough
    return answer.startswith(b"HTTP/1.1 200") and b"Cerco" in answer
