"""What the operator chooses: one file, `cerco.yaml`.

In:    the file's path.
Out:   `Settings`, checked whole, with every path absolute; or every fault with its line.
Never: a setting that is read from anywhere else, or a gate that starts with half of them.
"""

import fnmatch
import json
import re
import textwrap
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

import cerco
from cerco.decide.load import RuleError, RuleErrors, load
from cerco.extract.text import Limits as Reading

KIB: Final = 1024
MIB: Final = 1024 * KIB
UNITS: Final = {"": 1, "b": 1, "kib": KIB, "mib": MIB, "gib": 1024 * MIB, "kb": 1000, "mb": 1000**2, "gb": 1000**3}
_READING: Final = Reading()
# Ways of receiving traffic in which the gate sees requests. mitmproxy's dns and tun modes carry none.
MODES: Final = ("regular", "transparent", "reverse", "upstream", "socks5", "wireguard", "local")


def parse_size(value: object) -> object:
    """Turn "64 MiB", "64MB" or "65536" into bytes; leave anything that is not text to the type check.

    Raises:
        ValueError: text that is not a size.
    """
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"\s*([0-9]+)\s*([A-Za-z]*)\s*", value)
    if found is None or found[2].lower() not in UNITS:
        raise ValueError('should be a size such as "64 MiB" or "500 KB"')
    return int(found[1]) * UNITS[found[2].lower()]


def parse_mode(spec: str) -> str:
    """Accept one of mitmproxy's mode specifications, as far as the gate can work in it.

    Raises:
        ValueError: anything else, with mitmproxy's own reason.
    """
    name = re.split(r"[:@]", spec, maxsplit=1)[0].lower()
    if name not in MODES:
        raise ValueError(f"should start with one of {', '.join(MODES)}")
    if spec not in {"regular", "transparent"}:
        # Only here: reading mitmproxy's modules takes longer than reading the file.
        from mitmproxy.proxy.mode_specs import ProxyMode  # noqa: PLC0415

        ProxyMode.parse(spec)
    return spec


def parse_endpoint(value: str) -> tuple[str, int | None]:
    """Split `host`, `host:port` or `[v6]:port`; the port is None where there is none.

    Raises:
        ValueError: an empty host or a port outside 1-65535.
    """
    found = re.fullmatch(r"(?:\[(?P<v6>[0-9A-Fa-f:.%\w]+)\]|(?P<host>[^:\[\]\s]+))(?::(?P<port>[0-9]{1,5}))?", value)
    if found is None or (found["port"] is not None and not 0 < int(found["port"]) < 65536):
        raise ValueError('should be "host" or "host:port"; write IPv6 addresses in brackets')
    return found["v6"] or found["host"], int(found["port"]) if found["port"] else None


def _endpoint(value: str) -> str:
    parse_endpoint(value)
    return value


Size = Annotated[int, BeforeValidator(parse_size), Field(gt=0)]
Mode = Annotated[str, AfterValidator(parse_mode)]
Endpoint = Annotated[str, AfterValidator(_endpoint)]


