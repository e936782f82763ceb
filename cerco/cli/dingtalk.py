"""`cerco dingtalk`: what the gate knows of DingTalk's interfaces.

In:    an installed DingTalk SDK; the list of what the gate saw and nobody described.
Out:   the catalogue of the SDK's operations; what is new, and a draft of its description.
Never: a line of the SDK run, which is read as text; a list made by looking for it.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cerco.cli.console import config_option, json_option, print_json, print_table, remark, settings_of

if TYPE_CHECKING:
    from cerco.dingtalk.from_sdk import Operation
    from cerco.runtime.settings import Settings
    from cerco.state.drift import Drift, Entry

SDK = "alibabacloud-dingtalk"
FILE = "drift.db"


@click.group(
    epilog="\b\nExamples:\n  cerco dingtalk drift\n"
    "  cerco dingtalk catalogue --from-sdk --out rules/dingtalk/catalogue.txt"
)
def dingtalk() -> None:
    """What the gate knows of DingTalk's interfaces, and how to bring it up to date."""


@dingtalk.command(
    epilog="\b\nExamples:\n"
    "  cerco dingtalk catalogue                                               count what is known\n"
    "  cerco dingtalk catalogue --from-sdk --out rules/dingtalk/catalogue.txt"
)
@click.option("--from-sdk", is_flag=True, help=f"List the operations of the installed {SDK} package.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False, writable=True), metavar="FILE",
              help="Write the list here.  [default: standard output]")  # fmt: skip
def catalogue(*, from_sdk: bool, out: Path | None) -> None:
    """Count the published operations the gate knows, or list them anew from an installed SDK.

    A list in a rules folder, as dingtalk/catalogue.txt, counts instead of the one that comes with Cerco.
    """
    # Loaded here: parsing three thousand operations is not worth a second of every other command.
    from cerco.dingtalk.catalogue import PACKAGED, Catalogue, parse, renewed, written  # noqa: PLC0415

    listed = parse(PACKAGED.read_text("utf-8"))
    if not from_sdk:
        if out is not None:
            raise click.UsageError("--out needs --from-sdk: there is nothing new to write.")
        methods = Counter(operation.method for operation in listed)
        click.echo(f"{len(Catalogue(listed))} operations: {_counted(methods)}")
        return
    version, published = _installed()
    text = written(renewed(listed, published), f"From {SDK} {version}, and paths of oapi.dingtalk.com (*).")
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")
    before = {(operation.method, operation.template) for operation in listed if operation.method != "*"}
    after = {(operation.method, operation.template) for operation in published}
    remark(f"{SDK} {version}: {len(after)} operations, {len(after - before)} new, {len(before - after)} gone")


def _counted(methods: Counter[str]) -> str:
    return ", ".join(f"{count} {name if name != '*' else 'by path'}" for name, count in methods.most_common())


def _installed() -> "tuple[str, list[Operation]]":
    """Parse the installed SDK; takes some seconds.

    Raises:
        click.UsageError: there is none.
    """
    from cerco.dingtalk.from_sdk import operations  # noqa: PLC0415

    try:
        sdk = distribution(SDK)
    except PackageNotFoundError:
        raise click.UsageError(f"{SDK} is not installed here. Install it with: pip install {SDK}") from None
    clients = [Path(str(sdk.locate_file(file))) for file in sdk.files or () if file.name == "client.py"]
    found: list[Operation] = []
    for client in sorted(clients):
        models = client.with_name("models.py")
        if models.is_file():
            found += operations(client.read_text("utf-8"), models.read_text("utf-8"))
    if not found:
        raise click.UsageError(f"{SDK} {sdk.version} holds no client that Cerco can read. Is its source installed?")
    return sdk.version, found


@dingtalk.command(
    epilog="""\b
Examples:
  cerco dingtalk drift                     what is new, the newest first
  cerco dingtalk drift --draft             rows for rules/dingtalk/endpoints.yaml, to go over
  cerco dingtalk drift --adopt 12 --adopt 15
  cerco dingtalk drift --json | jq -r .template"""
)
@click.option("--draft", is_flag=True, help="Print YAML that describes it, to go over and put into endpoints.yaml.")
@click.option("--adopt", "numbers", type=int, multiple=True, metavar="N",
              help="Mark number N as seen to, so that it is listed no more; may be repeated.")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="List what was seen to as well.")
