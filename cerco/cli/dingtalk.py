"""`cerco dingtalk`: what the gate knows of DingTalk's interfaces.

In:    an installed DingTalk SDK.
Out:   the catalogue of its operations.
Never: a line of the SDK run. It is read as text.
"""

from collections import Counter
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cerco.cli.console import remark

if TYPE_CHECKING:
    from cerco.dingtalk.from_sdk import Operation

SDK = "alibabacloud-dingtalk"


@click.group(epilog="\b\nExamples:\n  cerco dingtalk catalogue --from-sdk --out rules/dingtalk/catalogue.txt")
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
