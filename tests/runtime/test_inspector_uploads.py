"""The inspector with uploads in parts: however a file is cut, it is judged as the file it is, and a refusal sticks."""

import asyncio
import base64
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import md5
from itertools import count, pairwise
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.dingtalk.held import Content, Held
from cerco.dingtalk.outbound import Reply, Wire
from cerco.evidence.justifications import Justifications
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Limits, Why
from cerco.lab.objects import pack
from cerco.lab.payloads import FORMATS, Kind, make
from cerco.runtime.decision import Decision
from cerco.runtime.inspector import PART_ALONE, Bounds, Inspector
from cerco.runtime.known import KnownStores
from cerco.runtime.news import News
from cerco.runtime.reasons import Reasons
from cerco.runtime.rulebook import Rulebook, load_rulebook
from cerco.runtime.scanner_process import scan_file
from cerco.runtime.scanners import ScannerPool, ScanReport
from cerco.runtime.settings import packaged_rules
from cerco.runtime.talk import Talk
from cerco.runtime.telemetry import Telemetry
from cerco.runtime.uploads import Uploads
from cerco.scan.detector import Detector
from cerco.state.conversations import Conversations
from cerco.state.drift import Drift
from cerco.state.grants import Grants
from cerco.state.holding import Holding
from cerco.state.ledger import Ledger
from cerco.state.spool import Spool, SpoolError

SITE = b"site key of the tests, 32 bytes."
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
STORE = "zjk.trans.dingtalk.com"
LIMIT = 1 << 22
MEMORY = 100  # bytes of a file that is put together in memory
CLEAN = b"cup, red\numbrella, blue\ntowel, green\n" * 20
DIRTY = CLEAN + "姓名,澳門居民身份證號碼\n陳大文,5123456(7)\n".encode() + CLEAN
CUT = DIRTY.index(b"5123456(7)") + 4  # through the number


class InProcess:
    """What a scanner process does, done here."""

    async def scan_file(self, data: Content, name: str | None, place: str) -> ScanReport:
        data = data.whole() if isinstance(data, Held) else data
        made = scan_file(detector(), data, name, place, Limits())
        return ScanReport(tuple(made.findings), tuple(made.coverage), made.bytes_read)


@dataclass
class Gate:
    """An inspector, its stores, and the store behind it that takes whatever it is sent."""

    inspector: Inspector
    spool: Spool
    folder: Path
    now: list[datetime] = field(default_factory=lambda: [NOW])

    def send(self, wire: Wire, status: int | None = 200, body: object = b"") -> Decision:
        async def run() -> Decision:
            decision = await self.inspector.inspect(wire, 60.0)
            if decision.forwards and status is not None:
                said = body if isinstance(body, bytes) else json.dumps(body).encode()
                await self.inspector.learn(wire, Reply(status, (), said), decision)
            return decision

        return asyncio.run(run())

    def parts_kept(self) -> int:
        return sum(len(file.name) == 32 for file in (self.folder / "spool").iterdir())


@cache
def shipped() -> Rulebook:
    return load_rulebook(packaged_rules())


@cache
def detector() -> Detector:
    return Detector(shipped().rules, SITE)


@contextmanager
def opened(folder: Path, *, enforce: bool = True, most: int = LIMIT, each: int | None = None) -> Iterator[Gate]:
    """Open a gate; loading the recognisers takes longer than a test, so all tests share them."""
    spool = Spool(folder / "spool", SITE, most=most, each=each)
    ledger = Ledger(folder / "ledger.db", SITE)
    evidence = EvidenceStore(folder / "evidence.db")
    grants = Grants(folder / "grants.db", SITE)
    justifications = Justifications(folder / "justifications.db", SITE)
    now = [NOW]
    conversations = Conversations(folder / "conversations.db", SITE)
    drift = Drift(folder / "drift.db", SITE)
    pool = cast("ScannerPool", InProcess())
    inspector = Inspector(
        shipped(),
        detector=detector(),
        pool=pool,
        ledger=ledger,
        reasons=Reasons(grants, justifications, SITE),
        evidence=evidence,
        telemetry=Telemetry(None, {}),
        uploads=Uploads(spool, pool, Holding(folder / "held", LIMIT), limit=LIMIT, memory=MEMORY),
        talk=Talk(conversations, detector()),
        news=News(shipped(), drift),
        stores=KnownStores(),
        bounds=Bounds(enforce=enforce, inline=1 << 20, body=LIMIT, patience=120.0, refuse_cleartext=False),
        clock=lambda: now[0],
    )
    yield Gate(inspector, spool, folder, now)
    for store in (spool, ledger, evidence, grants, justifications, conversations, drift):
        store.close()


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with opened(tmp_path) as made:
        yield made


