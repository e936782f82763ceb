"""`cerco gateway`: the firewall rules of a transparent gateway.

In:    the settings, and DingTalk's names from the rules, resolved now.
Out:   nftables rules, printed, loaded or removed.
Never: anything changed by `show`.
"""

from pathlib import Path

import click

from cerco.cli.console import config_option, remark, settings_of
from cerco.runtime import gateway as firewall
from cerco.runtime.settings import Settings

RESOLVE_SECONDS = 5.0  # a working resolver answers within one; what it does not know by now stays out


@click.group(epilog="\b\nExamples:\n  cerco gateway show\n  sudo cerco gateway up")
def gateway() -> None:
    """The firewall rules that turn this machine into a transparent gateway."""


@gateway.command(epilog="\b\nExamples:\n  cerco gateway show\n  cerco gateway show | sudo nft -c -f -")
@config_option
def show(config: Path | None) -> None:
    """Print the rules that `up` would load, and change nothing."""
    click.echo(_rules(settings_of(config)), nl=False)


@gateway.command(epilog="\b\nExamples:\n  sudo cerco gateway up\n  sudo cerco gateway up --forwarding")
@click.option("--forwarding", is_flag=True, help="Also let the kernel pass packets on, until the next restart.")
@config_option
def up(forwarding: bool, config: Path | None) -> None:
    """Load the rules, in place of those loaded before.

    Run it again whenever you like, for example once an hour: DingTalk's addresses change.
    """
    settings = settings_of(config)
    firewall.apply(_rules(settings))
    if forwarding:
        firewall.enable_forwarding()
    if not settings.transparent:
        remark("cerco.yaml has no transparent mode: what the rules redirect will not be understood. Add it to mode.")
    remark(f"web traffic of clients now goes to port {settings.redirect_port}")


@gateway.command(epilog="\b\nExamples:\n  sudo cerco gateway down")
@click.option("--config", expose_value=False, help="Not needed here; accepted because the other two take it.")
def down() -> None:
    """Remove the rules; nothing of them is left."""
    firewall.apply(firewall.TEARDOWN)
    remark("removed: clients' traffic no longer goes through the gate")


def _rules(settings: Settings) -> str:
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415 - brings Presidio, which `down` needs not

    addresses: set[str] = set()
    if settings.gateway.quic == "dingtalk":
        found = firewall.resolve(load_rulebook(settings.rules_dir).scope.names, RESOLVE_SECONDS)
        addresses.update(address for known in found.values() for address in known)
        if not addresses:
            remark("none of DingTalk's names resolves here, so QUIC is rejected towards all addresses")
    return firewall.render(settings.gateway, settings.redirect_port, addresses)
