"""Pieces: every way an upload travels in parts, each step known for what it is, and never by guess."""

import base64
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.dingtalk.outbound import Key, Outbound, Piece, Reply, Step, Wire
from cerco.dingtalk.pieces import brought, find, inner, taken
from cerco.dingtalk.read import read
from cerco.dingtalk.scope import Scope

type Send = Callable[..., Wire]
type Ask = Callable[..., Piece | None]

STORE = "zjk.trans.dingtalk.com/yundisk0/a.file"
SET = Key("upload", "yundisk0/a.file?U1")
LIST = b"<Part><PartNumber>1</PartNumber><ETag>&quot;AB&quot;</ETag></Part>"
CHAT = Scope(suffixes=("dingtalk.com",), channels={"lwp": ("webalfa.dingtalk.com",)})


def wrapped(parts: bytes) -> bytes:
    return b"<CompleteMultipartUpload>" + parts + b"</CompleteMultipartUpload>"


@pytest.fixture
def ask(send: Send, scope: Scope) -> Ask:
    def piece(line: str, body: object = b"", kind: str | None = None, **headers: str) -> Piece | None:
        wire = send(line, body, kind, **headers)
        return find(wire, read(wire, scope))

    return piece


@pytest.mark.parametrize(
    ("line", "piece"),
    [
        pytest.param(f"POST {STORE}?uploads", Piece(Key("object", "yundisk0/a.file"), Step.START), id="start"),
        pytest.param(f"POST {STORE}?uploads=", Piece(Key("object", "yundisk0/a.file"), Step.START), id="start, ="),
        pytest.param(f"PUT {STORE}?partNumber=7&uploadId=U1", Piece(SET, Step.PART, 7), id="part"),
        pytest.param(f"PUT {STORE}?uploadId=U1&partNumber=7&Signature=x%3D", Piece(SET, Step.PART, 7), id="presigned"),
        pytest.param(f"PUT {STORE}?part%4Eumber=7&%75ploadId=U1", Piece(SET, Step.PART, 7), id="percent-encoded"),
        pytest.param(f"DELETE {STORE}?uploadId=U1", Piece(SET, Step.ABORT), id="abort"),
        pytest.param(
            f"POST {STORE}?append&position=9",
            Piece(Key("upload", "yundisk0/a.file?append"), Step.PART, offset=9),
            id="append",
        ),
        pytest.param(f"PUT {STORE}", Piece(Key("object", "yundisk0/a.file"), Step.WHOLE), id="put"),
        pytest.param(f"GET {STORE}?uploadId=U1", None, id="list of parts"),
        pytest.param(f"GET {STORE}", None, id="download"),
        pytest.param("PUT api.dingtalk.com/v1.0/x?partNumber=1&uploadId=U1", None, id="not a store"),
    ],
)
def test_an_object_stores_steps(ask: Ask, line: str, piece: Piece | None) -> None:
    assert ask(line, b"data") == piece


@pytest.mark.parametrize(
    "path",
    ["/yundisk0/a.file", "/yundisk0%2Fa.file", "//yundisk0/a.file"],
)
@pytest.mark.parametrize("host", ["zjk.trans.dingtalk.com", "lippi-space-zjk.oss-cn-zhangjiakou.aliyuncs.com"])
def test_one_upload_has_one_name_however_it_is_addressed(ask: Ask, host: str, path: str) -> None:
    assert ask(f"PUT {host}{path}?partNumber=1&uploadId=U1", b"x") == Piece(SET, Step.PART, 1)


@pytest.mark.parametrize(
    "query",
    [
        "partNumber=1&partNumber=2&uploadId=U1",
        "partNumber=1&uploadId=U1&uploadId=U2",
        "partNumber=x&uploadId=U1",
        "partNumber=-1&uploadId=U1",
        "partNumber=&uploadId=U1",
        "uploadId=U1",
        "partNumber=1",
        "partNumber=1&uploadId=",
        f"partNumber={'9' * 19}&uploadId=U1",
    ],
)
def test_a_part_that_does_not_say_clearly_which_it_is_is_broken(ask: Ask, query: str) -> None:
    piece = ask(f"PUT {STORE}?{query}", b"x")
    assert piece is not None
    assert (piece.step, piece.broken) == (Step.PART, True)


@pytest.mark.parametrize("query", ["append", "append&position=x", "append&position=1&position=2"])
def test_an_append_that_does_not_say_where_is_broken(ask: Ask, query: str) -> None:
    piece = ask(f"POST {STORE}?{query}", b"x")
    assert piece is not None
    assert piece.broken