class Section(BaseModel):
    """What every section of the file shares: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Listen(Section):
    """Where clients reach the gate."""

    host: str = Field(
        "", description="Address to listen on; empty means every address, which a transparent gateway needs."
    )
    port: int = Field(8080, gt=0, lt=65536, description="TCP port that clients or the firewall send traffic to.")


class Tls(Section):
    """How the gate speaks to DingTalk, and what it does with cleartext."""

    upstream: Literal["prefer", "require"] = Field(
        "prefer",
        description="Towards DingTalk: prefer TLS 1.3 and record what was agreed, or require it and refuse less.",
    )
    cleartext: Literal["upgrade", "refuse"] = Field(
        "upgrade",
        description="Plain HTTP to DingTalk (the default of its official SDKs): upgrade it to TLS, or refuse it.",
    )
    upstream_ca: Path | None = Field(
        None, description="PEM file of authorities to trust for DingTalk instead of the public ones; for laboratories."
    )


class Limits(Section):
    """How much one request may cost before it is refused instead of read."""

    body: Size = Field(
        64 * MIB, description="Largest request body without files that is read; a larger one is refused."
    )
    upload: Size = Field(
        1024 * MIB,
        description="Largest request body that brings files; a larger one is refused. A file in it is read if it fits "
        "into scanner_memory with 64 MiB to spare; else it is reported as too large, and the policy decides.",
    )
    in_memory: Size = Field(
        8 * MIB, description="Request body up to this size that waits for its verdict in memory; a larger one on disk."
    )
    held: Size = Field(
        4096 * MIB,
        description="Disk for all request bodies that wait for their verdict; while it is full, more are refused.",
    )
    inline: Size = Field(
        64 * KIB, description="Message text up to this size is read at once; longer text goes to a scanner process."
    )
    spool: Size = Field(
        2048 * MIB, description="Disk for the encrypted parts of files that arrive in parts, until they are whole."
    )
    spool_hours: float = Field(
        48.0, gt=0, le=720, description="Hours after its last part that an unfinished upload can be taken up again."
    )
    conversation_minutes: float = Field(
        10.0, gt=0, le=1440, description="Minutes for which a message is read together with the one that follows it."
    )
    conversation_window: int = Field(
        400, ge=20, le=10_000, description="Characters of the earlier messages that are looked back over."
    )
    deadline: float = Field(
        20.0, gt=0, le=300, description="Seconds after which a request still being read is refused."
    )
    upload_deadline: float = Field(
        120.0, gt=0, le=3600, description="The same for a request whose body is on disk, or that completes an upload."
    )
    scanners: int = Field(
        2, ge=1, le=64, description="Scanner processes that open files; one per processor core is enough."
    )
    scanner_memory: Size = Field(
        512 * MIB, description="Memory one scanner process may use before its file is given up."
    )
    expanded: Size = Field(
        _READING.expanded,
        description="All that may come out of the archives in a file; past it, the rest is not read.",
    )
    ratio: int = Field(
        _READING.ratio,
        ge=10,
        le=100_000,
        description="Times its size that a packed file may grow to, once it is over 1 MiB.",
    )
    depth: int = Field(
        _READING.depth,
        ge=1,
        le=20,
        description="Files within files that are opened: a zip in a mail in a zip is three deep.",
    )
    entries: int = Field(
        _READING.entries, ge=1, description="Files in all archives of one file, and attachments, that are opened."
    )
    pages: int = Field(_READING.pages, ge=1, description="Pages of the documents in one file that are read.")
    cells: int = Field(_READING.cells, ge=1, description="Cells of the tables in one file that are read.")
    window: Size = Field(
        _READING.window, description="Memory that unpacking one file may ask for; what asks for more is not read."
    )
    ocr: bool = Field(
        True,
        description="Look at pictures and scanned pages for words, QR codes and passports; if false, they are reported "
        "as not read, and the policy decides.",
    )
    names: bool = Field(
        True,
        description="Find names of people by models, too, where they are installed (cerco[names]); if false, by lists "
        "and titles alone, and records say so.",
    )
    pictures: int = Field(
        _READING.pictures, ge=1, description="Pictures and scanned pages in one file that are looked at."
    )
    ocr_seconds: float = Field(
        _READING.ocr_seconds,
        gt=0,
        le=300,
        description="Seconds for looking at the pictures in one file; then the rest is not read. Less than deadline.",
    )
    pixels: int = Field(
        _READING.pixels, ge=1, description="Pixels of the largest picture that is looked at; each takes 3 bytes."
    )

    @property
    def longest(self) -> float:
        """Return the seconds after which any request still being read is refused."""
        return max(self.deadline, self.upload_deadline)

    @property
    def reading(self) -> Reading:
        """Return how far the readers of files may go."""
        return Reading(
            expanded=self.expanded,
            ratio=self.ratio,
            depth=self.depth,
            entries=self.entries,
            pages=self.pages,
            cells=self.cells,
            window=self.window,
            pictures=self.pictures if self.ocr else 0,
            pixels=self.pixels,
            ocr_seconds=self.ocr_seconds,
        )


class Notice(Section):
    """What a refused sender can look up."""

    host: str = Field("notice.cerco.internal", description="Name under which the gate itself serves the notice pages.")
    company: str | None = Field(
        None, description="The company's name and address, as the privacy notice gives whoever is responsible."
    )
    contact: str | None = Field(
        None, description='Whom a refused sender should ask, shown on the notice page: "IT help desk, ext. 1200".'
    )
    share: str | None = Field(
        None, description="Where colleagues may put such data instead: the address of an internal share, or its name."
    )
    policy: str | None = Field(
        None, pattern=r"^https?://", description="Address of the company's own rules on personal data."
    )
    retention: str | None = Field(
        None, description='How long records are kept, as the privacy notice says it: "five years".'
    )
    readers: Literal["sender", "anyone"] = Field(
        "sender",
        description="Who may read a notice and give a reason: the device that sent, by its address, or anyone who has "
        "the reference; the latter where one device has several addresses (IPv4 and IPv6).",
    )
    in_page: bool = Field(
        True, description="Show notices in DingTalk's own web pages too, by a script that the gate adds to them."
    )


class Gateway(Section):
    """What `cerco gateway up` tells the firewall of a transparent gateway."""

    interface: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@-]{1,15}\*?$")]] = Field(
        [], description="Interfaces that clients are behind; empty means every interface except loopback."
    )
    ipv6: bool = Field(
        True, description="Redirect IPv6 too; if false, IPv6 web traffic is rejected so that clients fall back to IPv4."
    )
    quic: Literal["dingtalk", "all", "off"] = Field(
        "dingtalk",
        description="Reject QUIC so that clients use TCP: to DingTalk's addresses, to all, or off to let it by.",
    )
    user: str = Field("cerco", description="System user that the gate runs as and that owns its keys and data.")


class Telemetry(Section):
    """Where figures about the gate's work go; they never hold content."""

    otlp_endpoint: str | None = Field(
        None,
        pattern=r"^https?://",
        description='OpenTelemetry collector, such as "http://collector.example:4318"; empty sends nothing.',
    )
    otlp_headers: dict[str, str] = Field({}, repr=False, description="Headers sent with them, such as an access token.")


