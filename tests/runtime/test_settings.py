from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from pydantic import BaseModel

import cerco
from cerco.decide.load import RuleError, RuleErrors, load
from cerco.extract.text import Limits as Reading
from cerco.runtime.settings import (
    MIB,
    Section,
    Settings,
    anchored,
    load_settings,
    packaged_rules,
    parse_endpoint,
    parse_mode,
    parse_size,
    template,
)


def written(folder: Path, text: str) -> Path:
    path = folder / "cerco.yaml"
    path.write_text(text, "utf-8")
    return path


def faults(errors: RuleErrors) -> list[RuleError]:
    return [fault for fault in errors.exceptions if isinstance(fault, RuleError)]


def sentences(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, str]]:
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield path + name, kind.__doc__ or ""
            yield from sentences(kind, f"{path}{name}.")
        else:
            yield path + name, info.description or ""


def test_the_template_loads_back_to_the_defaults() -> None:
    assert load(template(), "cerco.yaml", Settings) == Settings()


def test_the_template_keeps_values_that_are_not_the_default() -> None:
    changed = Settings.model_validate(
        {
            "mode": ["transparent@8443", "regular"],
            "rules": "/srv/客戶 rules",
            "limits": {"body": 1000, "inline": 96 * 1024},
            "notice": {"contact": 'The "help" desk: ext. 1200 # day'},
            "gateway": {"interface": ["br0", "eth1.7"], "quic": "off", "ipv6": False},
            "connect_to": {"*.dingtalk.com:443": "[::1]:8443"},
            "telemetry": {"otlp_endpoint": "http://127.0.0.1:4318", "otlp_headers": {"x-token": "no"}},
        }
    )
    assert load(template(changed), "cerco.yaml", Settings) == changed


@pytest.mark.parametrize(("name", "sentence"), list(sentences(Settings)), ids=lambda value: str(value)[:30])
def test_every_setting_has_a_sentence_and_stands_in_the_template(name: str, sentence: str) -> None:
    assert sentence.strip().endswith((".", "…", '".')), name
    assert f"{name.rpartition('.')[2]}:" in template()


def test_every_limit_on_reading_can_be_set() -> None:
    internal = {"piece"}  # how texts are handed on; it limits nothing
    values = {field.name: 20 + place for place, field in enumerate(fields(Reading)) if field.name not in internal}
    chosen = Settings.model_validate({"limits": values | {"depth": 7}}).limits.reading
    assert asdict(chosen) == asdict(Reading()) | values | {"depth": 7}


def test_a_site_that_wants_no_pictures_looked_at_says_so() -> None:
    assert Settings.model_validate({"limits": {"ocr": False, "pictures": 9}}).limits.reading.pictures == 0


def test_relative_paths_count_from_the_files_folder(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, "rules: own\ndata: /var/lib/x\ntls: {upstream_ca: lab/ca.pem}\n"))
    assert settings.rules == settings.rules_dir == tmp_path / "own"
    assert settings.data == Path("/var/lib/x")
    assert settings.keys == tmp_path / "keys"
    assert settings.tls.upstream_ca == tmp_path / "lab/ca.pem"


def test_an_unset_path_stays_unset(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, "rules:\ntls: {upstream_ca: }\n"))
    assert settings.rules is None
    assert settings.tls.upstream_ca is None
    assert settings.rules_dir == packaged_rules()