def test_a_part_copied_by_the_store_brings_nothing(ask: Ask) -> None:
    piece = ask(f"PUT {STORE}?partNumber=2&uploadId=U1", b"", x_oss_copy_source="/bucket/other")
    assert piece == Piece(SET, Step.COPY, 2)
    assert ask(f"PUT {STORE}", b"", x_oss_copy_source="/bucket/other") is None


@pytest.mark.parametrize(
    ("body", "listed"),
    [
        pytest.param(wrapped(LIST), ((1, "AB"),), id="one"),
        pytest.param(
            b'<?xml version="1.0" encoding="UTF-8"?>\n<CompleteMultipartUpload xmlns="x">\n <Part>\n<PartNumber> 2 '
            b'</PartNumber>\n<ETag>"cd"</ETag></Part>\n'
            b"<Part><ETag>ab</ETag><PartNumber>1</PartNumber></Part>\n</CompleteMultipartUpload>\n",
            ((1, "AB"), (2, "CD")),
            id="spread out, other order",
        ),
        pytest.param(wrapped(b"<Part><PartNumber>1</PartNumber></Part>"), ((1, ""),), id="no ETag"),
        pytest.param(
            wrapped(b"<Part><PartNumber>1</PartNumber><ETag>A</ETag><ChecksumCRC64>9</ChecksumCRC64></Part>"),
            ((1, "A"),),
            id="with a checksum",
        ),
        pytest.param(wrapped(b""), (), id="none"),
    ],
)
def test_a_list_of_parts_is_read_as_the_store_reads_it(
    ask: Ask, body: bytes, listed: tuple[tuple[int, str], ...]
) -> None:
    assert ask(f"POST {STORE}?uploadId=U1", body, "application/xml") == Piece(SET, Step.FINISH, listed=listed)


@pytest.mark.parametrize(
    "parts",
    [
        LIST + b"<!-- " + LIST + b" -->",
        LIST.replace(b"1", b"<![CDATA[1]]>"),
        LIST.replace(b">1<", b">&#49;<"),
        LIST + LIST,
        LIST.replace(b"</ETag>", b"</PartNumber>"),
        LIST.replace(b"<PartNumber>1</PartNumber>", b""),
        LIST.replace(b"<PartNumber>1", b"<PartNumber>1</PartNumber><PartNumber>2"),
        b"<x:Part><PartNumber>1</PartNumber></x:Part>",
        LIST + b"text",
    ],
    ids=["comment", "cdata", "entity", "twice", "wrong end", "no number", "two numbers", "prefix", "text"],
)
def test_a_list_of_parts_in_any_other_spelling_is_broken(ask: Ask, parts: bytes) -> None:
    piece = ask(f"POST {STORE}?uploadId=U1", wrapped(parts), "application/xml")
    assert piece is not None
    assert (piece.step, piece.broken, piece.listed) == (Step.FINISH, True, None)


@pytest.mark.parametrize(
    "body", [b"not xml", b"<CompleteMultipartUpload>", b'<!DOCTYPE x [<!ENTITY a "1">]>' + wrapped(LIST)]
)
def test_a_body_that_is_no_list_is_broken(ask: Ask, body: bytes) -> None:
    piece = ask(f"POST {STORE}?uploadId=U1", body, "application/xml")
    assert piece is not None
    assert piece.broken


def test_a_store_that_is_told_to_take_all_parts_takes_all(ask: Ask) -> None:
    everything = Piece(SET, Step.FINISH)
    assert ask(f"POST {STORE}?uploadId=U1", b"", x_oss_complete_all="yes") == everything
    assert ask(f"POST {STORE}?uploadId=U1") == everything


def test_a_long_list_is_read_at_once(ask: Ask) -> None:
    parts = b"".join(LIST.replace(b">1<", b">%d<" % number) for number in range(1, 10_001))
    piece = ask(f"POST {STORE}?uploadId=U1", wrapped(parts), "application/xml")
    assert piece is not None
    assert piece.listed is not None
    assert (len(piece.listed), piece.listed[-1]) == (10_000, (10_000, "AB"))


def test_a_posted_object_is_whole(ask: Ask) -> None:
    form = (
        b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nyundisk0/${filename}\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nx\r\n--b--\r\n'
    )
    piece = ask("POST zjk.trans.dingtalk.com/", form, "multipart/form-data; boundary=b")
    assert piece == Piece(Key("object", "yundisk0/a.csv"), Step.WHOLE)


