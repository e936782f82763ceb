"""Runs the stand-in: one listener for TLS, one for cleartext, and whatever else turns up is written down too.

In:    an address, ports, a directory; connections.
Out:   `journal.jsonl` and the certificates in the directory; one JSON line on stdout when ready.
Never: bytes that arrive and are not in the journal, whatever protocol they speak.

A connection is looked at before it is served: TLS and HTTP go to the web server over a Unix socket, anything else
(DingTalk's own LWS, a broken client) is kept as a "raw" entry.
"""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import ssl
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import ASGIFramework

from cerco.lab.certs import make
from cerco.lab.journal import Entry, Journal
from cerco.lab.standin import create

CHUNK = 65_536  # bytes read at a time
BACKLOG = 100
# What a request can start with: methods (RFC 9110, RFC 5789) and HTTP/2's preface (RFC 9113).
METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"DELETE ", b"OPTIONS ", b"PATCH ", b"TRACE ", b"CONNECT ", b"PRI ")
LONGEST = max(map(len, METHODS))


@dataclass(frozen=True, slots=True)
class Options:
    """Where to listen; port 0 takes a free one, `raw` None opens no raw listener. `tls_max` is "1.2" or None."""

    host: str
    https: int
    http: int
    raw: int | None
    directory: Path
    tls_max: str | None = None


class Front:
    """Looks at a connection's first bytes, then carries it to the web server or into the journal."""

    def __init__(self, journal: Journal, tls: Path, clear: Path) -> None:
        self._journal = journal
        self._tls = tls  # Unix sockets of the web server
        self._clear = clear
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection to its end."""
        with self._held(writer):
            first = await _first(reader)
            target = self._target(first)
            if target is None:
                await self._keep(first, reader)
            else:
                inner_reader, inner_writer = await asyncio.open_unix_connection(str(target))
                with self._held(inner_writer):
                    inner_writer.write(first)
                    await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))

    async def keep(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Journal one connection of the raw listener, without looking at what it speaks."""
        with self._held(writer):
            await self._keep(b"", reader)

    def close(self) -> None:
        """Close every connection that is still open."""
        for writer in self._open:
            writer.close()

    @contextlib.contextmanager
    def _held(self, writer: asyncio.StreamWriter) -> Iterator[None]:
        self._open.add(writer)
        try:
            with contextlib.suppress(ConnectionError):  # the peer went away; what it sent is in the journal
                yield
        finally:
            self._open.discard(writer)
            writer.close()

    def _target(self, first: bytes) -> Path | None:
        if first[:2] == b"\x16\x03":
            return self._tls
        return self._clear if first.startswith(METHODS) else None

    async def _keep(self, data: bytes, reader: asyncio.StreamReader) -> None:
        identity, at = secrets.token_hex(8), time.time()
        whole = b""
        while data or (data := await reader.read(CHUNK)):
            self._journal.write("piece", Entry("raw", identity, at, body=data))
            whole += data
            data = b""
        if whole:  # not for those who only try whether the port is open
            self._journal.write("raw", Entry("raw", identity, at, body=whole))


async def _first(reader: asyncio.StreamReader) -> bytes:
    """Read until it is clear what the connection speaks, or as much as there is."""
    data = b""
    while len(data) < LONGEST and (more := await reader.read(LONGEST - len(data))):
        data += more
        if data[:2] == b"\x16\x03" or data.startswith(METHODS):
            break
        if not any(word.startswith(data) for word in (*METHODS, b"\x16\x03")):
            break
    return data


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy to the end, then close the other side too: a web server answers to nobody who has hung up."""
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        writer.close()
    except OSError:
        writer.transport.abort()  # one side broke off: the other must see that, not a tidy end


def _unix_listener(path: Path) -> str:
    """Open a Unix socket that queues connections from now on; return it in Hypercorn's notation for an open one."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(BACKLOG)
    return f"fd://{listener.detach()}"


async def run(options: Options) -> None:
    """Serve until SIGINT or SIGTERM; print one JSON line when every port is open."""
    certificates = make(options.directory, datetime.now(UTC))
    journal = Journal(options.directory / "journal.jsonl")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="cerco-lab-") as sockets:  # socket paths have to be short
        tls, clear = Path(sockets, "tls"), Path(sockets, "clear")
        front = Front(journal, tls, clear)
        listeners = [
            await asyncio.start_server(front.serve, options.host, options.https),
            await asyncio.start_server(front.serve, options.host, options.http),
        ]
        if options.raw is not None:
            listeners.append(await asyncio.start_server(front.keep, options.host, options.raw))
        config = _Config()
        config.bind = [_unix_listener(tls)]
        config.insecure_bind = [_unix_listener(clear)]
        config.certfile, config.keyfile = str(certificates.chain), str(certificates.key)
        config.tls_max = options.tls_max
        config.errorlog = None

        async def stopped() -> None:
            await stop.wait()
            for listener in listeners:
                listener.close()
            front.close()

        ports = [listener.sockets[0].getsockname()[1] for listener in listeners]
        ready = {"ready": True, "pid": os.getpid(), "https": ports[0], "http": ports[1]}
        ready |= {"raw": ports[2] if options.raw is not None else None}
        ready |= {"ca": str(certificates.ca), "journal": str(journal.path)}
        print(json.dumps(ready), flush=True)  # noqa: T201 - the line whoever started us waits for
        await serve(cast("ASGIFramework", create(journal)), config, shutdown_trigger=stopped)
    journal.close()


class _Config(Config):
    """Hypercorn's configuration, with a ceiling for the TLS version (to see who accepts less than 1.3)."""

    tls_max: str | None = None

    def create_ssl_context(self) -> ssl.SSLContext | None:
        context = super().create_ssl_context()
        if context is not None and self.tls_max == "1.2":
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m cerco.lab.server", description="The DingTalk stand-in.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--https-port", type=int, default=0, help="port for TLS; 0 takes a free one")
    parser.add_argument("--http-port", type=int, default=0, help="port for cleartext; 0 takes a free one")
    parser.add_argument("--raw-port", type=int, help="port that journals any bytes and answers nothing")
    parser.add_argument("--dir", type=Path, required=True, help="directory for journal and certificates")
    parser.add_argument("--tls-max", choices=["1.2"], help="highest TLS version offered")
    given = parser.parse_args()
    options = Options(given.host, given.https_port, given.http_port, given.raw_port, given.dir, given.tls_max)
    asyncio.run(run(options))


if __name__ == "__main__":
    main()
