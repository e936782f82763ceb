"""The `cerco` command: what an operator types, and what comes back.

In:    arguments, and the settings file they lead to.
Out:   text for people, or JSON with `--json`; exit code 0 for clean, 1 for findings or faults found, 2 for usage.
Never: a traceback for something the operator can mend; a module loaded that the command at hand does not need.
"""

import importlib
from typing import Any, Final

import click

import cerco

# name -> what `cerco --help` says of it. A command's module, cerco.cli.NAME, is loaded only when it is called.
COMMANDS: Final = {
    "init": "Make cerco.yaml, the site key and the certificate authority.",
    "run": "Start the gate, and keep it running until Ctrl-C or SIGTERM.",
    "gateway": "The firewall rules that turn this machine into a transparent gateway.",
    "ca": "The certificate authority that devices must trust.",
    "doctor": "Look at everything the gate needs, and say what to do about each fault.",
    "scan": "Show what the gate would find in files, folders or a message, and what it would decide.",
    "formats": "Show which formats are opened, what of each is read, and by which library.",
    "rules": "The rules that say what is sensitive and what happens then.",
    "dingtalk": "What the gate knows of DingTalk's interfaces, and how to bring it up to date.",
    "evidence": "The record of what was decided, and why.",
    "bench": "How well an engine finds what is sensitive, and how often it cries wolf.",
    "notices": "What employees read when something was not sent.",
}


class Commands(click.Group):
    """The group of all commands; also where faults become one clear line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"cerco.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn what the operator can mend into a message and exit code 2."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if (text := explain(error)) is None:
                raise
            raise Fault(text) from None


class Fault(click.ClickException):
    """Something the operator can mend; the message says what and how."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message as it is: it already names its file."""
        click.echo(self.message, file=file, err=file is None)


def explain(error: Exception) -> str | None:
    """Return what to tell the operator about an exception, or None where it is our own fault."""
    # Loaded here: on the way to a message, half a second more does no harm; on the way to `--help` it would.
    from cerco.decide.load import RuleErrors  # noqa: PLC0415
    from cerco.runtime.authority import AuthorityError  # noqa: PLC0415
    from cerco.runtime.gateway import GatewayError  # noqa: PLC0415

    match error:
        case RuleErrors():
            return str(error)
        case AuthorityError() | GatewayError():
            return f"cerco: {error}"
        case OSError() if error.filename is not None:
            return f"cerco: {error.filename}: {error.strerror or type(error).__name__}."
        case _:
            return None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  cerco init --dir /etc/cerco         settings, keys and certificate authority
  cerco run                           start the gate
  cerco scan 客戶名單.xlsx            what the gate would find, and decide
  cerco doctor                        what is wrong, and what to do about it""",
)
@click.version_option(cerco.__version__, prog_name="cerco", message="%(prog)s %(version)s")
def main() -> None:
    """Cerco reads what is about to leave through DingTalk, and decides before it leaves."""
