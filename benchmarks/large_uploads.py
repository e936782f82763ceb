"""What a large upload costs: straight to the stand-in for DingTalk's store, and through a gate before it, side by side.

Run: .venv/bin/python benchmarks/large_uploads.py [megabytes]

Each round sends the same English text of 300 MB, over TLS, to the stand-in, through the gate to the stand-in, and
through the gate with an identity number at its end. The gate holds all of it until its scanner has read it, so what it
adds is the time of one scan and one more transfer. The targets are that its proxy process takes at most 200 MB of
memory for that, and that nothing of the refused one is at the stand-in.
"""

import http.client
import socket
import ssl
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import yaml

from tests.e2e import world as worlds
from tests.e2e.test_large_uploads import BLOCK, LINE, NUMBER, Memory

ROUNDS = 2
HOST = "zjk.trans.dingtalk.com"
TARGET = 200  # MB of memory


def put(port: int, ca: Path, pieces: list[bytes], *, proxy: bool) -> float:
    """Put a file; return how many seconds that took, the answer included."""

    def body() -> Iterator[bytes]:
        yield from pieces

    context = ssl.create_default_context(cafile=str(ca))
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=300)
    if proxy:
        connection.set_tunnel(HOST, 443)
    else:  # under the name of the store
        connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=HOST)
    began = perf_counter()
    headers = {"Content-Length": str(sum(map(len, pieces))), "Host": HOST}
    connection.request("PUT", "/yundisk0/bench.file", body(), headers)
    connection.getresponse().read()
    connection.close()
    return perf_counter() - began


def main(arguments: list[str]) -> int:
    """Print a line for each way; return 1 where a target is missed."""
    size = int(arguments[0]) if arguments else 300
    text = [BLOCK] * (size * 1_000_000 // len(BLOCK))
    took: dict[str, list[float]] = {"direct": [], "through the gate": [], "refused by it": []}
    grown = 0
    missed = False
    with tempfile.TemporaryDirectory(prefix="cerco-bench-") as folder, worlds.regular(Path(folder) / "world") as world:
        port = int(yaml.safe_load(world.config.read_text("utf-8"))["connect_to"]["*:443"].rpartition(":")[2])
        for _ in range(ROUNDS):
            took["direct"].append(put(port, world.origin_ca, text, proxy=False))
            for way, end in (("through the gate", b"the end\n"), ("refused by it", NUMBER + LINE)):
                memory, before = Memory(world), world.journal.stat().st_size
                took[way].append(put(world.proxy.port, world.proxy.ca_file or Path(), [*text, end], proxy=True))
                grown = max(grown, memory.growth())
                missed |= way == "refused by it" and world.journal.stat().st_size != before
            world.journal.write_bytes(b"")
    base = median(took["direct"])
    for way, seconds in took.items():
        rounds = ", ".join(f"{one:.1f}" for one in seconds)
        print(f"{way:18} {median(seconds):6.1f} s   {median(seconds) / base:5.2f} x direct   (rounds: {rounds})")
    print(f"memory of the proxy process: + {grown / 1e6:.0f} MB at most (target {TARGET})")
    print(f"of the refused ones at the stand-in: {'something' if missed else 'nothing'}")
    return int(missed or grown > TARGET * 1_000_000)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
