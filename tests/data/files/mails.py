"""Mail as it travels and as Outlook keeps it, address books and calendars."""

import base64
import gzip
import quopri
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage, Message
from pathlib import Path

from tests.data.files.planting import COMMITTED, Made, committed, packed, planted, sentence

_MESSAGE = "outlook.msg"
_HIDING = ("subject", "text body", "html body", "attachment", "attached message", "recipient")
_PLACES = {
    "subject": ("subject",),
    "text body": ("body",),
    "html body": ("body (html)",),
    "attachment": ("attachment 1 (名單.csv)",),
    "attached message": ("attachment 2", "body"),
    "recipient": ("recipient 1",),
}
# Encodings that mail claims to be in, and words that can be written in each.
_CLAIMED = {
    "big5": "身份證",
    "gb18030": "身份證号码",
    "utf-16": "身份證",
    "utf-7": "身份證",
    "iso2022_jp": "ID card",
    "hz": "身份证",
}
# Run where msgforge is installed: pip install msgforge (MIT). Its builder knows no attached messages; its writer does.
_FORGE = """
import json, sys
from msgforge import Message
from msgforge import _builder as builder
values = json.load(sys.stdin)
ole = builder._OleWriter()
root = ole.root

def unicode(parent, number, text):
    ole.add_stream(parent, f"__substg1.0_{number:04X}001F", text.encode("utf-16-le"))

def message(parent, subject, body, html=None):
    ole.add_stream(parent, "__properties_version1.0", bytes(32))
    unicode(parent, 0x0037, subject)
    unicode(parent, 0x1000, body)
    if html:
        ole.add_stream(parent, "__substg1.0_10130102", html.encode())

message(root, values["subject"], values["text body"], "<p>" + values["html body"] + "</p>")
recipient = ole.add_storage(root, "__recip_version1.0_#00000000")
ole.add_stream(recipient, "__properties_version1.0", bytes(8))
unicode(recipient, 0x3001, values["recipient"])
first = ole.add_storage(root, "__attach_version1.0_#00000000")
ole.add_stream(first, "__properties_version1.0", bytes(8))
unicode(first, 0x3707, "名單.csv")
ole.add_stream(first, "__substg1.0_37010102", values["attachment"].encode())
second = ole.add_storage(root, "__attach_version1.0_#00000001")
ole.add_stream(second, "__properties_version1.0", bytes(8))
message(ole.add_storage(second, "__substg1.0_3701000D"), "inner", values["attached message"])
sys.stdout.buffer.write(ole.build())
"""


def files() -> Iterator[Made]:
    """Yield the files."""
    yield _parts()
    yield _headers()
    yield from _charsets()
    yield _around()
    yield _locked()
    yield _mailbox()
    if (COMMITTED / f"{_MESSAGE}.gz").exists():
        here = tuple(planted(_MESSAGE, hiding, *_PLACES[hiding]) for hiding in _HIDING)
        yield Made(_MESSAGE, "msg", gzip.decompress(committed(f"{_MESSAGE}.gz")), here)
    yield _winmail()
    yield _contacts()
    yield _calendar()


def produce(folder: Path) -> None:
    """Make the Outlook message."""
    values = {hiding: sentence(planted(_MESSAGE, hiding).value) for hiding in _HIDING}
    with tempfile.TemporaryDirectory() as inside:
        subprocess.run([sys.executable, "-m", "venv", inside], check=True)
        subprocess.run([f"{inside}/bin/pip", "install", "-q", "msgforge"], check=True)
        import json

        made = subprocess.run(
            [f"{inside}/bin/python", "-c", _FORGE], input=json.dumps(values).encode(), capture_output=True, check=True
        ).stdout
    (folder / f"{_MESSAGE}.gz").write_bytes(gzip.compress(made, mtime=0))


