"""The gate's mitmproxy addons: a flow comes in, a verdict is applied.

In:    a `Gate`.
Out:   `gate_addons`, the addons in the order in which mitmproxy asks them.
Never: a way past the guard: every hook that could let content through is wrapped by `guard.fails_closed`.
"""

from cerco.desk.front import Front
from cerco.runtime.gate import Gate
from proxy_addons.frames import Frames
from proxy_addons.heartbeats import Heartbeats
from proxy_addons.holding import Holding
from proxy_addons.in_page import InPage
from proxy_addons.layers import Layers
from proxy_addons.notices import Notices
from proxy_addons.options import Options
from proxy_addons.oversize import Oversize
from proxy_addons.quic import Quic
from proxy_addons.requests import Requests
from proxy_addons.routes import Routes
from proxy_addons.tls import Tls


def gate_addons(gate: Gate) -> list[object]:
    """Return the addons in order: what is refused early comes first, what answers for the gate itself last."""
    front = Front(gate)
    return [
        Options(),
        Layers(gate),
        Tls(gate),
        Quic(gate),
        Routes(gate),
        Oversize(gate),
        Holding(gate),
        InPage(gate, front),
        Requests(gate),
        Heartbeats(),
        Frames(gate),
        Notices(gate, front),
    ]