class Recording(Section):
    """What is kept of requests, encrypted and without content, so that `cerco rules simulate` can try other rules."""

    enabled: bool = Field(True, description="Keep it; if false, other rules can only be tried on files of your own.")
    days: float = Field(30.0, gt=0, le=366, description="Days for which it is kept.")
    most: Size = Field(512 * MIB, description="Disk for it; what is oldest makes room.")


class Settings(Section):
    """Everything in `cerco.yaml`. Sizes in bytes, times in seconds, paths absolute once loaded from a file."""

    mode: list[Mode] = Field(
        ["regular"],
        min_length=1,
        description="How traffic arrives, in mitmproxy's names: regular (clients are set up), transparent, wireguard…",
    )
    listen: Listen = Listen()
    enforcement: Literal["enforce", "observe"] = Field(
        "enforce", description="enforce carries verdicts out; observe only records what would have happened."
    )
    rules: Path | None = Field(
        None, description="Folder with your own rules; empty uses the rules that come with Cerco."
    )
    data: Path = Field(Path("data"), description="Folder for the evidence store and the upload ledger.")
    keys: Path = Field(
        Path("keys"), description="Folder for the site key and the certificate authority; keep it private."
    )
    tls: Tls = Tls()
    limits: Limits = Limits()
    notice: Notice = Notice()
    gateway: Gateway = Gateway()
    connect_to: dict[Endpoint, Endpoint] = Field(
        {},
        description='Dial these instead, first match wins: {"*.dingtalk.com:443": "10.0.0.5:8443"}; for split DNS.',
    )
    telemetry: Telemetry = Telemetry()
    recording: Recording = Recording()

    @property
    def rules_dir(self) -> Path:
        """Return the rules folder in force: the operator's, or the one that is shipped."""
        return self.rules or packaged_rules()

    @property
    def enforces(self) -> bool:
        """Tell whether verdicts are carried out."""
        return self.enforcement == "enforce"

    @property
    def transparent(self) -> bool:
        """Tell whether traffic is meant to arrive through the firewall's redirect."""
        return any(re.split(r"[:@]", spec, maxsplit=1)[0].lower() == "transparent" for spec in self.mode)

    @property
    def redirect_port(self) -> int:
        """Return the port the firewall redirects to: the transparent mode's own, else `listen.port`."""
        for spec in self.mode:
            if found := re.fullmatch(r"transparent@(?:.*:)?([0-9]+)", spec, re.IGNORECASE):
                return int(found[1])
        return self.listen.port

    def dial(self, host: str, port: int) -> tuple[str, int] | None:
        """Return the address and port to connect to instead of `host:port`, or None where `connect_to` says nothing.

        Patterns match like file names and without regard to case; without a port they match every port. An address
        without a port keeps the port.
        """
        wanted = host.rstrip(".").lower()
        for pattern, target in self.connect_to.items():
            name, only = parse_endpoint(pattern)
            if fnmatch.fnmatchcase(wanted, name.lower()) and only in {None, port}:
                address, other = parse_endpoint(target)
                return address, other or port
        return None


