"""Dial other addresses than the names say, where the operator configured it: split DNS, and the lab.

In:    mitmproxy's `server_connect` hook, and `connect_to` of the settings.
Out:   the address that is dialled; server name and certificate check stay those of the name.
Never: a route nobody configured.
"""

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

    @fails_closed(refuse)
    async def server_connect(self, data: ServerConnectionHookData) -> None:
        """Replace the address by the one that `connect_to` gives for it, if any."""
        if data.server.address and (target := self.gate.settings.dial(*data.server.address[:2])):
            data.server.address = target
