"""`cerco rules schema`: JSON Schemas, so that an editor completes and checks rule files as they are typed.

In:    the kind of file.
Out:   its schema on standard output, or all schemas in a folder.
Never: a schema written by hand: they are made of the models that check the files.
"""

from pathlib import Path

import click

from cerco.cli.console import json_option, print_json
from cerco.decide.schema import SCHEMAS
from cerco.decide.schema import schema as written


@click.command(
    epilog="""\b
Examples:
  cerco rules schema detect                    the shape of a file under rules/detect/
  cerco rules schema --out rules/schema        all of them, for editors

An editor with a YAML language server finds a schema by the first line of a file:
  # yaml-language-server: $schema=../schema/detect.json"""
)
@click.argument("kind", type=click.Choice(list(SCHEMAS)), required=False)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write every schema there."
)
@json_option
def schema(*, kind: str | None, out: Path | None, as_json: bool) -> None:
    """Print the JSON Schema of a kind of rule file, or write those of all kinds to a folder.

    --json, with --out, prints {kind, file} for each schema that was written.
    """
    if (kind is None) == (out is None):
        raise click.UsageError(f"name one of {', '.join(SCHEMAS)}, or a folder for all of them with --out DIR.")
    if kind is not None:
        click.echo(written(kind), nl=False)
        return
    assert out is not None  # noqa: S101 - one of the two is given
    out.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        path = out / f"{name}.json"
        path.write_text(written(name), "utf-8")
        if as_json:
            print_json({"kind": name, "file": str(path)})
        else:
            click.echo(f"wrote  {path}")
