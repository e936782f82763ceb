"""Let WebSocket heartbeats through, but nothing that could be said in them; and no message without an end.

Ping, pong and close frames carry up to 125 bytes of the sender's choice (RFC 6455, section 5.5), which mitmproxy
relays without asking anyone.

In:    control frames on their way to the server, and its answers.
Out:   the same frames with payloads that mean nothing; answers bear the payload the client asked with.
Never: a byte of a control frame's payload that the client chose.
"""

import secrets
from collections.abc import Generator
from typing import Any

from mitmproxy.connection import Server
from mitmproxy.proxy import commands
from mitmproxy.proxy.layers import websocket
from wsproto.events import CloseConnection, Event, Message, Ping, Pong
from wsproto.frame_protocol import CloseReason

# Pings that wait for their pong at one time; clients send one and wait.
WAITING = 64


class Connection(websocket.WebsocketConnection):
    """One side of a relayed WebSocket; the side of the server veils what it is sent."""

    longest = 64 * 1024 * 1024  # bytes of one message from the client, unpacked; `Frames` sets it as the site says

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._length = 0  # of the message that is being received
        self._pings: dict[bytes, bytes] = {}  # what the server was pinged with -> what the client had asked
        self._asked: tuple[bytes, ...] = ()  # what the server has pinged with

    def send2(self, event: Event) -> commands.SendData:
        """Encode an event; towards the server, without payloads the client chose."""
        return super().send2(self._veil(event) if isinstance(self.conn, Server) else event)

    def events(self) -> Generator[Event]:
        """Yield what was received; pongs of the server bear their ping's own payload again."""
        for event in super().events():
            if isinstance(self.conn, Server):
                yield self._unveil(event)
            elif self._too_long(event):
                yield CloseConnection(code=CloseReason.MESSAGE_TOO_BIG)
                return
            else:
                yield event

    def _too_long(self, event: Event) -> bool:
        if not isinstance(event, Message):
            return False
        self._length += len(event.data)
        too_long = self._length > self.longest
        if event.message_finished:
            self._length = 0
        return too_long

    def _veil(self, event: Event) -> Event:
        match event:
            case Ping(payload=payload) if payload:
                token = secrets.token_bytes(4)
                self._pings[token] = bytes(payload)
                while len(self._pings) > WAITING:
                    self._pings.pop(next(iter(self._pings)))
                return Ping(payload=token)
            case Pong(payload=payload) if bytes(payload) not in self._asked:
                return Pong()
            case CloseConnection(code=code):
                return CloseConnection(code=code)
            case _:
                return event

    def _unveil(self, event: Event) -> Event:
        match event:
            case Pong(payload=payload) if original := self._pings.pop(bytes(payload), None):
                return Pong(payload=original)
            case Ping(payload=payload):
                self._asked = (bytes(payload), *self._asked[: WAITING - 1])
                return event
            case _:
                return event


class Heartbeats:
    """Puts the veil over every WebSocket the gate relays."""

    def load(self, _: object) -> None:
        """Replace the class mitmproxy makes its WebSocket connections of."""
        websocket.WebsocketConnection = Connection  # type: ignore[misc]
