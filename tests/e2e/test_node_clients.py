"""Node's DingTalk clients through the gate: what arrived, and what the client was told.

The packages are those people install from npm; `node/` holds one small script for each. Most take the proxy from
their environment or an option; the official SDK takes none, so it is pointed at the gate in reverse mode.
"""

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cerco.lab.clients import WEBHOOK
from cerco.lab.journal import Entry
from cerco.lab.objects import ACCESS_KEY, ACCESS_SECRET
from cerco.lab.payloads import Kind, Payload, make
from tests.e2e import world as worlds
from tests.e2e.world import World

HERE = Path(__file__).with_name("node")
MODULES = HERE / "node_modules"
INSTALL = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
INSTALL_SECONDS = 100.0  # below pytest's own limit, so that npm's words are shown
CALL_SECONDS = 40.0
SESSION = "https://oapi.dingtalk.com/robot/sendBySession?session=lab"


@dataclass(frozen=True, slots=True)
class Told:
    """What a client made of the answer."""

    ok: bool
    outcome: str
    error: str


@dataclass(frozen=True, slots=True)
class Site:
    """A gate that is a forward proxy and, on a second port, DingTalk's API itself."""

    world: World
    node: str  # path of the program
    reverse: int  # TCP port on loopback

    def call(self, name: str, payload: Payload) -> Told:
        """Send a payload with one client, in a process of its own."""
        script, given = self._given(name, payload)
        kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        if script != "alicloud.mjs":
            kept["HTTPS_PROXY"] = kept["https_proxy"] = str(self.world.proxy.url)
        done = subprocess.run(
            [self.node, script],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=CALL_SECONDS,
            cwd=HERE,
            env=kept | {"NODE_EXTRA_CA_CERTS": str(self.world.proxy.ca_file)},
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return Told(**json.loads(done.stdout.splitlines()[-1]))

    def _given(self, name: str, payload: Payload) -> tuple[str, dict[str, Any]]:
        if name.startswith("sdk-"):
            call = name.removeprefix("sdk-")
            return "alicloud.mjs", {"endpoint": f"localhost:{self.reverse}", "call": call, "text": payload.text}
        if name.startswith("oss-"):
            return "oss.mjs", {
                "proxy": self.world.proxy.url,
                "endpoint": "https://zjk.trans.dingtalk.com",
                "bucket": "lippi-space-zjk",
                "key": ACCESS_KEY,
                "secret": ACCESS_SECRET,
                "call": name.removeprefix("oss-"),
                "name": f"yundisk0/{payload.name_marker}.file",
                "data": base64.b64encode(payload.data).decode(),
            }
        if name == "stream-reply":
            return "stream_reply.mjs", {"session": SESSION, "text": payload.text}
        title = payload.title if name == "robot-sender-markdown" else None
        return "robot_sender.mjs", {"webhook": WEBHOOK, "text": payload.text, "title": title}


@pytest.fixture(scope="module")
def node() -> str:
    """Install the packages once; return the path of the program that runs them."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        pytest.skip(f"{'npm' if program else 'node'} is not installed: Node's DingTalk clients cannot be run")
    wanted = (HERE / "package.json").read_text()
    stamp = MODULES / ".installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        done = subprocess.run(
            [npm, *INSTALL], cwd=HERE, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
        assert done.returncode == 0, f"npm could not install what package.json names: {done.stderr[-2000:]}"
        stamp.write_text(wanted)
    return program


@pytest.fixture(scope="module")
def site(node: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    port = worlds.free_port()
    modes = ["regular", f"reverse:https://api.dingtalk.com@127.0.0.1:{port}"]
    with worlds.regular(tmp_path_factory.mktemp("node") / "world", {"mode": modes}) as running:
        yield Site(running, node, port)


MESSAGES = {
    "robot-sender-text": "oapi.dingtalk.com",
    "robot-sender-markdown": "oapi.dingtalk.com",
    "stream-reply": "oapi.dingtalk.com",
    "sdk-robot": "api.dingtalk.com",
    "sdk-group": "api.dingtalk.com",
    "sdk-todo": "api.dingtalk.com",
}
WHOLE = MESSAGES | {"oss-put": "zjk.trans.dingtalk.com"}
# The method that carries a part, and the file's format. An append may always be the last one, so what it leaves must be
# readable: half a table of text is, half a workbook is a broken file and refused as one.
IN_PARTS = {"oss-parts": ("PUT", "xlsx"), "oss-append": ("POST", "csv")}


def of_object(site: Site, payload: Payload) -> list[Entry]:
    """Return what arrived for the object a payload is put into, in the order it arrived."""
    return [entry for entry in site.world.entries() if payload.name_marker in entry.path]


def completes(entry: Entry) -> bool:
    """Tell whether a request puts the parts of an upload together."""
    return entry.method == "POST" and "uploadId=" in entry.path


@pytest.mark.parametrize("name", WHOLE)
def test_clean_content_arrives_once_as_it_was_sent(site: Site, name: str) -> None:
    payload = make(Kind.CLEAN, "zh-Hant", "xlsx", f"node/{name}/clean")
    told = site.call(name, payload)
    assert told.ok, told
    (arrived,) = site.world.received(payload.marker)
    assert arrived.host.partition(":")[0] == WHOLE[name]
    if name in MESSAGES:
        assert any(payload.text in text for text in arrived.strings())
    else:
        assert arrived.body == payload.data


@pytest.mark.parametrize("name", IN_PARTS)
def test_a_clean_file_in_parts_arrives_byte_for_byte(site: Site, name: str) -> None:
    method, form = IN_PARTS[name]
    payload = make(Kind.CLEAN, "zh-Hant", form, f"node/{name}/clean")
    told = site.call(name, payload)
    assert told.ok, told
    arrived = of_object(site, payload)
    assert sum(map(completes, arrived)) == (name == "oss-parts")
    parts = [entry.body for entry in arrived if entry.method == method]
    assert len(parts) == 2
    assert b"".join(parts) == payload.data


@pytest.mark.parametrize("name", IN_PARTS)
def test_a_file_in_parts_with_macau_ids_never_becomes_whole(site: Site, name: str) -> None:
    """Half a workbook cannot be read: only the two put together convict it. Half a table of text can, and does."""
    payload = make(Kind.ID, "zh-Hant", IN_PARTS[name][1], f"node/{name}/id")
    told = site.call(name, payload)
    assert not told.ok
    record = site.world.record(told.error)
    assert record is not None, told
    assert record["action"] == "blocked"
    assert "macau-id-card" in {finding["rule"] for finding in record["verdict"]["findings"]}
    arrived = of_object(site, payload)
    assert not any(completes(entry) for entry in arrived)
    if name == "oss-append":
        assert arrived == []


@pytest.mark.parametrize("name", WHOLE)
def test_a_macau_id_never_arrives_and_the_client_says_which_record_tells_why(site: Site, name: str) -> None:
    payload = make(Kind.ID, "zh-Hant", "xlsx", f"node/{name}/id")
    told = site.call(name, payload)
    assert site.world.received(payload.marker) == ()
    assert not told.ok
    record = site.world.record(told.error)
    assert record is not None, told
    assert record["action"] == "blocked"
    assert record["destination"]["host"] == WHOLE[name]
    assert "macau-id-card" in {finding["rule"] for finding in record["verdict"]["findings"]}
    assert not re.search(r"\d{7}\(\d\)", told.error)
