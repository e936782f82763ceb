import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import cerco
from cerco.cli import COMMANDS, console, explain, main
from cerco.decide.load import RuleError, RuleErrors
from cerco.runtime.authority import AuthorityError
from cerco.runtime.gateway import GatewayError


def commands() -> Iterator[tuple[str, ...]]:
    yield ()
    for name in COMMANDS:
        yield (name,)
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            yield from ((name, below) for below in command.commands)


ALL = list(commands())


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_help_shows_examples(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*path, "--help"])
    assert shown.exit_code == 0
    _, _, examples = shown.output.partition("Examples:")
    assert " ".join(("cerco", *path)) in examples


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_option_says_what_it_does(path: tuple[str, ...]) -> None:
    command: click.Command | None = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None
    unsaid = [option.name for option in command.params if isinstance(option, click.Option) and not option.help]
    assert not unsaid


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_it_says_of_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert (command.help or "").replace("\n", " ").startswith(COMMANDS[name])


def test_help_is_instant_because_it_loads_nothing() -> None:
    code = """
        import json, sys
        from click.testing import CliRunner
        from cerco.cli import main
        assert CliRunner().invoke(main, ["--help"]).exit_code == 0
        print(json.dumps(sorted(sys.modules)))
    """
    shown = subprocess.run(
        [sys.executable, "-c", "\n".join(line.strip() for line in code.splitlines())],
        capture_output=True,
        check=True,
        text=True,
    )
    loaded = {name.partition(".")[0] for name in json.loads(shown.stdout)}
    assert "click" in loaded
    assert not loaded & {"pydantic", "rich", "mitmproxy", "presidio_analyzer", "spacy", "yaml", "cryptography"}


def test_the_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"cerco {cerco.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["scann"], "scan", id="misspelt command"),
        pytest.param(["scan"], "FILE", id="nothing to scan"),
        pytest.param(["evidence", "show"], "--last", id="neither reference nor number"),
        pytest.param(["evidence", "show", "C-1", "--last", "2"], "--last", id="both"),
        pytest.param(["run", "--set", "=1"], "name=value", id="option without a name"),
        pytest.param(["run", "--mode", "dns"], "regular", id="mode the gate cannot work in"),
        pytest.param(["run", "--listen", "a:b:c"], "host:port", id="no address"),
        pytest.param(["ca", "export", "--format", "jks"], "mobileconfig", id="unknown format"),
    ],
)
def test_wrong_usage_is_exit_2(arguments: list[str], says: str) -> None:
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 2
    assert says in shown.output
    assert "Traceback" not in shown.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["ca", "export"],
        ["gateway", "show"],
        ["gateway", "up"],
        ["evidence", "show", "--last", "1"],
        ["evidence", "verify"],
        ["scan", "-"],
        ["rules", "check"],
    ],
    ids=" ".join,
)
def test_faulty_settings_are_one_line_and_exit_2(
    arguments: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("bad") / "cerco.yaml"
    path.write_text("listen:\n  prot: 8080\n")
    shown = CliRunner().invoke(main, [*arguments, "--config", str(path)])
    assert shown.exit_code == 2
    (line,) = shown.stderr.splitlines()
    assert line.startswith(f"{path}:2: ")
    assert "port" in line
    assert shown.stdout == ""


@pytest.mark.parametrize(
    "arguments", [["run"], ["ca", "export"], ["evidence", "verify"], ["gateway", "show"]], ids=" ".join
)
def test_no_settings_say_how_to_make_them(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "PLACES", (tmp_path / "cerco.yaml",))
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 2
    assert "cerco init" in shown.stderr


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (RuleErrors([RuleError("a.yaml", 3, "a", "b", "is wrong", "Mend it.")]), "a.yaml:3: a: b: is wrong. Mend it."),
        (AuthorityError("site.key: is missing."), "cerco: site.key: is missing."),
        (GatewayError("nft is not installed."), "cerco: nft is not installed."),
        (PermissionError(13, "Permission denied", "/etc/x"), "cerco: /etc/x: Permission denied."),
        (OSError("no file to name"), None),
        (ValueError("a fault of ours"), None),
        (KeyError("a fault of ours"), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_what_the_operator_can_mend_becomes_a_line(error: Exception, text: str | None) -> None:
    assert explain(error) == text