def chunk(data: bytes, *more: tuple[str, str]) -> bytes:
    fields = "".join(f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in more)
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'
    return (fields + head).encode() + data + b"\r\n--b--\r\n"


FORM = "multipart/form-data; boundary=b"
CHUNKS = "oapi.dingtalk.com/file/upload/chunk?access_token=t&agent_id=1"
CLOSE = "GET oapi.dingtalk.com/file/upload/transaction?access_token=t&agent_id=1&file_size=9"


def test_a_chunk_of_the_older_upload(send: Send, scope: Scope) -> None:
    wire = send(f"POST {CHUNKS}&upload_id=W&chunk_sequence=2", chunk(b"data"), FORM)
    outbound = read(wire, scope)
    assert find(wire, outbound) == Piece(Key("upload", "W"), Step.PART, 2)
    assert brought(outbound) == b"data"


def test_a_chunk_may_name_itself_in_the_form(ask: Ask) -> None:
    body = chunk(b"data", ("upload_id", "W"), ("chunk_sequence", "3"))
    assert ask(f"POST {CHUNKS}", body, FORM) == Piece(Key("upload", "W"), Step.PART, 3)


@pytest.mark.parametrize(
    "query", ["&upload_id=W", "&chunk_sequence=1", "&upload_id=W&chunk_sequence=1&chunk_sequence=2"]
)
def test_a_chunk_that_does_not_say_which_it_is_is_broken(ask: Ask, query: str) -> None:
    piece = ask(f"POST {CHUNKS}{query}", chunk(b"data"), FORM)
    assert piece is not None
    assert piece.broken


def test_a_chunk_that_says_two_things_in_two_places_is_broken(ask: Ask) -> None:
    piece = ask(f"POST {CHUNKS}&upload_id=W&chunk_sequence=1", chunk(b"data", ("chunk_sequence", "3")), FORM)
    assert piece is not None
    assert piece.broken


def test_the_transaction_opens_and_closes_the_older_upload(ask: Ask) -> None:
    assert ask(f"{CLOSE}&chunk_numbers=2") is None
    assert ask(f"{CLOSE}&chunk_numbers=2&upload_id=W") == Piece(Key("upload", "W"), Step.FINISH, total=2)


DATA = base64.b64encode(b"bytes of a picture").decode()


@pytest.mark.parametrize("uri", ["/r/FileUpload/{}", "/up/{}"], ids=["newer", "older"])
@pytest.mark.parametrize(
    ("step", "fields", "piece"),
    [
        ("pre", {"conversationId": "1", "fileLen": 9}, None),
        (
            "frag",
            {"uploadInfo": "I", "mediaId": "@m", "partNumber": 0, "body": DATA},
            Piece(Key("upload", "I"), Step.PART, 0),
        ),
        ("frag", {"uploadInfo": "I", "partNumber": "12", "body": DATA}, Piece(Key("upload", "I"), Step.PART, 12)),
        (
            "ci",
            {"uploadId": "I", "mediaId": "@m", "partNumber": 3, "body": DATA, "totalPartNumber": 4},
            Piece(Key("upload", "I"), Step.FINISH, 3, total=4),
        ),
        ("ci", {"uploadId": "I", "totalPartNumber": 4}, Piece(Key("upload", "I"), Step.FINISH, total=4)),
        ("abt", {"uploadId": "I"}, Piece(Key("upload", "I"), Step.ABORT)),
    ],
    ids=["pre", "frag", "frag, number in a string", "ci", "ci without a part", "abt"],
)
def test_web_chats_steps(frame: Send, uri: str, step: str, fields: dict[str, object], piece: Piece | None) -> None:
    wire = frame({"lwp": uri.format(step), "headers": {"mid": "7c2f0011 0"}, "body": [fields]})
    assert find(wire, read(wire, CHAT)) == piece