def request(line: str, body: object = b"", kind: str = "application/octet-stream", **headers: str) -> Wire:
    method, _, url = line.partition(" ")
    host, slash, path = url.partition("/")
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Wire(method, "https", host, 443, slash + path, (("Content-Type", kind), *named), data, "192.0.2.9")


def frame(step: str, **fields: object) -> Wire:
    body = json.dumps({"lwp": f"/r/FileUpload/{step}", "headers": {"mid": "7c2f0011 0"}, "body": [fields]}).encode()
    return Wire("WEBSOCKET", "wss", "webalfa.dingtalk.com", 443, "/long", (), body, "192.0.2.9")


def part(number: int, data: bytes, upload: str = "U", name: str = "a") -> Wire:
    return request(f"PUT {STORE}/yundisk0/{name}.file?partNumber={number}&uploadId={upload}", data)


def complete(parts: Iterable[tuple[int, bytes]], upload: str = "U", name: str = "a") -> Wire:
    listed = "".join(
        f'<Part><PartNumber>{number}</PartNumber><ETag>"{md5(data).hexdigest().upper()}"</ETag></Part>'  # noqa: S324
        for number, data in parts
    )
    body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
    return request(f"POST {STORE}/yundisk0/{name}.file?uploadId={upload}", body, "application/xml")


def commit(name: str = "a", title: str = "plan.csv", key: str | None = None) -> Wire:
    body = {"uploadKey": key or pack({1: 1, 5: f"#{name}"}), "name": title, "parentId": "0"}
    return request("POST api.dingtalk.com/v1.0/storage/spaces/9/files/commit", body, "application/json")


def chunk(number: int, data: bytes, upload: str = "W") -> Wire:
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'
    line = f"POST oapi.dingtalk.com/file/upload/chunk?agent_id=1&upload_id={upload}&chunk_sequence={number}"
    return request(line, head.encode() + data + b"\r\n--b--\r\n", "multipart/form-data; boundary=b")


def close(total: int, upload: str = "W") -> Wire:
    line = f"GET oapi.dingtalk.com/file/upload/transaction?agent_id=1&chunk_numbers={total}&upload_id={upload}"
    return request(line)


def note(media: str) -> Wire:
    body = {"chatid": "c", "msgtype": "file", "file": {"media_id": media}}
    return request("POST oapi.dingtalk.com/chat/send?access_token=t", body, "application/json")


def rules_of(decision: Decision) -> set[str]:
    return {finding.rule for finding in decision.verdict.findings}


def whys(decision: Decision) -> set[Why]:
    return {gap.why for gap in decision.verdict.coverage}


def oss_steps(pieces: list[bytes], order: list[int], name: str = "a") -> list[Wire]:
    parts = list(enumerate(pieces, 1))
    return [*(part(*parts[at], "U", name) for at in order), complete(parts, "U", name)]


def chunk_steps(pieces: list[bytes], order: list[int], name: str = "W") -> list[Wire]:
    return [*(chunk(at + 1, pieces[at], name) for at in order), close(len(pieces), name)]


def chat_steps(pieces: list[bytes], order: list[int], name: str = "m") -> list[Wire]:
    """The last one rides in the closing frame."""
    last = len(pieces) - 1
    text = [base64.b64encode(data).decode() for data in pieces]
    media = f"@{name}"
    frags = [frame("frag", uploadInfo=name, mediaId=media, partNumber=at, body=text[at]) for at in order if at != last]
    closing = frame("ci", uploadId=name, mediaId=media, partNumber=last, body=text[last], totalPartNumber=last + 1)
    return [*frags, closing]


