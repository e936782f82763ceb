"""Refuse mitmproxy options that would let content pass unread.

In:    mitmproxy's `configure` hook, at start and at every change.
Out:   `OptionsError` with a sentence; mitmproxy then rolls the change back, or does not start.
Never: a running gate with such an option set.
"""

from collections.abc import Callable
from typing import Any

from mitmproxy import ctx
from mitmproxy.exceptions import OptionsError
from mitmproxy.proxy.mode_specs import ProxyMode, ReverseMode

from cerco.runtime.settings import parse_mode


def _modes_are_read(specs: list[str]) -> bool:
    """Tell whether the gate sees requests in all of these modes."""
    try:
        modes = [ProxyMode.parse(parse_mode(spec)) for spec in specs]
    except ValueError:
        return False
    return not any(isinstance(mode, ReverseMode) and mode.scheme not in {"http", "https"} for mode in modes)


# Option -> (what is acceptable, why anything else is not).
SAFE: dict[str, tuple[Callable[[Any], bool], str]] = {
    "stream_large_bodies": (lambda value: not value, "it would send large bodies before they are read"),
    "ignore_hosts": (lambda value: not value, "the scope file decides which hosts are read"),
    "allow_hosts": (lambda value: not value, "the scope file decides which hosts are read"),
    "tcp_hosts": (lambda value: not value, "raw TCP cannot be read"),
    "udp_hosts": (lambda value: not value, "raw UDP cannot be read"),
    "mode": (_modes_are_read, "it would relay what nobody reads"),
    "tls_version_client_min": (lambda value: value in {"TLS1_2", "TLS1_3"}, "older versions of TLS are broken"),
    "tls_version_server_min": (lambda value: value in {"TLS1_2", "TLS1_3"}, "older versions of TLS are broken"),
    "websocket": (bool, "WebSocket messages would pass unread"),
    "validate_inbound_headers": (bool, "smuggled requests would pass unread"),
    "ssl_insecure": (lambda value: not value, "DingTalk's own certificate would not be checked"),
    "http3": (lambda value: not value, "QUIC is refused, so that clients fall back to TCP"),
    "connection_strategy": (lambda value: value == "lazy", "servers would be dialled before the verdict"),
    "upstream_cert": (lambda value: not value, "servers would be dialled before the verdict"),
    "body_size_limit": (lambda value: not value, "it would also cut downloads; use limits.body in cerco.yaml"),
    "show_ignored_hosts": (lambda value: not value, "other hosts' traffic would be kept in memory"),
    "store_streamed_bodies": (lambda value: not value, "other hosts' traffic would be kept in memory"),
}


class Options:
    """The fence around mitmproxy's options."""

    def configure(self, updated: set[str]) -> None:
        """Check what changed.

        Raises:
            OptionsError: an option would let content pass unread.
        """
        for name, (acceptable, why) in SAFE.items():
            if name in updated and not acceptable(getattr(ctx.options, name)):
                raise OptionsError(f"Option {name} cannot be set on the gate: {why}. Leave it out.")
