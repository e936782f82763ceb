import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cerco.decide.load import load
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.outbound import Outbound, Wire
from cerco.dingtalk.read import read as read_wire
from cerco.dingtalk.scope import Scope

RULES = Path(__file__).parents[2] / "rules/dingtalk"

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]


@pytest.fixture(scope="session")
def scope() -> Scope:
    return Scope.model_validate(yaml.safe_load((RULES / "scope.yaml").read_text()))


@pytest.fixture(scope="session")
def endpoints() -> Endpoints:
    return load((RULES / "endpoints.yaml").read_text(), "endpoints.yaml", Endpoints)


@pytest.fixture(scope="session")
def read(scope: Scope, endpoints: Endpoints) -> Read:
    """Read a request or frame with the shipped scope and endpoints."""

    def make(wire: Wire, **options: Any) -> Outbound:
        return read_wire(wire, scope, endpoints=endpoints, **options)

    return make


@pytest.fixture(scope="session")
def send() -> Send:
    """Make a request: "POST host/path", its body as bytes or as what JSON is made of."""

    def make(line: str, body: object = b"", kind: str | None = None, **headers: str) -> Wire:
        method, _, url = line.partition(" ")
        host, slash, path = url.partition("/")
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = kind or ("application/octet-stream" if isinstance(body, bytes) else "application/json")
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return Wire(method, "https", host, 443, slash + path, (("Content-Type", kind), *named), data, "192.0.2.9")

    return make


@pytest.fixture(scope="session")
def frame() -> Send:
    """Make a WebSocket message to web chat, or to another host."""

    def make(body: object, host: str = "webalfa.dingtalk.com", *, is_text: bool = True) -> Wire:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Wire("WEBSOCKET", "wss", host, 443, "/long", (), data, "192.0.2.9", is_text=is_text)

    return make
