"""No option that would let content pass unread can be set, at start or later; those that harm nothing can."""

from typing import Any

import pytest
from mitmproxy.exceptions import OptionsError

from cerco.runtime.gate import Gate
from cerco.runtime.proxy import _options
from proxy_addons.options import SAFE
from tests.proxy_addons.flows import Relay, make_gate

DANGEROUS: dict[str, Any] = {
    "stream_large_bodies": "1m",
    "ignore_hosts": ["dingtalk"],
    "allow_hosts": ["example"],
    "tcp_hosts": ["dingtalk"],
    "udp_hosts": ["dingtalk"],
    "websocket": False,
    "validate_inbound_headers": False,
    "ssl_insecure": True,
    "http3": True,
    "connection_strategy": "eager",
    "upstream_cert": True,
    "body_size_limit": "1m",
    "show_ignored_hosts": True,
    "store_streamed_bodies": True,
    "tls_version_client_min": "TLS1",
    "tls_version_server_min": "UNBOUNDED",
    "mode": ["reverse:tcp://oapi.dingtalk.com:80"],
}


@pytest.fixture
def options(gate: Gate) -> Any:
    """mitmproxy's options as a running gate has them."""
    made = Relay(gate).tctx.options
    for name in ("tls_version_client_min", "tls_version_server_min"):
        made.add_option(name, str, "TLS1_2", "as mitmproxy's TLS addon adds it")
    return made


def test_the_table_is_whole() -> None:
    assert DANGEROUS.keys() == SAFE.keys()


@pytest.mark.parametrize("name", DANGEROUS)
def test_a_dangerous_option_is_refused_and_rolled_back(options: Any, name: str) -> None:
    before = getattr(options, name)
    with pytest.raises(OptionsError, match=f"^Option {name} cannot be set on the gate: .*\\. Leave it out\\.$"):
        options.update(**{name: DANGEROUS[name]})
    assert getattr(options, name) == before


@pytest.mark.parametrize("name", ["stream_large_bodies=1m", "ignore_hosts=.*", "websocket=false", "mode=dns"])
def test_so_it_is_where_it_comes_from_the_command_line(options: Any, name: str) -> None:
    with pytest.raises(OptionsError, match="cannot be set on the gate"):
        options.set(name)


@pytest.mark.parametrize(
    "mode",
    [
        "reverse:tls://oapi.dingtalk.com",
        "reverse:udp://oapi.dingtalk.com:443",
        "reverse:dtls://oapi.dingtalk.com:443",
        "reverse:dns://oapi.dingtalk.com",
        "reverse:http3://oapi.dingtalk.com",
        "reverse:quic://oapi.dingtalk.com:443",
        "dns",
        "nonsense",
    ],
)
def test_a_mode_in_which_requests_are_not_seen_is_refused(options: Any, mode: str) -> None:
    with pytest.raises(OptionsError):
        options.update(mode=["regular", mode])


@pytest.mark.parametrize(
    "mode",
    ["regular", "transparent", "regular@8081", "reverse:https://oapi.dingtalk.com", "reverse:http://oapi.dingtalk.com"],
)
def test_a_mode_in_which_they_are_seen_is_not(options: Any, mode: str) -> None:
    options.update(mode=[mode])
    assert options.mode == [mode]


@pytest.mark.parametrize(
    ("name", "value"),
    [("http2", False), ("tls_version_server_min", "TLS1_3"), ("tcp_timeout", 60), ("stream_large_bodies", None)],
)
def test_harmless_options_can_be_set(options: Any, name: str, value: Any) -> None:
    options.update(**{name: value})
    assert getattr(options, name) == value


@pytest.mark.parametrize("upstream", ["prefer", "require"])
def test_what_the_gate_itself_sets_is_among_what_it_allows(upstream: str) -> None:
    chosen = _options(make_gate(tls={"upstream": upstream}).settings)
    assert all(SAFE[name][0](value) for name, value in chosen.items() if name in SAFE)
    assert chosen["tls_version_server_min"] == {"prefer": "TLS1_2", "require": "TLS1_3"}[upstream]
