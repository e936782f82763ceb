import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from cerco.dingtalk.multipart import boundary_of, content, split

NAME = "客戶名單.xlsx"


@pytest.mark.parametrize(
    ("kind", "body", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"", b"abc"),
        ('multipart/form-data; charset=x; Boundary="a b:c"', b"", b"a b:c"),
        ("MULTIPART/mixed; boundary=abc; x=y", b"", b"abc"),
        ("multipart/form-data", b"--abc\r\nContent-Disposition: x\r\n\r\n", None),
        ("application/json", b"--abc\r\nContent-Disposition: x\r\n\r\n", b"abc"),
        ("", b"--abc\ncontent-type: x\n\n", b"abc"),
        ("", b"-- a remark\nand more", None),
        ("", b"--\r\ncontent-type: x\n\n", None),
        ("text/plain; boundary=abc", b"plain", None),
    ],
)
def test_the_boundary_is_found(kind: str, body: bytes, boundary: bytes | None) -> None:
    assert boundary_of(kind, body) == boundary


@pytest.mark.parametrize(
    ("disposition", "names"),
    [
        (f'filename="{NAME}"'.encode(), (NAME,)),
        (f"filename={NAME}; x=y".encode(), (NAME,)),
        (b"filename*=UTF-8''%E5%AE%A2%E6%88%B6%E5%90%8D%E5%96%AE.xlsx", (NAME,)),
        (b"filename*=utf-8'zh'%E5%AE%A2%E6%88%B6%E5%90%8D%E5%96%AE.xlsx", (NAME,)),
        (b"filename*=Big5''%AB%C8%A4%E1%A6W%B3%E6.xlsx", (NAME,)),
        (b"filename=\"a.xlsx\"; filename*=UTF-8''%E5%AE%A2%E6%88%B6%E5%90%8D%E5%96%AE.xlsx", ("a.xlsx", NAME)),
        (b"filename*0*=UTF-8''%E5%AE%A2%E6%88%B6; filename*1*=%E5%90%8D%E5%96%AE; filename*2=\".xlsx\"", (NAME,)),
        (f'filename="{NAME}"'.encode().decode("latin-1").encode(), (NAME.encode().decode("latin-1"), NAME)),
        (b'filename="=?utf-8?B?5a6i5oi25ZCN5ZauLnhsc3g=?="', ("=?utf-8?B?5a6i5oi25ZCN5ZauLnhsc3g=?=", NAME)),
        (rb'filename="C:\docs\a \"b\".txt"', (r'C:\docs\a "b".txt',)),
        (b'filename=""', ("",)),
        (b'name="x"', ()),
        (b'filenames="x"', ()),
    ],
)
def test_a_file_name_is_read_in_every_spelling(disposition: bytes, names: tuple[str, ...]) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="media"; ' + disposition + b"\r\n\r\nPK\r\n--b--"
    (section,) = split(body, b"b").sections
    assert section.filenames == names
    assert section.field_name == "media" or disposition == b'name="x"'


def test_a_regional_file_name_has_every_plausible_reading() -> None:
    body = b'--b\r\nContent-Disposition: form-data; filename="' + NAME.encode("big5hkscs") + b'"\r\n\r\nPK\r\n--b--'
    assert NAME in split(body, b"b").sections[0].filenames


@pytest.mark.parametrize(
    ("transfer", "sent", "decoded", "fine"),
    [
        (b"base64", b"5a6i\r\n5oi2", "客戶".encode(), True),
        (b"base64", b"5a6i!", b"5a6i!", False),
        (b"quoted-printable", b"=E5=AE=A2=\r\n=E6=88=B6", "客戶".encode(), True),
        (b"binary", b"=E5", b"=E5", True),
        (b"x-own", b"=E5", b"=E5", False),
    ],
)
def test_a_transfer_encoding_is_undone(transfer: bytes, sent: bytes, decoded: bytes, fine: bool) -> None:
    body = b"--b\r\nContent-Transfer-Encoding: " + transfer + b"\r\n\r\n" + sent + b"\r\n--b--"
    (section,) = split(body, b"b").sections
    assert content(body, section) == (decoded, fine)


def test_what_headers_say_beside_the_name_is_kept() -> None:
    body = b'--b\r\nContent-Type: text/plain; name="1234567(8)"\r\nX-Note: 5100123(4)\r\n\r\nx\r\n--b--'
    (section,) = split(body, b"b").sections
    assert "1234567(8)" in section.remarks
    assert "5100123(4)" in section.remarks


@pytest.mark.parametrize(
    ("body", "outside"),
    [
        pytest.param(b"--b\r\n\r\nx\r\n", b"", id="no-closing-line"),
        pytest.param(b"--c\r\n\r\nx\r\n--c--", b"--c\r\n\r\nx\r\n--c--", id="another-boundary"),
        pytest.param(b"before\r\n--b\r\n\r\nx\r\n--b--\r\nafter", b"before\n\r\nafter", id="something-outside"),
    ],
)
def test_what_is_not_in_a_section_is_not_lost(body: bytes, outside: bytes) -> None:
    parts = split(body, b"b")
    assert parts.outside == outside
    assert not (parts.whole and not outside)


@given(
    st.lists(st.binary(max_size=40).filter(lambda data: b"--edge" not in data), min_size=1, max_size=4),
    st.sampled_from([b"\r\n", b"\n"]),
)
@hypothesis(max_examples=100, deadline=None)
def test_sections_come_back_byte_for_byte(contents: list[bytes], end: bytes) -> None:
    body = b"".join(
        b'--edge%bContent-Disposition: form-data; name="f"%b%b%b%b' % (end, end, end, data, end) for data in contents
    )
    parts = split(body + b"--edge--" + end, b"edge")
    taken = [body[section.start : section.end] for section in parts.sections]
    # Where lines end in LF, a CR before the boundary could belong to either; it is taken for the line's end.
    assert [data.rstrip(b"\r") for data in taken] == [data.rstrip(b"\r") for data in contents]
    assert end == b"\n" or taken == contents
    assert parts.whole
