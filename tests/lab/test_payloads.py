import io
import re
import zipfile

import docx
import openpyxl
import pytest

from cerco.lab.payloads import FORMATS, LANGUAGES, Kind, Payload, make

ID = re.compile(r"[157][2-8]\d{5}\(\d\)")
ACCOUNT = re.compile(r"180\d{12}")


def rendered(payload: Payload) -> str:
    if payload.filename.endswith("xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(payload.data)).active
        return "\n".join(" ".join(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True))
    if payload.filename.endswith("docx"):
        return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(payload.data)).paragraphs)
    return payload.data.decode("utf-8-sig")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("kind", "ids", "accounts"),
    [(Kind.CLEAN, False, False), (Kind.ID, True, False), (Kind.BANK, False, True), (Kind.TITLE, False, False)],
    ids=str,
)
def test_content_holds_what_its_kind_says(kind: Kind, ids: bool, accounts: bool, form: str, language: str) -> None:
    payload = make(kind, language, form, seed=7)
    for content in (payload.text, rendered(payload)):
        assert bool(ID.search(content)) is ids
        assert bool(ACCOUNT.search(content)) is accounts


@pytest.mark.parametrize("form", FORMATS)
def test_markers_tell_content_and_name_apart(form: str) -> None:
    payload = make(Kind.ID, form=form)
    assert payload.marker in payload.text
    assert payload.marker.encode() in payload.data
    assert payload.marker not in payload.title + payload.filename
    assert payload.name_marker in payload.title
    assert payload.name_marker in payload.filename
    assert payload.name_marker not in payload.text
    assert payload.name_marker.encode() not in payload.data


@pytest.mark.parametrize(
    ("language", "phrase"), [("zh-Hant", "客戶名單"), ("pt", "Lista de clientes"), ("en", "Customer list")]
)
def test_only_a_title_payload_announces_customers(language: str, phrase: str) -> None:
    assert phrase in make(Kind.TITLE, language).filename
    assert phrase not in make(Kind.ID, language).filename


def test_a_seed_repeats_a_payload_and_none_does_not() -> None:
    assert make(Kind.BANK, form="docx", seed="x") == make(Kind.BANK, form="docx", seed="x")
    assert make(Kind.BANK, seed="x") != make(Kind.BANK, seed="y")
    assert make(Kind.BANK) != make(Kind.BANK)


def test_office_files_are_compressed_as_real_ones_are() -> None:
    payload = make(Kind.ID, form="xlsx", seed=1)
    number = ID.search(rendered(payload))
    assert number is not None
    assert number[0].encode() not in payload.data
    assert zipfile.ZipFile(io.BytesIO(payload.data)).testzip() is None


def test_numbers_and_markers_stay_out_of_the_repr() -> None:
    payload = make(Kind.ID, seed=3)
    number = ID.search(payload.text)
    assert number is not None
    assert number[0] not in repr(payload)
