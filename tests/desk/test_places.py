"""People are told where in their message or file something is, and never the name of a wire field."""

import re

import pytest

from cerco.decide.wording import LANGUAGES
from cerco.desk.places import in_words

PLACES = {
    # messages
    "text.content": "Message",
    "body[0].content.textContent.text": "Message",
    "body[0].content.textContent.text (heading)": "Message",
    "body[0].content.textContent.text (unescaped)": "Message",
    "body[0].content.textContent.text (with what was said before)": "Message › together with your earlier messages",
    "msgParam > content": "Message",
    "query msg > text.content": "Message",
    "query content": "Message",
    "form msg > markdown.text": "Message",
    "markdown.title": "Title",
    "message.subject": "Title",
    "msgParam > title": "Title",
    "feedCard.links[2].title": "Title › item 3",
    "feedCard.links[0].messageURL": "Link › item 1",
    "link.picUrl": "Link",
    "name": "File name",
    "option.preCheckParam.name": "File name",
    "msgParam > fileName": "File name",
    "multipart media filename": "File name",
    "object name": "File name",
    "body[0].content.attachments[0].extension.f_name": "File name › item 1",
    "cardData.cardParamMap.content": "Card",
    "cardData.cardParamMap.title": "Card › Title",
    "values[3] (row)": "Table › item 4",
    "values[3][1]": "Table › item 2",
    "formComponentValues[1].value": "Form field › item 2",
    "query access_token": "Details sent along with it",
    "header x-oss-meta-note": "Details sent along with it",
    "path segment 4": "Details sent along with it",
    "request": "Message",
    "*": "Message",
    "* (name)": "Message",
    "lws": "DingTalk app",
    "tls without our certificate": "DingTalk app",
    # files
    "body": "Everything that was sent",
    "upload": "File › parts put together",
    "body > text > line 3": "File › line 3",
    "body > 名單.xlsx > Sheet1 > row 3": "File › 名單.xlsx › sheet “Sheet1” › row 3",
    "multipart media > 名單.xlsx > Sheet1 (header)": "File › 名單.xlsx › Sheet1 › heading",
    "multipart media > 會議 2026.csv > text > line 12": "File › 會議 2026.csv › line 12",
    "multipart media > 會議.docx > header": "File › 會議.docx › heading",
    "multipart media > 會議.docx > body": "File › 會議.docx › text",
    "multipart media > 會議.docx > comments": "File › 會議.docx › comments",
    "multipart media > a.zip > b.zip > c.pdf > page 2": "File › a.zip › b.zip › c.pdf › page 2",
    "body > x.pdf > page 2 (picture)": "File › x.pdf › page 2 › picture",
    "body > x.pdf > properties (Title)": "File › x.pdf › file properties",
    "body > x.pptx > notes 4": "File › x.pptx › notes to slide 4",
    "body > x.xlsx > strings outside of cells": "File › x.xlsx › hidden text",
    "body > old.txt > text (gbk) > line 9": "File › old.txt › line 9",
    "body > content": "File",
    "upload > 名單.csv > text > line 2": "File › parts put together › 名單.csv › line 2",
    "body[0].body > text > line 1": "File › line 1",
    "body[0].content.photoContent.picBytes > content": "File",
    "multipart msg > text.content": "Message",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_place_in_plain_english(place: str) -> None:
    assert in_words(place, "en") == PLACES[place]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_no_field_of_the_wire_is_named(place: str, language: str) -> None:
    said = in_words(place, language).replace("DingTalk", "")
    assert said
    assert not re.search(r"[a-z][A-Z]|\[\d|\b(?:query|msgParam|multipart|textContent|body\[)|_|>", said)
    assert "{" not in said


def test_chinese_numbers_rows_as_macau_does() -> None:
    assert in_words("body > 名單.xlsx > Sheet1 > row 3", "zh-Hant") == "檔案 › 名單.xlsx › 工作表「Sheet1」 › 第 3 列"
    assert in_words("body > 名单.xlsx > Sheet1 > row 3", "zh-Hans") == "文件 › 名单.xlsx › 工作表“Sheet1” › 第 3 行"


def test_a_language_nobody_speaks_is_answered_in_english() -> None:
    assert in_words("text.content", "xx") == "Message"