@pytest.mark.parametrize(
    "body",
    [
        [{"uploadInfo": "I", "body": DATA}],
        [{"uploadInfo": "I", "partNumber": "x", "body": DATA}],
        [{"partNumber": 0, "body": DATA}],
        [{"uploadInfo": "I", "partNumber": 0, "body": DATA}, {"uploadInfo": "I", "partNumber": 1, "body": DATA}],
        [{"uploadInfo": "I", "uploadId": "J", "partNumber": 0, "body": DATA}],
    ],
    ids=["no number", "no number at all", "no upload", "two fragments", "two uploads"],
)
def test_a_fragment_that_does_not_say_clearly_which_it_is_is_broken(frame: Send, scope: Scope, body: object) -> None:
    wire = frame({"lwp": "/r/FileUpload/frag", "headers": {"mid": "7c2f0011 0"}, "body": body})
    piece = find(wire, read(wire, scope))
    assert piece is not None
    assert piece.broken


def test_a_fragment_is_known_however_its_frame_is_written(frame: Send, scope: Scope) -> None:
    fields = [{"uploadInfo": "I"}, {"partNumber": 4}, {"body": DATA}]
    text = json.dumps({"lwp": "/r/FileUpload/frag?id=12345", "body": fields}).replace("FileUpload", "\\u0046ileUpload")
    wire = frame(text.encode())
    outbound = read(wire, scope)
    assert find(wire, outbound) == Piece(Key("upload", "I"), Step.PART, 4)
    assert brought(outbound) == b"bytes of a picture"


@pytest.mark.parametrize("data", [b"x", b"1234567", b""], ids=["one byte", "few", "none"])
def test_a_short_fragment_is_still_bytes(frame: Send, scope: Scope, data: bytes) -> None:
    fields = {"uploadInfo": "I", "partNumber": 4, "body": base64.b64encode(data).decode()}
    outbound = read(frame({"lwp": "/r/FileUpload/frag", "body": [fields]}), scope)
    assert brought(outbound) == (data or None)


@pytest.mark.parametrize("uri", ["/r/IDLSend/send", "/r/FileUpload/fragment", "/r/FileUpload/query"])
def test_other_frames_are_no_steps(frame: Send, scope: Scope, uri: str) -> None:
    wire = frame({"lwp": uri, "body": [{"uploadInfo": "I", "partNumber": 4, "body": DATA}]})
    assert find(wire, read(wire, scope)) is None


def test_several_files_in_one_step_cannot_be_told_apart(send: Send, scope: Scope) -> None:
    twice = chunk(b"one").removesuffix(b"--b--\r\n") + chunk(b"two")
    outbound: Outbound = read(send(f"POST {CHUNKS}&upload_id=W&chunk_sequence=2", twice, FORM), scope)
    with pytest.raises(ValueError, match="several"):
        brought(outbound)


@pytest.mark.parametrize(
    ("data", "first", "kept"),
    [
        (b"a,1\nb,2\nc,3\n", True, b"a,1\nb,2\nc,3\n"),
        (b"a,1\nb,2\nc,3", True, b"a,1\nb,2\n"),
        (b"567(8)\nb,2\nc,3", False, b"b,2\n"),
        ("號碼：1234567(8)，請".encode(), True, "號碼：1234567(8)，請".encode()),
        (b"67(8) \xe8\xab\x8b 123", False, b"\xe8\xab\x8b"),
        (b"PK\x03\x04\0\0\n12", False, b"PK\x03\x04\0\0\n12"),
        (b"1234567", False, b""),
        (b"", False, b""),
    ],
    ids=["lines", "torn end", "torn ends", "one line", "torn words", "binary", "nothing left", "empty"],
)
def test_what_stands_at_a_cut_is_left_for_later(data: bytes, first: bool, kept: bytes) -> None:
    assert inner(data, first=first) == kept


@given(st.binary(max_size=200), st.booleans())
def test_a_part_alone_is_a_piece_of_the_part(data: bytes, first: bool) -> None:
    kept = inner(data, first=first)
    assert isinstance(kept, bytes)
    assert kept in data


@pytest.mark.parametrize(
    ("status", "body", "yes"),
    [
        (200, b"", True),
        (204, b"", True),
        (200, b"<?xml version='1.0'?><CompleteMultipartUploadResult/>", True),
        (200, b"<?xml version='1.0'?><Error><Code>InternalError</Code></Error>", False),
        (403, b"", False),
        (404, b"<Error/>", False),
        (200, b'{"errcode":0,"media_id":"@x"}', True),
        (200, b'{"errcode":40014,"errmsg":"x"}', False),
        (200, b'{"errcode":"40014"}', False),
        (200, b'{"dentry":{"id":"1"}}', True),
    ],
)
def test_whether_a_step_was_taken_is_read_from_the_answer(status: int, body: bytes, yes: bool) -> None:
    assert taken(Reply(status, (), body)) is yes
