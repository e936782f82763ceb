"""Tags go, words stay, and nothing is expanded."""

import pytest

from cerco.extract.markup import elements, has_tags, paragraphs, visible, words


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        pytest.param(
            "<w:p><w:r><w:t>512</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>3456</w:t></w:r></w:p>", "5123456", id="runs"
        ),
        pytest.param("<w:p><w:t>a</w:t></w:p><w:p><w:t>b</w:t></w:p>", "a\nb", id="paragraphs"),
        pytest.param(
            "<w:tr><w:tc><w:p><w:t>a</w:t></w:p></w:tc><w:tc><w:p><w:t>b</w:t></w:p></w:tc></w:tr><w:tr><w:tc><w:p>"
            "<w:t>c</w:t></w:p></w:tc></w:tr>",
            "a\tb\t\nc",
            id="table",
        ),
        pytest.param("<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>", "gone", id="deleted"),
        pytest.param("<w:p>1234567<w:noBreakHyphen/>8</w:p>", "1234567-8", id="hyphen"),
        pytest.param("<w:p>a<w:br/>b<w:tab/>c</w:p>", "a\nb\tc", id="break-and-tab"),
        pytest.param("<w:p>7<wp:posOffset>1234567</wp:posOffset>8</w:p>", "7\n8", id="measures-are-no-text"),
        pytest.param("<a:p><a:t>slide</a:t></a:p>", "slide", id="drawing"),
        pytest.param("<w:p>&#53;123456&lt;7&gt;</w:p>", "5123456<7>", id="references"),
        pytest.param("<w:p><![CDATA[cdata]]><!-- note --></w:p>", "cdata note ", id="cdata-and-comment"),
        pytest.param(
            '<!DOCTYPE x [<!ENTITY e "5123456">]><w:p>&e;</w:p>', '<!DOCTYPE x [<!ENTITY e "5123456">]>&e;', id="entity"
        ),
        pytest.param("<p>no prefix</p><p>either</p>", "no prefix\neither", id="default-namespace"),
    ],
)
def test_paragraphs(xml: str, text: str) -> None:
    assert paragraphs(xml).rstrip("\n\t") == text.strip()


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        pytest.param("<p>ID 5<b>12</b>3456</p>", "ID 5123456", id="inline-tags-join"),
        pytest.param("<li>12</li><li>34</li>", "12\n34", id="blocks-part"),
        pytest.param("<tr><td>a</td><td>b</td></tr>", "a", id="cells"),
        pytest.param("<row><id>12</id><name>x</name></row>", "12\nx", id="any-xml"),
    ],
)
def test_visible(xml: str, text: str) -> None:
    assert visible(xml).startswith(text)


def test_cells_of_html_stay_on_one_line() -> None:
    assert "a\t\tb" in visible("<tr><td>a</td><td>b</td></tr>")


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        pytest.param('<wp:docPr id="1" descr="相片 5123456(7)"/>', "相片 5123456(7)", id="alternative-text"),
        pytest.param("<x title='one &amp; two'/>", "one & two", id="single-quotes"),
        pytest.param('<Relationship Target="mailto:a@b.mo"/>', "mailto:a@b.mo", id="link"),
        pytest.param('<w:alias w:val="客戶編號"/>', "客戶編號", id="control"),
        pytest.param('<w:ins w:author="陳大文" w:id="3"/>', "陳大文", id="author"),
        pytest.param('<w:r w:rsidR="12345678"/>', "", id="revision-number-is-no-word"),
        pytest.param('<w:sz w:val="12345678"/>', "", id="size-is-no-word"),
    ],
)
def test_words(xml: str, said: str) -> None:
    assert words(xml) == said


def test_elements() -> None:
    xml = "<cp:core><dc:title>客戶名單</dc:title><dc:creator>a&amp;b</dc:creator><x/></cp:core>"
    assert elements(xml) == (("title", "客戶名單"), ("creator", "a&b"))


@pytest.mark.parametrize(
    ("text", "has"), [("<p>x", True), ("</b>", True), ("a < b", False), ("<3", False), ("", False)]
)
def test_has_tags(text: str, *, has: bool) -> None:
    assert has_tags(text) is has


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("<" * 1_000_000, id="open-brackets"),
        pytest.param("<a " * 400_000, id="open-tags"),
        pytest.param("<![CDATA[" * 200_000, id="open-cdata"),
        pytest.param("<!--" * 300_000, id="open-comments"),
        pytest.param(" " * 1_000_000, id="blanks"),
        pytest.param("\n \t" * 300_000, id="blank-lines"),
        pytest.param("</p>" + " " * 1_000_000, id="blanks-after-a-paragraph"),
        pytest.param(' name="' * 200_000, id="open-attributes"),
        pytest.param("<s " + "val " * 200_000, id="attribute-names"),
        pytest.param("<s " + "x " * 200_000 + ">", id="attribute-without-end"),
        pytest.param("&" * 1_000_000, id="ampersands"),
    ],
)
def test_hostile_markup_takes_no_longer_than_its_length(hostile: str) -> None:
    # A quadratic pass over a megabyte takes hours: the time every test is given would run out.
    for function in (paragraphs, visible, words, elements):
        assert len(str(function(hostile))) <= 2 * len(hostile) + 10
