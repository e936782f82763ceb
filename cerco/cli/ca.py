"""`cerco ca`: the certificate that devices must trust.

In:    the keys folder of the settings.
Out:   the certificate, in the form a device manager takes.
Never: the private key; binary on a terminal.
"""

import sys
from pathlib import Path
from typing import get_args

import click

from cerco.cli.console import config_option, remark, settings_of
from cerco.runtime import authority

TEXT = frozenset({"pem", "mobileconfig"})


@click.group(epilog="\b\nExamples:\n  cerco ca export --format pem > cerco.pem")
def ca() -> None:
    """The certificate authority that devices must trust."""


@ca.command(
    epilog="""\b
Examples:
  cerco ca export --format pem > cerco.pem                    Linux, Python, Java
  cerco ca export --format der --out cerco.cer                Android
  cerco ca export --format p12 --out cerco.p12                Windows, without a password
  cerco ca export --format mobileconfig --out cerco.mobileconfig    iOS, macOS"""
)
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(authority.Format)),
    default="pem",
    show_default=True,
    help="What the devices take.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.  [default: stdout]")
@config_option
def export(form: authority.Format, out: Path | None, config: Path | None) -> None:
    """Write the certificate, without its key, for device management."""
    data = authority.export(settings_of(config).keys, form)
    if out is not None:
        out.write_bytes(data)
        remark(f"wrote {out}")
        return
    if form not in TEXT and sys.stdout.isatty():
        raise click.UsageError(f"{form} is binary. Name a file with --out, or pipe it.")
    click.echo(data, nl=False)
