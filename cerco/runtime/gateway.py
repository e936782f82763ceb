"""The firewall side of a transparent gateway: clients' web traffic is turned into the gate, and nothing goes around it.

In:    the gateway settings, the port to redirect to, DingTalk's addresses.
Out:   nftables text (`render`, `TEARDOWN`), applied in one transaction each (`apply`).
Never: a rule outside our own table, a system setting nobody asked for, a moment without rules while they are replaced.
"""

import ipaddress
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from cerco.runtime.settings import Gateway

TABLE: Final = "inet cerco"
# `add` makes the `delete` valid on a machine that has no such table, so both ways work from any state.
TEARDOWN: Final = f"add table {TABLE}\ndelete table {TABLE}\n"

FORWARDING: Final = {
    "net.ipv4.ip_forward": "1",
    "net.ipv6.conf.all.forwarding": "1",
    # A gateway that tells clients of a shorter way tells them how to avoid the gate.
    "net.ipv4.conf.all.send_redirects": "0",
}
_SETS: Final = (("ip", "dingtalk4"), ("ip6", "dingtalk6"))
_PROC_SYS: Final = Path("/proc/sys")
_NFT_SECONDS: Final = 20.0  # listing or loading a table takes milliseconds; more means that something holds the lock


class GatewayError(RuntimeError):
    """The firewall cannot be read or changed; the text says why and what to do."""


def render(gateway: Gateway, port: int, addresses: Iterable[str]) -> str:
    """Return what `nft -f -` is to load; `addresses` are DingTalk's, as far as they are known.

    The text replaces the table whole, in one transaction, from any earlier state. Where QUIC is to be rejected towards
    DingTalk only and no address is known, it is rejected towards all: not knowing must not open a way around.
    """
    four, six = _families(addresses)
    arriving, passing = [], []
    for source in [f'iifname "{name}"' for name in gateway.interface] or ['iifname != "lo"']:
        family = "" if gateway.ipv6 else "meta nfproto ipv4 "
        arriving.append(f"{source} {family}tcp dport {{ 80, 443 }} redirect to :{port}")
        passing.append(f"{source} tcp dport {{ 80, 443 }} reject with tcp reset")
        if gateway.quic != "off":
            # The gate answers DingTalk's QUIC itself, to have it on record. While it is down the kernel rejects it.
            arriving += [f"{source} {field} daddr @{name} udp dport 443 redirect to :{port}" for field, name in _SETS]
        if gateway.quic == "all" or (gateway.quic == "dingtalk" and not four and not six):
            passing.append(f"{source} udp dport {{ 80, 443 }} reject with icmpx type port-unreachable")
        elif gateway.quic == "dingtalk":
            passing += [
                f"{source} {field} daddr @{name} udp dport {{ 80, 443 }} reject with icmpx type port-unreachable"
                for field, name in _SETS
            ]
    return "\n".join([
        "# Loaded by `cerco gateway up`, removed by `cerco gateway down`. Nothing outside this table is touched.",
        f"{TEARDOWN}table {TABLE} {{",
        *_set("dingtalk4", "ipv4_addr", four),
        *_set("dingtalk6", "ipv6_addr", six),
        "\tchain arriving {",
        "\t\ttype nat hook prerouting priority dstnat; policy accept;",
        "\t\t# What is meant for the gateway itself stays with it. The gate's own connections do not come this way.",
        "\t\tfib daddr type local return",
        *(f"\t\t{rule}" for rule in arriving),
        "\t}",
        "\tchain passing {",
        "\t\ttype filter hook forward priority filter; policy accept;",
        "\t\t# New web connections never get here; older ones, and those not redirected, end and are opened anew.",
        *(f"\t\t{rule}" for rule in passing),
        "\t}",
        "}",
        "",
    ])  # fmt: skip


def apply(text: str) -> None:
    """Load nftables text; all of it takes effect at once, or none.

    Raises:
        GatewayError: nft is missing, the user may not change the firewall, or the kernel refuses.
    """
    _nft(["-f", "-"], text)


def active() -> str | None:
    """Return the table as the kernel has it, or None where it is not loaded.

    Raises:
        GatewayError: nft is missing, or the user may not read the firewall.
    """
    if f"table {TABLE}" not in _nft(["list", "tables"]).splitlines():
        return None
    return _nft(["list", "table", *TABLE.split()])


def forwarding() -> Mapping[str, str | None]:
    """Return the kernel's present values of the settings in `FORWARDING`; None where the kernel lacks one."""
    return {name: _sysctl(name) for name in FORWARDING}


def enable_forwarding() -> None:
    """Let this machine pass packets on, until it is restarted.

    Raises:
        GatewayError: the user may not change kernel settings.
    """
    for name, value in FORWARDING.items():
        try:
            (_PROC_SYS / name.replace(".", "/")).write_text(value)
        except FileNotFoundError:
            continue  # a kernel without IPv6 has nothing to forward there
        except OSError as error:
            raise GatewayError(f"cannot set {name} ({type(error).__name__}). Run this as root.") from None


def resolve(names: Iterable[str], seconds: float) -> Mapping[str, tuple[str, ...]]:
    """Return the addresses of each name that the system's resolver knows; () for those unknown after `seconds`.

    Each name has a thread that nobody waits for: a resolver that hangs must not hang the command.
    """
    found: dict[str, tuple[str, ...]] = dict.fromkeys(names, ())

    def one(name: str) -> None:
        try:
            answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found[name] = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))

    threads = [threading.Thread(target=one, args=(name,), daemon=True) for name in found]
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return dict(found)


def _families(addresses: Iterable[str]) -> tuple[list[str], list[str]]:
    """Sort addresses into IPv4 and IPv6, canonical and without duplicates; a scope ("%eth0") is dropped."""
    parsed = {ipaddress.ip_address(address.partition("%")[0]) for address in addresses}
    four = sorted(address for address in parsed if isinstance(address, ipaddress.IPv4Address))
    six = sorted(address for address in parsed if isinstance(address, ipaddress.IPv6Address))
    return [str(address) for address in four], [str(address) for address in six]


def _set(name: str, kind: str, elements: list[str]) -> list[str]:
    listed = [f"\t\telements = {{ {', '.join(elements)} }}"] if elements else []
    return [f"\tset {name} {{", f"\t\ttype {kind}", "\t\tflags interval", "\t\tauto-merge", *listed, "\t}"]


def _sysctl(name: str) -> str | None:
    try:
        return (_PROC_SYS / name.replace(".", "/")).read_text().strip()
    except OSError:
        return None


def _nft(arguments: list[str], text: str | None = None) -> str:
    try:
        done = subprocess.run(
            ["nft", *arguments], input=text, capture_output=True, text=True, timeout=_NFT_SECONDS, check=False
        )
    except FileNotFoundError:
        raise GatewayError("nft is not installed. Install the package nftables.") from None
    except subprocess.TimeoutExpired:
        raise GatewayError(f"nft did not answer within {_NFT_SECONDS:.0f} seconds. Try again.") from None
    if done.returncode:
        if "not permitted" in done.stderr or "must be root" in done.stderr:
            raise GatewayError("this user may not use the firewall. Run this as root (CAP_NET_ADMIN).")
        first = next(iter(done.stderr.strip().splitlines()), "no reason given")
        raise GatewayError(f"nft refused: {first}. Show the rules with: cerco gateway show")
    return done.stdout
