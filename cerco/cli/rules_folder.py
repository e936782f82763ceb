"""Which rules a command is about.

In:    `--rules DIR`, or the settings file.
Out:   the rules folder.
Never: a folder guessed: where neither says one, it is the one that comes with Cerco.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cerco.cli.console import found_config
from cerco.runtime.settings import load_settings, packaged_rules


def rules_option[F: Callable[..., Any]](function: F) -> F:
    """Add `--rules DIR`, whose value is the path or None."""
    return click.option(
        "--rules",
        "folder",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        metavar="DIR",
        help="Rules folder.  [default: the settings' own, or the one that comes with Cerco]",
    )(function)


def rules_folder(folder: Path | None, config: Path | None) -> Path:
    """Return the folder that was named, or the one that the settings name."""
    path = found_config(config)
    return folder or (load_settings(path).rules_dir if path else packaged_rules())