def append_steps(pieces: list[bytes], order: list[int], name: str = "a") -> list[Wire]:
    """Appends come in their order, whatever is asked for."""
    offsets = [sum(map(len, pieces[:at])) for at in range(len(order))]
    line = f"POST {STORE}/yundisk0/{name}.file?append&position="
    return [request(f"{line}{offset}", data) for offset, data in zip(offsets, pieces, strict=True)]


FLOWS: dict[str, Callable[..., list[Wire]]] = {
    "object store": oss_steps,
    "older upload": chunk_steps,
    "web chat": chat_steps,
    "append": append_steps,
}


def refused_at(gate: Gate, steps: Iterable[Wire]) -> int | None:
    """Send the steps one after another; return the first that was refused. A client stops there."""
    return next((at for at, wire in enumerate(steps) if not gate.send(wire).forwards), None)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_number_across_the_cut_is_found_when_the_file_is_whole(gate: Gate, flow: str) -> None:
    steps = FLOWS[flow]([DIRTY[:CUT], DIRTY[CUT:]], [0, 1])
    assert refused_at(gate, steps) == len(steps) - 1
    decision = gate.send(steps[-1])
    assert "macau-id-card" in rules_of(decision)
    assert gate.parts_kept() == 0


@pytest.mark.parametrize("flow", FLOWS)
def test_a_part_that_alone_convicts_is_refused_at_once(gate: Gate, flow: str) -> None:
    steps = FLOWS[flow]([CLEAN, DIRTY, CLEAN], [0, 1, 2])
    assert refused_at(gate, steps) == 1
    assert gate.parts_kept() == 0


@pytest.mark.parametrize("flow", FLOWS)
def test_clean_parts_pass_at_every_step(gate: Gate, flow: str) -> None:
    assert refused_at(gate, FLOWS[flow]([CLEAN, CLEAN, b"x"], [1, 0, 2])) is None


@pytest.mark.parametrize("flow", FLOWS)
def test_after_a_refused_step_every_later_one_is_refused(gate: Gate, flow: str) -> None:
    steps = FLOWS[flow]([CLEAN, DIRTY, CLEAN], [0, 1, 2])
    later = {
        "object store": [commit()],
        "append": [commit()],
        "older upload": [],
        "web chat": [
            Wire("WEBSOCKET", "wss", "webalfa.dingtalk.com", 443, "/long", (), body, "192.0.2.9")
            for body in [b'{"lwp":"/r/IDLSend/send","body":[{"content":{"photoContent":{"mediaId":"@m"}}}]}']
        ],
    }[flow]
    assert gate.send(steps[0]).forwards
    gate.now[0] += timedelta(days=30)
    for wire in [*steps[1:], *later]:
        assert not gate.send(wire).forwards