def packaged_rules() -> Path:
    """Return the rules that come with Cerco: inside the installed package, or beside it in a checkout."""
    package = Path(cerco.__file__).parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load_settings(path: Path) -> Settings:
    """Read `cerco.yaml`; relative paths in it count from the file's own folder.

    Raises:
        RuleErrors: with every fault of the file, each with its line.
    """
    try:
        settings = load(path.read_text("utf-8"), str(path), Settings)
    except (OSError, UnicodeDecodeError) as error:
        problem = f"cannot be read ({type(error).__name__})"
        remedy = "Check the path and its permissions, and save it as UTF-8."
        raise RuleErrors([RuleError(str(path), 1, path.stem, "", problem, remedy)]) from None
    return anchored(settings, path.absolute().parent)


def anchored(settings: Settings, folder: Path) -> Settings:
    """Return the settings with every relative path made absolute from `folder`."""
    ca = settings.tls.upstream_ca
    return settings.model_copy(
        update={
            "data": folder / settings.data,
            "keys": folder / settings.keys,
            "rules": settings.rules and folder / settings.rules,
            "tls": settings.tls.model_copy(update={"upstream_ca": ca and folder / ca}),
        }
    )


def template(settings: Settings | None = None) -> str:
    """Return a commented `cerco.yaml`: every setting, its sentence and its value; the defaults if None is given."""
    head = [
        "# Settings of the Cerco gate. Every setting is here: change what you need; what you delete has its default.",
        '# Relative paths count from this file\'s folder. Sizes may be written as "64 MiB". Check with: cerco doctor',
    ]
    return "\n".join([*head, *_section(settings or Settings(), "")]) + "\n"


def _section(section: Section, indent: str) -> list[str]:
    """Render one section, one blank line before each entry of the outermost."""
    lines: list[str] = []
    for name, info in type(section).model_fields.items():
        value = getattr(section, name)
        if not indent:
            lines.append("")
        sentence = info.description or type(value).__doc__ or ""  # a section's sentence is its docstring
        lines += textwrap.wrap(sentence, 110, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")
        if isinstance(value, Section):
            lines += [f"{indent}{name}:", *_section(value, indent + "  ")]
        else:
            lines.append(f"{indent}{name}: {_scalar(value, size=_is_size(info))}".rstrip())
    return lines


def _is_size(info: FieldInfo) -> bool:
    return any(isinstance(entry, BeforeValidator) and entry.func is parse_size for entry in info.metadata)


def _scalar(value: object, *, size: bool) -> str:
    """Render one value as YAML; what JSON can say, YAML reads alike."""
    if value is None:
        return ""
    if isinstance(value, int) and size:
        unit, name = next(((unit, name) for unit, name in ((MIB, " MiB"), (KIB, " KiB")) if value % unit == 0), (1, ""))
        return f"{value // unit}{name}"
    if isinstance(value, str | Path) and re.fullmatch(r"[A-Za-z./_][A-Za-z0-9./_-]*", str(value)):
        return str(value)
    return json.dumps(value if isinstance(value, bool | int | float | list | dict) else str(value), ensure_ascii=False)
