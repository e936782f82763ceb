"""`cerco run`: the gate itself.

In:    the settings, and what the command line changes in them for this run.
Out:   a running gate, until it is told to stop; its exit code.
Never: a port opened before settings and rules are known to be whole.
"""

import re
import sys
from pathlib import Path

import click

from cerco.cli import Fault
from cerco.cli.console import config_option, settings_of
from cerco.runtime.settings import Settings, parse_endpoint, parse_mode

EXAMPLES = """\b
Examples:
  cerco run
  cerco run --mode transparent --observe
  cerco run --config /etc/cerco/cerco.yaml --listen 127.0.0.1:8080
  cerco run --set proxyauth=user:password"""


def _modes(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> list[str]:
    try:
        return [parse_mode(value) for value in values]
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _listen(_context: click.Context, _parameter: click.Parameter, value: str | None) -> dict[str, object]:
    """Read "8080", ":8080", "host" or "host:8080" as the settings' `listen`."""
    if value is None:
        return {}
    if (found := re.fullmatch(r":?([0-9]{1,5})", value)) and 0 < int(found[1]) < 65536:
        return {"port": int(found[1])}
    if value.lstrip(":").isdecimal():
        raise click.BadParameter("should be a port from 1 to 65535, or host:port")
    try:
        host, port = parse_endpoint(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return {"host": host} | ({"port": port} if port else {})


def _options(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not re.fullmatch(r"[a-z][a-z0-9_]*(=.*)?", value, re.DOTALL):
            raise click.BadParameter("should be a mitmproxy option and its value: name=value")
    return values


@click.command(epilog=EXAMPLES)
@config_option
@click.option(
    "--mode", "modes", multiple=True, callback=_modes, metavar="MODE",
    help="regular, transparent, reverse:URL, wireguard; several times for several.",
)  # fmt: skip
@click.option("--enforce/--observe", default=None, help="Carry verdicts out, or only record them.")
@click.option("--listen", callback=_listen, metavar="HOST:PORT", help="Address to listen on.")
@click.option(
    "--set", "options", multiple=True, callback=_options, metavar="NAME=VALUE",
    help="A mitmproxy option; those that would let content pass unread are refused.",
)  # fmt: skip
def run(
    config: Path | None,
    modes: list[str],
    enforce: bool | None,
    listen: dict[str, object],
    options: tuple[str, ...],
) -> None:
    """Start the gate, and keep it running until Ctrl-C or SIGTERM.

    Options here win over cerco.yaml for this run.
    """
    settings = changed(settings_of(config), modes, enforce, listen)
    # Loaded here: these bring mitmproxy and Presidio with them.
    from cerco.runtime.proxy import serve  # noqa: PLC0415
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415
    from cerco.runtime.scanners import ScannerError  # noqa: PLC0415
    from proxy_addons import gate_addons  # noqa: PLC0415

    book = load_rulebook(settings.rules_dir)
    try:
        sys.exit(serve(settings, book, gate_addons, options=options))
    except ScannerError as error:
        raise Fault(f"cerco: {error} See: cerco doctor") from None


def changed(settings: Settings, modes: list[str], enforce: bool | None, listen: dict[str, object]) -> Settings:
    """Return the settings with what the command line changes; every value was checked where it was read."""
    update: dict[str, object] = {}
    if modes:
        update["mode"] = modes
    if enforce is not None:
        update["enforcement"] = "enforce" if enforce else "observe"
    if listen:
        update["listen"] = settings.listen.model_copy(update=listen)
    return settings.model_copy(update=update)
