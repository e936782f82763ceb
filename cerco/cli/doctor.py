"""`cerco doctor`: is everything in place, and if not, what to do.

In:    the settings.
Out:   one line for each thing that was looked at.
Never: anything changed.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cerco.cli.console import PLACES, config_option, found_config, json_option, print_json, visible
from cerco.decide.load import RuleErrors
from cerco.runtime.settings import load_settings

if TYPE_CHECKING:
    from cerco.runtime.doctor import Check

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command(epilog="\b\nExamples:\n  cerco doctor\n  sudo cerco doctor --config /etc/cerco/cerco.yaml --json")
@json_option
@config_option
def doctor(as_json: bool, config: Path | None) -> None:
    """Look at everything the gate needs, and say what to do about each fault.

    Exits 1 if anything fails. As root it sees more: the firewall, and whom the keys belong to.
    """
    failed = False
    for check in _checks(config):
        failed = failed or check.state == "fail"
        if as_json:
            print_json(asdict(check))
            continue
        mark = click.style(f"{check.state:4}", fg=COLOURS[check.state])
        click.echo(f"{mark}  {check.name}: {visible(check.detail)}")
        if check.remedy:
            click.echo(f"      -> {check.remedy}")
    if failed:
        raise click.exceptions.Exit(1)


def _checks(config: Path | None) -> Iterator["Check"]:
    from cerco.runtime.doctor import Check, examine, interpreter  # noqa: PLC0415 - brings the scanners' engine

    yield interpreter()
    path = found_config(config)
    if path is None:
        looked = " and ".join(str(place) for place in PLACES)
        yield Check("settings", "fail", f"there is none at {looked}", "Make it with: cerco init, or use --config.")
        return
    try:
        settings = load_settings(path)
    except RuleErrors as errors:
        for line in str(errors).splitlines():
            yield Check("settings", "fail", line, "Correct it; nothing else can be looked at before.")
        return
    yield Check("settings", "ok", f"{path}, mode {' '.join(settings.mode)}, {settings.enforcement}")
    yield from examine(settings, datetime.now(UTC))