@pytest.mark.parametrize(
    ("text", "line", "field", "says"),
    [
        pytest.param("mode: [regular]\nlimits:\n  body: 64 MiBs\n", 3, "limits.body", "size", id="unknown unit"),
        pytest.param("limits:\n  body: 0\n", 2, "limits.body", "", id="size of nothing"),
        pytest.param("mode: [dns]\n", 1, "mode[0]", "regular", id="mode in which nothing can be read"),
        pytest.param("mode: ['reverse:']\n", 1, "mode[0]", "", id="reverse without a target"),
        pytest.param("mode: []\n", 1, "mode", "", id="no mode at all"),
        pytest.param("listen:\n  port: 70000\n", 2, "listen.port", "", id="port too high"),
        pytest.param("listen:\n  prot: 8080\n", 2, "listen", "port", id="misspelt setting"),
        pytest.param("enforcement: enforced\n", 1, "enforcement", "observe", id="unknown enforcement"),
        pytest.param(
            "gateway:\n  interface: ['br0; drop']\n",
            2,
            "gateway.interface[0]",
            "",
            id="no nft in a name",
        ),
        pytest.param("connect_to:\n  'a:b:c': 'x'\n", 2, "connect_to", "host:port", id="address without brackets"),
        pytest.param("telemetry:\n  otlp_endpoint: collector:4318\n", 2, "telemetry.otlp_endpoint", "", id="no scheme"),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path: Path, text: str, line: int, field: str, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(RuleErrors) as caught:
        load_settings(path)
    (fault,) = faults(caught.value)
    assert (fault.file, fault.line) == (str(path), line)
    assert field in f"{fault.where}: {fault.field}"
    assert says in str(fault)
    assert fault.remedy


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(RuleErrors) as caught:
        load_settings(written(tmp_path, "enforcement: maybe\nlisten: {port: x}\nnonsense: 1\n"))
    assert [fault.line for fault in faults(caught.value)] == [1, 2, 3]


def test_a_file_that_is_not_there_is_one_clear_fault(tmp_path: Path) -> None:
    with pytest.raises(RuleErrors) as caught:
        load_settings(tmp_path / "cerco.yaml")
    assert "cannot be read (FileNotFoundError)" in str(caught.value)


def test_a_file_that_is_not_utf8_is_one_clear_fault(tmp_path: Path) -> None:
    path = tmp_path / "cerco.yaml"
    path.write_bytes("notice: {contact: 資訊部}".encode("big5"))
    with pytest.raises(RuleErrors) as caught:
        load_settings(path)
    assert "UTF-8" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "size"),
    [("1", 1), ("64 MiB", 64 * MIB), ("64mib", 64 * MIB), (" 500 KB ", 500_000), ("1 GiB", 1024 * MIB), ("10 b", 10)],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MiB", "-1", "1.5 MiB", "1 TiB", "1 000", "0x10"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="size"):
        parse_size(text)


@pytest.mark.parametrize(
    "spec", ["regular", "transparent@8081", "reverse:https://oapi.dingtalk.com", "wireguard", "socks5"]
)
def test_modes_the_gate_can_work_in(spec: str) -> None:
    assert parse_mode(spec) == spec


@pytest.mark.parametrize("spec", ["dns", "tun", "regularly", "reverse:", "regular@70000", ""])
def test_modes_the_gate_cannot_work_in(spec: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_mode(spec)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("10.0.0.5", ("10.0.0.5", None)),
        ("*.dingtalk.com:443", ("*.dingtalk.com", 443)),
        ("[::1]:8443", ("::1", 8443)),
        ("[fe80::1]", ("fe80::1", None)),
    ],
)
def test_endpoints_are_split(text: str, parts: tuple[str, int | None]) -> None:
    assert parse_endpoint(text) == parts


@pytest.mark.parametrize("text", ["", ":443", "::1", "host:", "host:0", "host:65536", "a b:1"])
def test_what_is_no_endpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        parse_endpoint(text)


DIAL = Settings(
    connect_to={"*.dingtalk.com:443": "127.0.0.1:8443", "oapi.dingtalk.com": "10.1.1.1", "*:80": "[::1]:8080"}
)


@pytest.mark.parametrize(
    ("host", "port", "target"),
    [
        pytest.param("api.dingtalk.com", 443, ("127.0.0.1", 8443), id="pattern and port"),
        pytest.param("API.DingTalk.com.", 443, ("127.0.0.1", 8443), id="case and trailing dot"),
        pytest.param("oapi.dingtalk.com", 8443, ("10.1.1.1", 8443), id="no port keeps the port"),
        pytest.param("oapi.dingtalk.com", 443, ("127.0.0.1", 8443), id="first match wins"),
        pytest.param("example.com", 80, ("::1", 8080), id="any host on a port"),
        pytest.param("example.com", 443, None, id="nothing said"),
        pytest.param("dingtalk.com", 443, None, id="the wildcard needs its dot"),
    ],
)
def test_connections_are_redirected(host: str, port: int, target: tuple[str, int] | None) -> None:
    assert DIAL.dial(host, port) == target


@pytest.mark.parametrize(
    ("mode", "transparent", "port"),
    [
        (["regular"], False, 8080),
        (["transparent"], True, 8080),
        (["regular", "transparent@8081"], True, 8081),
        (["transparent@0.0.0.0:8082"], True, 8082),
        (["regular@9000"], False, 8080),
    ],
)
def test_the_redirect_goes_to_the_transparent_port(mode: list[str], transparent: bool, port: int) -> None:
    settings = Settings(mode=mode)
    assert (settings.transparent, settings.redirect_port) == (transparent, port)


def test_the_shipped_rules_are_found() -> None:
    assert packaged_rules().name == "rules"
    assert (packaged_rules().parent / "cerco").is_dir()


def test_rules_inside_the_package_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cerco" / "rules").mkdir(parents=True)
    monkeypatch.setattr(cerco, "__file__", str(tmp_path / "cerco" / "__init__.py"))
    assert packaged_rules() == tmp_path / "cerco" / "rules"


def test_secrets_are_not_shown() -> None:
    settings = Settings.model_validate({"telemetry": {"otlp_headers": {"authorization": "Bearer s3cr3t"}}})
    assert "s3cr3t" not in repr(settings)


def test_anchoring_leaves_the_rest_alone() -> None:
    settings = Settings(mode=["transparent"])
    moved = anchored(settings, Path("/etc/cerco"))
    assert moved.model_dump(exclude={"data", "keys"}) == settings.model_dump(exclude={"data", "keys"})
    assert moved.data == Path("/etc/cerco/data")
