"""Run mitmproxy with the gate's addons, and with as little else as it needs.

In:    `Settings`, a rulebook, and a function that makes the addons.
Out:   an exit code, when a signal ends the run.
Never: a listening port before the rules are loaded and the scanners warm; a message of mitmproxy's that may quote
       content in the log.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence

from mitmproxy import ctx, exceptions
from mitmproxy.addons import (
    block,
    core,
    disable_h2c,
    dns_resolver,
    errorcheck,
    proxyauth,
    proxyserver,
    strip_dns_https_records,
    tlsconfig,
    upstream_auth,
)
from mitmproxy.master import Master
from mitmproxy.options import Options

from cerco.runtime.faults import describe
from cerco.runtime.gate import Gate
from cerco.runtime.opening import open_gate
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.settings import Settings

log = logging.getLogger("cerco")

# mitmproxy's messages may quote requests ("invalid header …"). Those of these loggers speak of ports and modes only.
QUOTES_NOTHING = ("mitmproxy.proxy.mode_servers", "mitmproxy.addons.proxyserver", "mitmproxy.addons.errorcheck")


def serve(
    settings: Settings,
    rulebook: Rulebook,
    make_addons: Callable[[Gate], list[object]],
    *,
    options: Sequence[str] = (),
) -> int:
    """Run the gate until SIGINT or SIGTERM.

    Args:
        settings: as read from cerco.yaml.
        rulebook: the rules, already loaded whole.
        make_addons: makes the gate's addons, in order.
        options: further mitmproxy options, each "name=value".

    Returns:
        0 after a signal, 2 if an option is refused, 1 if the proxy could not start.
    """
    _log_to_stderr()
    return asyncio.run(_serve(settings, rulebook, make_addons, options))


async def _serve(
    settings: Settings, rulebook: Rulebook, make_addons: Callable[[Gate], list[object]], options: Sequence[str]
) -> int:
    async with open_gate(settings, rulebook) as gate:
        master = Master(Options(), with_termlog=False)
        try:
            master.addons.add(*_mitmproxy_addons(), *make_addons(gate), Announcer(settings), errorcheck.ErrorCheck())
            master.options.update(**_options(settings))
            master.options.set(*options)
        except (exceptions.OptionsError, ValueError) as error:
            print(f"cerco run: {error}", file=sys.stderr)  # noqa: T201 - the one line an operator reads
            return 2
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, master.shutdown)
        try:
            await master.run()
        except SystemExit:
            return 1  # mitmproxy has logged why: a port in use, a mode it does not know
    return 0


def _mitmproxy_addons() -> list[object]:
    """Return mitmproxy's own addons that a gate needs; the fewer there are, the faster every hook."""
    return [
        core.Core(),
        block.Block(),
        strip_dns_https_records.StripDnsHttpsRecords(),
        disable_h2c.DisableH2C(),
        proxyauth.ProxyAuth(),
        proxyserver.Proxyserver(),
        dns_resolver.DnsResolver(),
        TlsConfig(),
        upstream_auth.UpstreamAuth(),
    ]


def _options(settings: Settings) -> dict[str, object]:
    """Return mitmproxy's options as the settings say."""
    return {
        "mode": list(settings.mode),
        "listen_host": settings.listen.host,
        "listen_port": settings.listen.port,
        "confdir": str(settings.keys),
        "connection_strategy": "lazy",
        "upstream_cert": False,
        "http3": False,
        "block_global": False,
        "ssl_verify_upstream_trusted_ca": str(settings.tls.upstream_ca) if settings.tls.upstream_ca else None,
        "tls_version_client_min": "TLS1_2",
        "tls_version_server_min": "TLS1_3" if settings.tls.upstream == "require" else "TLS1_2",
    }


class TlsConfig(tlsconfig.TlsConfig):
    """mitmproxy's own, less one probe: it tries SSL 3, on which OpenSSL 3 raises, and the gate would not start."""

    def _warn_unsupported_version(self, attribute: str, warn_unbound: bool) -> None:
        """Do nothing: the gate asks for TLS 1.2 and 1.3, which every supported OpenSSL speaks."""


class Announcer:
    """Says when the gate listens, and where."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def running(self) -> None:
        """Name the addresses, the modes, and whether verdicts are carried out."""
        addresses = ctx.master.addons.get("proxyserver").listen_addrs()
        where = ", ".join(sorted({f"{address[0]}:{address[1]}" for address in addresses}))
        log.info("listening at %s, mode %s, %s", where, " ".join(self._settings.mode), self._settings.enforcement)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(_quotes_nothing)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    log.setLevel(logging.INFO)
    logging.getLogger("mitmproxy").setLevel(logging.WARNING)


def _quotes_nothing(record: logging.LogRecord) -> bool:
    """Blank messages that may quote what a client sent; their place in the code is enough to look them up."""
    if record.name != "cerco" and record.name not in QUOTES_NOTHING:
        fault = record.exc_info[1] if record.exc_info else None
        record.msg = f"at {record.filename}:{record.lineno}" + (f": {describe(fault)}" if fault else "")
        record.args = ()
        record.exc_info = record.exc_text = None
    return True