@json_option
@config_option
def drift(*, draft: bool, numbers: tuple[int, ...], everything: bool, as_json: bool, config: Path | None) -> None:
    """List requests and fields that DingTalk's published interfaces and your rules do not have.

    They were read and judged like all others. The list holds kinds of requests, never what was in one.
    """
    if sum((draft, bool(numbers), as_json)) > 1:
        raise click.UsageError("--draft, --adopt and --json are three things to do; choose one.")
    settings = settings_of(config)
    found = _open_drift(settings)
    if found is None:
        remark("Nothing new was seen: the gate has made no list yet.")
        return
    try:
        if numbers:
            _adopt(found, numbers)
            return
        entries = found.list(adopted=everything)
    finally:
        found.close()
    if draft:
        click.echo(_drafted(entries, settings), nl=False)
    elif as_json:
        for entry in entries:
            print_json(_plain(entry))
    elif entries:
        print_table(
            ("No.", "Host", "Request", "New fields", "First seen (UTC)", "Times", "Senders"),
            [_row(one) for one in entries],
        )
    else:
        remark("Nothing new was seen.")


def _open_drift(settings: "Settings") -> "Drift | None":
    from cerco.state.drift import Drift  # noqa: PLC0415 - SQLite is loaded where it is needed

    path = settings.data / FILE
    return Drift(path) if path.is_file() else None


def _adopt(drift: "Drift", numbers: tuple[int, ...]) -> None:
    wanted = len(set(numbers))
    marked = drift.adopt(numbers, datetime.now(UTC))
    remark(f"Marked as seen to: {marked}.")
    if marked < wanted:
        remark(f"Not in the list: {wanted - marked} of the numbers. See them with: cerco dingtalk drift --all")
        raise click.exceptions.Exit(1)


def _drafted(entries: "Sequence[Entry]", settings: "Settings") -> str:
    from cerco.decide.load import load  # noqa: PLC0415 - only for drafts
    from cerco.dingtalk.draft import draft  # noqa: PLC0415
    from cerco.dingtalk.drift import Sighting  # noqa: PLC0415
    from cerco.dingtalk.endpoints import Endpoints  # noqa: PLC0415
    from cerco.runtime.rulebook import ENDPOINTS  # noqa: PLC0415
    from cerco.runtime.settings import packaged_rules  # noqa: PLC0415

    own = settings.rules_dir / ENDPOINTS
    path = own if own.is_file() else packaged_rules() / ENDPOINTS
    sightings = [
        Sighting(
            entry.channel,
            entry.method,
            entry.host,
            entry.template,
            tuple(sorted({name for shape in entry.shapes for name in shape})),
            entry.new_keys,
        )
        for entry in entries
    ]
    return draft(sightings, load(path.read_text("utf-8"), str(path), Endpoints))


def _row(entry: "Entry") -> tuple[str, ...]:
    from cerco.state.drift import SENDERS  # noqa: PLC0415

    return (
        str(entry.number),
        entry.host,
        f"{entry.method} {entry.template}",
        ", ".join(entry.new_keys) or "(all of it)",
        f"{entry.first:%Y-%m-%d %H:%M}",
        str(entry.count),
        str(entry.senders) if entry.senders < SENDERS else f"{SENDERS} or more",
    )


def _plain(entry: "Entry") -> dict[str, Any]:
    return {
        "number": entry.number,
        "channel": entry.channel.value,
        "method": entry.method,
        "host": entry.host,
        "template": entry.template,
        "new_keys": list(entry.new_keys),
        "shapes": [list(shape) for shape in entry.shapes],
        "first": entry.first.isoformat(),
        "last": entry.last.isoformat(),
        "count": entry.count,
        "senders": entry.senders,
        "adopted": entry.adopted and entry.adopted.isoformat(),
    }
