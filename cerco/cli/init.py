"""`cerco init`: everything a site needs before its first run.

In:    a folder.
Out:   cerco.yaml, the site key, the certificate authority, the data folder.
Never: a file overwritten.
"""

import os
import pwd
import socket
import sys
from pathlib import Path

import click

from cerco.cli.console import remark
from cerco.runtime import authority
from cerco.runtime.settings import Settings, anchored, load_settings, template

EXAMPLES = """\b
Examples:
  cerco init
  cerco init --dir /etc/cerco --data /var/lib/cerco --site Taipa --yes"""


@click.command(epilog=EXAMPLES)
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path(), help="Where to put it.  [default: .]")
@click.option("--data", type=click.Path(path_type=Path), help="Where evidence goes.  [default: data, in that folder]")
@click.option("--site", help="Name in the certificate authority, seen on devices.  [default: this machine's name]")
@click.option("--yes", is_flag=True, help="Do not ask.")
def init(folder: Path, data: Path | None, site: str | None, yes: bool) -> None:
    """Make cerco.yaml, the site key and the certificate authority.

    What exists is kept: run it again to make only what is missing. As root, keys and data are given to the
    user named in cerco.yaml (gateway.user) if there is one.
    """
    path = folder / "cerco.yaml"
    existed = path.exists()
    if existed:
        settings = load_settings(path)
    else:
        chosen = Settings(data=data.absolute()) if data else Settings()
        settings = anchored(chosen, folder.absolute())
    if not yes and sys.stdin.isatty():
        click.confirm(f"Make what is missing in {folder.absolute()}?", default=True, abort=True)

    had_folder = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    if not existed:
        path.write_text(template(chosen), "utf-8")
    elif data and data.absolute() != settings.data:
        remark(f"{path} was there before and keeps its own data folder; change it there.")
    created = authority.create(settings.keys, site or socket.gethostname())
    had_data = settings.data.exists()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _report("made", [*([] if existed else [path]), *created.made, *([] if had_data else [settings.data])])
    _report("kept", [*([path] if existed else []), *created.kept, *([settings.data] if had_data else [])])
    _hand_over(settings, [*([] if had_folder else [folder]), *([] if existed else [path])])
    _next_steps(path, settings)


def _report(what: str, paths: list[Path]) -> None:
    for path in paths:
        click.echo(f"{what}  {path}")


def _hand_over(settings: Settings, made: list[Path]) -> None:
    """Give keys and data to the user that the gate runs as, so that it need not be root; let it read what was made."""
    if os.geteuid() != 0:
        return
    try:
        user = pwd.getpwnam(settings.gateway.user)
    except KeyError:
        return
    for folder in (settings.keys, settings.data):
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    for path in made:
        os.chown(path, -1, user.pw_gid)
        path.chmod(0o750 if path.is_dir() else 0o640)
    click.echo(f"owner {settings.gateway.user}  {settings.keys}, {settings.data}")


def _next_steps(path: Path, settings: Settings) -> None:
    remark(f"""
Next:
  1. Read {path}; every setting has a sentence.
  2. cerco ca export --config {path} --format mobileconfig --out cerco.mobileconfig
     and put the certificate on the devices (pem, der and p12 are there too).
  3. cerco run --config {path}
Keep a copy of {settings.keys} in a safe place: without it, old evidence cannot be compared with new.""")
