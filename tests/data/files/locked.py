"""Office files under a password, in each way that programs lock them.

Committed in committed/office are those in OpenDocument, which LibreOffice 7.4.7 locked through its UNO interface
(Debian's python3-uno), and `agile.xlsx`, which is msoffcrypto-tool 6.1's: `make_files --produce --family locked`.
No program at hand locks the binary forms; these are what LibreOffice saved, with the mark that says they are locked.
"""

import subprocess
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.data.files import excel, word
from tests.data.files.planting import Made, committed

_FOLDER = "office"
_PASSWORD = "a password for tests"
# Suffix, the filter LibreOffice saves it with, and what is locked.
_SAVED = (("odt", "writer8", "docx"), ("ods", "calc8", "xlsx"))
# Suffix, some bytes, and what they are once locked: the first flags of a doc ([MS-DOC] 2.5.1), a record that becomes
# the one an xls is locked by ([MS-XLS] 2.4.117), the token of a ppt ([MS-PPT] 2.3.2).
_MARKED = (
    ("doc", b"\xf0\x12\xbf\x00", b"\xf0\x13\xbf\x00"),
    ("xls", b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00"),
    ("ppt", b"\x5f\xc0\x91\xe3", b"\xdf\xc4\xd1\xf3"),
)
_AGILE = "agile.xlsx"

_SCRIPT = """
import sys, time, uno
from com.sun.star.beans import PropertyValue
pipe, source, target, form, password = sys.argv[1:]
context = uno.getComponentContext()
resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
for attempt in range(100):
    try:
        remote = resolver.resolve("uno:pipe,name=" + pipe + ";urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.3)
desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
def value(name, content):
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made
document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(source), "_blank", 0, (value("Hidden", True),))
options = (value("FilterName", form), value("Password", password))
document.storeToURL(uno.systemPathToFileUrl(target), options)
document.close(True)
"""


def files() -> Iterator[Made]:
    """Yield each locked file; nothing in it can be read, and that is said."""
    for suffix, _, _ in _SAVED:
        name = f"locked.{suffix}"
        yield Made(name, suffix, committed(f"{_FOLDER}/{name}"), gaps=((name, "encrypted"),))
    for suffix, unlocked, locked in _MARKED:
        name = f"locked.{suffix}"
        data = bytearray(committed(f"{_FOLDER}/saved.{suffix}"))
        at = data.index(unlocked)
        data[at : at + len(locked)] = locked
        yield Made(name, suffix, bytes(data), gaps=((name, "encrypted"),))
    yield Made(_AGILE, "xlsx", committed(f"{_FOLDER}/{_AGILE}"), gaps=((_AGILE, "encrypted"),))


def produce(folder: Path) -> None:
    """Have LibreOffice lock a document in each format, and msoffcrypto-tool a workbook."""
    target = folder / _FOLDER
    target.mkdir(exist_ok=True)
    sources = {
        "docx": word.document(word.paragraph("行政部通告")),
        "xlsx": excel.book(excel.Sheet("客人", excel.table())),
    }
    pipe = "cerco-produce"
    with TemporaryDirectory() as scratch:
        office = subprocess.Popen(
            ("soffice", "--headless", "--nodefault", "--norestore", f"-env:UserInstallation=file://{scratch}/profile",
             f"--accept=pipe,name={pipe};urp")
        )  # fmt: skip
        try:
            for suffix, form, source in _SAVED:
                path = Path(scratch, f"source.{source}")
                path.write_bytes(sources[source])
                made = target / f"locked.{suffix}"
                command = ("/usr/bin/python3", "-c", _SCRIPT, pipe, str(path), str(made), form, _PASSWORD)
                subprocess.run(command, check=True, timeout=120)
        finally:
            office.terminate()
            office.wait(30)
    out = BytesIO()
    tool = import_module("msoffcrypto.format.ooxml")
    tool.OOXMLFile(BytesIO(sources["xlsx"])).encrypt(_PASSWORD, out)
    (target / _AGILE).write_bytes(out.getvalue())