def archive(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("a.csv", data)
    return out.getvalue()


@pytest.mark.parametrize(("data", "goes"), [(CLEAN, True), (DIRTY, False)], ids=["clean", "dirty"])
@pytest.mark.parametrize("flow", sorted(set(FLOWS) - {"append"}))
def test_half_an_archive_passes_and_the_whole_is_opened(gate: Gate, flow: str, data: bytes, goes: bool) -> None:
    packed = archive(data)
    *parts, last = [gate.send(wire) for wire in FLOWS[flow]([packed[:90], packed[90:]], [0, 1])]
    assert all(decision.forwards for decision in parts)
    assert (PART_ALONE in parts[0].verdict.decisions, whys(parts[0])) != (False, set()), "it says what was not read"
    assert last.forwards is goes
    assert not goes or (PART_ALONE not in last.verdict.decisions and not whys(last))


def test_half_an_archive_that_is_published_at_once_is_refused(gate: Gate) -> None:
    assert refused_at(gate, append_steps([archive(CLEAN)[:90]], [0])) == 0


@dataclass(frozen=True)
class Cut:
    """A file, where it is cut, and how its parts travel."""

    kind: Kind
    form: str
    flow: str
    cuts: list[float]
    seed: int

    @property
    def data(self) -> bytes:
        return make(self.kind, form=self.form, seed=self.seed).data

    def steps(self, name: str) -> list[Wire]:
        edges = [0, *sorted(int(cut * len(self.data)) for cut in self.cuts), len(self.data)]
        pieces = [self.data[start:end] for start, end in pairwise(edges) if start < end]
        order = list(range(len(pieces)))
        random.Random(self.seed).shuffle(order)  # noqa: S311 - an order, not a secret
        return FLOWS[self.flow](pieces, order, name)


CUTS = st.builds(
    Cut,
    st.sampled_from(Kind),
    st.sampled_from(FORMATS),
    st.sampled_from(sorted(set(FLOWS) - {"append"})),  # of which every part is published at once
    st.lists(st.floats(0, 1), max_size=5),
    st.integers(0, 10_000),
)


def test_any_cut_and_any_order_end_as_the_whole_does(gate: Gate) -> None:
    number = count()

    @settings(max_examples=40, deadline=None)
    @given(cut=CUTS)
    def ends_as_the_whole(cut: Cut) -> None:
        name = f"file{next(number)}"
        whole = gate.send(request(f"PUT {STORE}/yundisk0/whole-{name}.file", cut.data)).forwards
        assert (refused_at(gate, cut.steps(name)) is None) is whole

    ends_as_the_whole()


def test_parts_sent_again_and_in_parallel_make_the_same_file(gate: Gate) -> None:
    pieces = [DIRTY[:CUT], DIRTY[CUT:]]

    async def send() -> list[Decision]:
        wires = [part(number, data) for number, data in enumerate(pieces, 1)] * 3
        return await asyncio.gather(*(gate.inspector.inspect(wire, 60.0) for wire in wires))

    assert all(decision.forwards for decision in asyncio.run(send()))
    assert gate.parts_kept() == 2
    assert not gate.send(complete(enumerate(pieces, 1))).forwards


def test_the_last_one_of_a_part_counts(gate: Gate) -> None:
    gate.send(part(1, DIRTY[:CUT]))
    gate.send(part(1, CLEAN))
    gate.send(part(2, DIRTY[CUT:]))
    assert gate.send(complete([(1, CLEAN), (2, DIRTY[CUT:])])).forwards


@pytest.mark.parametrize("bogus", [1, 2], ids=["first part", "second part"])
def test_a_part_the_store_did_not_take_does_not_hide_the_one_it_took(gate: Gate, bogus: int) -> None:
    """The client sends a harmless part under a spoiled signature after the real one."""
    pieces = {1: DIRTY[:CUT], 2: DIRTY[CUT:]}
    for number, data in pieces.items():
        gate.send(part(number, data))
    gate.send(part(bogus, CLEAN), status=403)
    assert not gate.send(complete(pieces.items())).forwards


def test_without_checksums_every_way_the_parts_may_meet_is_read(gate: Gate) -> None:
    for data in (DIRTY[:CUT], CLEAN):
        gate.send(chunk(1, data))
    for data in (CLEAN, DIRTY[CUT:]):
        gate.send(chunk(2, data))
    assert not gate.send(close(2)).forwards


def test_only_the_parts_that_are_listed_make_the_file(gate: Gate) -> None:
    """What is left out must not stand between two halves of a number."""
    pieces = {1: DIRTY[:CUT], 2: CLEAN, 3: DIRTY[CUT:]}
    for number, data in pieces.items():
        assert gate.send(part(number, data)).forwards
    assert not gate.send(complete([(1, pieces[1]), (3, pieces[3])])).forwards


def test_the_commit_puts_together_what_nobody_completed(gate: Gate) -> None:
    """DingTalk's own multipart: signed addresses for the parts, and no call that completes them but the commit."""
    init = request(
        "POST api.dingtalk.com/v1.0/storage/spaces/files/multiPartUploadInfos/query",
        {"uploadKey": "opaque", "partNumbers": [1, 2]},
        "application/json",
    )
    signed = {"resourceUrls": [f"https://{STORE}/yundisk0/a.file?partNumber=1&uploadId=U"]}
    answer = {"multipartHeaderSignatureInfos": [{"partNumber": 1, "headerSignatureInfo": signed}]}
    assert gate.send(init, 200, answer).forwards
    for number, data in enumerate((DIRTY[:CUT], DIRTY[CUT:]), 1):
        assert gate.send(part(number, data)).forwards
    refused = gate.send(commit(key="opaque"))
    assert "macau-id-card" in rules_of(refused)
    assert not refused.forwards


def test_a_clean_upload_is_committed_once_put_together_and_not_called_unseen(gate: Gate) -> None:
    gate.send(part(1, CLEAN))
    assert gate.send(complete([(1, CLEAN)])).forwards
    decision = gate.send(commit())
    assert (decision.forwards, whys(decision)) == (True, set())


def test_a_commit_that_puts_together_counts_as_having_seen_the_bytes(gate: Gate) -> None:
    gate.send(part(1, CLEAN))
    first = gate.send(commit(), status=None)
    again = gate.send(commit())
    assert (first.forwards, again.forwards, whys(first) | whys(again)) == (True, True, set())


def test_a_name_that_announces_customers_is_tagged_at_the_commit_not_at_the_store(gate: Gate) -> None:
    data = "客戶名單\n".encode() + CLEAN
    assert gate.send(part(1, data)).action == "allowed"
    assert gate.send(complete([(1, data)])).action == "allowed"
    assert gate.send(commit(title="客戶名單.csv")).action == "tagged"


def test_parts_are_kept_until_the_store_has_taken_the_file(gate: Gate) -> None:
    gate.send(part(1, CLEAN))
    assert gate.send(complete([(1, CLEAN)]), status=503).forwards
    assert gate.parts_kept() == 1
    assert gate.send(complete([(1, CLEAN)]), status=200).forwards
    assert gate.parts_kept() == 0
    again = gate.send(complete([(1, CLEAN)]))
    assert (again.forwards, whys(again)) == (True, set()), "its answer got lost"


@pytest.mark.parametrize(("status", "kept"), [(204, 0), (403, 1)], ids=["given up", "not given up"])
def test_parts_are_kept_until_the_store_has_given_the_upload_up(gate: Gate, status: int, kept: int) -> None:
    gate.send(part(1, CLEAN))
    assert gate.send(request(f"DELETE {STORE}/yundisk0/a.file?uploadId=U"), status).forwards
    assert gate.parts_kept() == kept
    decision = gate.send(complete([(1, CLEAN)]))
    assert decision.forwards is bool(kept)


def test_a_refused_upload_may_be_given_up(gate: Gate) -> None:
    assert not gate.send(part(1, DIRTY)).forwards
    assert gate.send(request(f"DELETE {STORE}/yundisk0/a.file?uploadId=U")).forwards


def test_an_upload_goes_on_after_a_restart_on_another_day(tmp_path: Path) -> None:
    with opened(tmp_path) as gate:
        assert gate.send(part(1, DIRTY[:CUT])).forwards
    with opened(tmp_path) as gate:
        gate.now[0] += timedelta(hours=40)
        assert gate.send(part(2, DIRTY[CUT:])).forwards
        assert not gate.send(complete([(1, DIRTY[:CUT]), (2, DIRTY[CUT:])])).forwards


def test_an_upload_left_too_long_is_refused_not_forgotten(gate: Gate) -> None:
    gate.send(part(1, DIRTY[:CUT]))
    gate.now[0] += timedelta(hours=49)
    late = gate.send(part(2, DIRTY[CUT:]))
    assert (late.forwards, whys(late)) == (False, {Why.TIMED_OUT})
    assert not gate.send(complete([(1, DIRTY[:CUT]), (2, DIRTY[CUT:])])).forwards


def test_a_part_that_never_passed_here_is_said_to_be_unseen(gate: Gate) -> None:
    gate.send(part(1, CLEAN))
    assert whys(gate.send(complete([(1, CLEAN), (2, CLEAN)]))) == {Why.UNSEEN}
    assert whys(gate.send(complete([(1, CLEAN)], "V", "b"))) == {Why.UNSEEN}


def test_a_part_copied_inside_the_store_is_said_to_be_unseen(gate: Gate) -> None:
    gate.send(part(1, CLEAN))
    line = f"PUT {STORE}/yundisk0/a.file?partNumber=1&uploadId=U"
    gate.send(request(line, x_oss_copy_source="/bucket/yundisk0/other.file"))
    assert Why.UNSEEN in whys(gate.send(complete([(1, CLEAN)])))


@pytest.mark.parametrize("limits", [{"most": 3000}, {"each": 3000}], ids=["of all", "of one"])
def test_what_there_is_no_room_for_is_refused(tmp_path: Path, limits: dict[str, int]) -> None:
    with opened(tmp_path, most=limits.get("most", LIMIT), each=limits.get("each")) as gate:
        sent = [gate.send(part(number, CLEAN + bytes([64 + number]))) for number in range(1, 6)]
        refused = [decision for decision in sent if not decision.forwards]
        assert whys(refused[0]) == {Why.TOO_LARGE}
        assert not sent[-1].forwards
        assert sent[0].forwards
        assert not gate.send(complete([(1, CLEAN + b"A")])).forwards


@pytest.mark.parametrize(
    "wire",
    [
        request(f"PUT {STORE}/yundisk0/a.file?partNumber=x&uploadId=U", CLEAN),
        request(f"POST {STORE}/yundisk0/a.file?uploadId=U", b"<broken", "application/xml"),
        frame("frag", uploadInfo="I", body=base64.b64encode(CLEAN).decode()),
    ],
    ids=["part", "list", "fragment"],
)
def test_a_step_nobody_can_place_is_malformed(gate: Gate, wire: Wire) -> None:
    decision = gate.send(wire)
    assert (decision.forwards, Why.MALFORMED in whys(decision)) == (False, True)


def test_the_media_id_of_a_finished_upload_is_known(gate: Gate) -> None:
    gate.send(chunk(1, CLEAN))
    assert gate.send(close(1), 200, {"errcode": 0, "media_id": "@clean"}).forwards
    decision = gate.send(note("@clean"))
    assert (decision.forwards, whys(decision)) == (True, set())
    assert whys(gate.send(note("@other"))) == {Why.UNSEEN}


def test_while_the_site_only_observes_everything_goes_and_is_judged_all_the_same(tmp_path: Path) -> None:
    with opened(tmp_path, enforce=False) as gate:
        sent = [gate.send(wire) for wire in oss_steps([DIRTY[:CUT], DIRTY[CUT:]], [0, 1])]
        assert [decision.action for decision in sent] == ["allowed", "allowed", "observed"]


def test_a_spool_that_fails_stops_the_part(gate: Gate) -> None:
    gate.spool.close()
    with pytest.raises(SpoolError):
        gate.send(part(1, CLEAN))


def test_parts_lie_encrypted_while_they_wait(gate: Gate) -> None:
    gate.send(part(1, DIRTY[:CUT]))
    gate.send(part(2, DIRTY[CUT:]))
    files = [file for file in (gate.folder / "spool").iterdir() if file.is_file()]
    assert len(files) > 2
    for file in files:
        assert CLEAN[:20] not in file.read_bytes()
        assert DIRTY[CUT - 4 : CUT] not in file.read_bytes()


def test_a_simple_upload_is_judged_as_before(gate: Gate) -> None:
    assert gate.send(request(f"PUT {STORE}/yundisk0/a.file", CLEAN)).forwards
    decision = gate.send(commit())
    assert (decision.forwards, whys(decision)) == (True, set())
    assert not gate.send(request(f"PUT {STORE}/yundisk0/b.file", DIRTY)).forwards
    assert not gate.send(commit("b")).forwards
    assert gate.parts_kept() == 0
