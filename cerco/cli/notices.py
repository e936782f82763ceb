"""`cerco notices`: what employees get to read.

In:    the settings and rules, if there are any yet.
Out:   files to look at.
Never: a record read; everything shown is made up.
"""

from hashlib import sha256
from pathlib import Path

import click

from cerco.cli.console import config_option, found_config, json_option, print_json, remark


@click.group(epilog="\b\nExamples:\n  cerco notices preview --out notices")
def notices() -> None:
    """What employees read when something was not sent."""


@notices.command(
    epilog="""\b
Examples:
  cerco notices preview --out notices
  cerco notices preview --out notices --json | jq -r 'select(.language == "pt").file'"""
)
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the files."
)
@json_option
@config_option
def preview(folder: Path, as_json: bool, config: Path | None) -> None:
    """Write every notice in every language to files, and an index.html that leads to them.

    With your settings and rules if there are any, with Cerco's own otherwise.
    """
    # Loaded here: they bring the rules and the texts with them.
    from cerco.desk.layout import Site  # noqa: PLC0415
    from cerco.desk.preview import index, samples  # noqa: PLC0415
    from cerco.runtime import authority  # noqa: PLC0415
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415
    from cerco.runtime.settings import Settings, load_settings  # noqa: PLC0415

    path = found_config(config)
    settings = load_settings(path) if path else Settings()
    chosen = settings.notice
    try:
        fingerprint = sha256(authority.export(settings.keys, "der")).hexdigest()
    except authority.AuthorityError:
        fingerprint = None
    site = Site(chosen.company, chosen.contact, chosen.share, chosen.policy, chosen.retention)
    made = list(samples(site, load_rulebook(settings.rules_dir), host=chosen.host, fingerprint=fingerprint))
    folder.mkdir(parents=True, exist_ok=True)
    for sample in made:
        (folder / sample.file).write_text(sample.content, "utf-8")
        if as_json:
            print_json({"group": sample.group, "name": sample.name, "language": sample.language, "file": sample.file})
    (folder / "index.html").write_text(index(made), "utf-8")
    if not as_json:
        click.echo(f"{len(made)} notices: open {folder / 'index.html'}")
    if fingerprint is None:
        remark("There is no certificate authority yet, so the set-up pages offer none. Make it with: cerco init")
