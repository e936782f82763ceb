"""Dial other addresses than the names say, where the operator configured it: split DNS, and the lab.

In:    mitmproxy's `server_connect` hook, and `connect_to` of the settings.
Out:   the address that is dialled; server name and certificate check stay those of the name.
Never: a route nobody configured.
"""

from fnmatch import fnmatchcase

from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from cerco.runtime.gate import Gate
from proxy_addons.guard import fails_closed


def refuse(data: ServerConnectionHookData) -> None:
    """Keep the connection from being opened."""
    data.server.error = "refused by Cerco"


class Routes:
    """Where connections are dialled."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._routes = [(_with_port(pattern), target) for pattern, target in gate.settings.connect_to.items()]

    @fails_closed(refuse)
    async def server_connect(self, data: ServerConnectionHookData) -> None:
        """Replace the address by the first route whose pattern matches "host:port"."""
        if data.server.address is None:
            return
        host, port = data.server.address[:2]
        asked = f"{host.lower()}:{port}"
        for pattern, target in self._routes:
            if fnmatchcase(asked, pattern):
                address, _, number = target.rpartition(":")
                data.server.address = (address.strip("[]"), int(number)) if number.isdigit() else (target, port)
                return


def _with_port(pattern: str) -> str:
    """Return the pattern with a port: one that names none means every port."""
    return pattern.lower() if ":" in pattern.rpartition("]")[2] else f"{pattern.lower()}:*"