def _mail(subject: str, body: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "chan@example.com", "lei@example.com", subject
    mail["Date"] = "Mon, 05 Jan 2026 09:00:00 +0800"
    mail.set_content(body)
    return mail


def _fixed(mail: Message) -> bytes:
    """Return a message with boundaries that are the same in every run."""
    for number, part in enumerate(mail.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            part.set_boundary(f"=={number}==")
    return mail.as_bytes()


def _parts() -> Made:
    name = "parts.eml"
    here = tuple(
        planted(name, hiding, *place)
        for hiding, place in (
            ("subject", ("subject",)),
            ("text", ("body",)),
            ("html", ("body (html)",)),
            ("hidden field", ("body (html)", "attributes")),
            ("table", ("attachment 1 (名單.csv)",)),
            ("zip", ("attachment 2 (a.zip)", "a.txt")),
            ("inner", ("attachment 3", "body")),
        )
    )
    subject, text, html, field, table, zipped, inner = (one.value for one in here)
    mail = _mail(f"客戶 {sentence(subject)}", sentence(text))
    hidden = field.replace("(", "&#40;")
    page = f"<p>{sentence(html)}</p><input type=hidden name='身份證' value='{hidden}'>"
    mail.add_alternative(page, subtype="html")
    mail.add_attachment(f"姓名,身份證\n陳大文,{table}\n".encode(), "text", "csv", filename="名單.csv")
    mail.add_attachment(packed({"a.txt": sentence(zipped)}), "application", "zip", filename="a.zip")
    mail.add_attachment(_mail("轉寄", sentence(inner)))
    return Made(name, "eml", _fixed(mail), here)


def _headers() -> Made:
    name = "headers.eml"
    here = tuple(
        planted(name, hiding, place)
        for hiding, place in (("encoded word", "subject"), ("raw bytes", "headers"), ("name of a file", "headers"))
    )
    word, raw, file = (one.value for one in here)
    encoded = base64.b64encode(f"身份證 {word}".encode("big5")).decode()
    coded_name = base64.b64encode(f"身份證{file}.txt".encode("gb18030")).decode()
    data = (
        b"From: a@example.com\r\nSubject: =?big5?B?" + encoded.encode() + b"?=\r\n"
        b"X-Note: " + f"身份證 {raw}".encode("big5") + b"\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: text/plain; name="=?GB18030?B?' + coded_name.encode() + b'?="\r\n'
        b"Content-Disposition: attachment\r\n\r\nx\r\n"
    )
    return Made(name, "eml", data, here)


def _charsets() -> Iterator[Made]:
    for codec, words in _CLAIMED.items():
        name = f"body-{codec}.eml"
        here = planted(name, codec, "body")
        text = f"{words} {here.value}\n"
        body = base64.encodebytes(text.encode(codec))
        head = f"From: a@example.com\nTo: b@example.com\nContent-Type: text/plain; charset={codec}\n"
        yield Made(name, "eml", head.encode() + b"Content-Transfer-Encoding: base64\n\n" + body, (here,))


def _around() -> Made:
    name = "around.eml"
    before, behind = planted(name, "before the parts", "before"), planted(name, "behind the parts", "behind")
    data = (
        "From: a@example.com\nTo: b@example.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"{sentence(before.value)}\n--b\nContent-Type: text/plain\n\nx\n--b--\n{sentence(behind.value)}\n"
    )
    return Made(name, "eml", data.encode(), (before, behind))


def _locked() -> Made:
    data = (
        b"From: a@example.com\nTo: b@example.com\nMIME-Version: 1.0\n"
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(bytes(range(256)) * 2)
    )
    return Made("smime.eml", "eml", data, (), (("encrypted part", "encrypted"), ("smime.p7m", "unknown_format")))


def _mailbox() -> Made:
    name = "archive.mbox"
    first, second = planted(name, "first message", "message 1"), planted(name, "second message", "message 2")
    data = b"".join(
        b"From a@example.com Mon Jan  5 09:00:00 2026\n" + _mail("早晨", sentence(one.value)).as_bytes() + b"\n"
        for one in (first, second)
    )
    return Made(name, "mbox", data, (first, second))


def _winmail() -> Made:
    name = "winmail.dat"
    body, title = planted(name, "body", "body"), planted(name, "subject", "subject")
    file, wide = planted(name, "attachment", "attachment 1 (list.csv)"), planted(name, "property", "headers")
    said = f"{sentence(wide.value)}\0".encode("utf-16-le")
    properties = struct.pack("<IHHII", 1, 0x001F, 0x0E04, 1, len(said)) + said.ljust((len(said) + 3) & ~3, b"\0")
    attributes = (
        (1, 0x00018004, f"{sentence(title.value)}\0".encode("big5")),
        (1, 0x0002800C, f"{sentence(body.value)}\0".encode("big5")),
        (1, 0x00069003, properties),
        (2, 0x00069002, bytes(14)),
        (2, 0x00018010, b"list.csv\0"),
        (2, 0x0006800F, f"姓名,身份證\n陳大文,{file.value}\n".encode()),
    )
    data = b"\x78\x9f\x3e\x22\x01\x00"
    for level, number, value in attributes:
        data += struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
    return Made(name, "tnef", data, (body, title, file, wide))


def _contacts() -> Made:
    name = "contacts.vcf"
    folded, quoted, big5 = (
        planted(name, hiding, "values") for hiding in ("folded line", "quoted-printable", "quoted-printable in Big5")
    )
    file = planted(name, "attached file", "key 1")
    line = f"NOTE:身份證 {folded.value}"
    cut = len(line) - 4
    said = quopri.encodestring(f"身份證 {quoted.value}".encode()).decode().replace("(", "=28")
    other = quopri.encodestring(f"身份證 {big5.value}".encode("big5")).decode().replace("(", "=28")
    kept = base64.b64encode(sentence(file.value).encode()).decode()
    data = (
        f"BEGIN:VCARD\r\nVERSION:2.1\r\nFN:陳大文\r\n{line[:cut]}\r\n {line[cut:]}\r\n"
        f"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{said[:20]}=\r\n{said[20:]}\r\n"
        f"NOTE;CHARSET=BIG5;ENCODING=QUOTED-PRINTABLE:{other}\r\nKEY;ENCODING=BASE64:{kept}\r\nEND:VCARD\r\n"
    )
    return Made(name, "vcf", data.encode(), (folded, quoted, big5, file))


def _calendar() -> Made:
    name = "meeting.ics"
    here, file = planted(name, "folded description", "values"), planted(name, "attachment", "attachment 1")
    line = f"DESCRIPTION:客人的身份證 {here.value}\\, 請跟進"
    kept = base64.b64encode(sentence(file.value).encode()).decode()
    data = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:會議\r\n"
        f"{line[:22]}\r\n {line[22:]}\r\nATTACH;ENCODING=BASE64;VALUE=BINARY:{kept}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return Made(name, "ics", data.encode(), (here, file))


def clean() -> Iterator[Made]:
    """Yield mail and the like with nothing to find."""
    mail = _mail("早晨", "各位同事早晨,發票編號 12345678 已出貨")
    mail.add_attachment("編號,數量\n1,2\n".encode(), "text", "csv", filename="數量.csv")
    yield Made("clean.eml", "eml", _fixed(mail))
    yield Made("clean.vcf", "vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:陳大文\r\nEND:VCARD\r\n".encode())
    yield Made("clean.ics", "ics", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
