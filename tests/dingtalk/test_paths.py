import pytest

from cerco.dingtalk.paths import Paths

TEMPLATES = [
    ("GET", "/a/{x}"),
    ("GET", "/a/me"),
    ("POST", "/a/{x}/b"),
    ("POST", "/a/me/c"),
    ("*", "/topapi/user"),
    ("PUT", "/w/{number}records"),
    ("PUT", "/w/{x}"),
]


@pytest.fixture(scope="module")
def paths() -> Paths[str]:
    made: Paths[str] = Paths()
    assert all(made.add(method, template, template) for method, template in TEMPLATES)
    return made


@pytest.mark.parametrize(
    ("line", "template"),
    [
        ("GET /a/7", "/a/{x}"),
        ("GET /a/me", "/a/me"),
        ("GET /a/%6De", "/a/me"),
        ("GET /a/7%2F8", "/a/{x}"),
        ("GET /a%2F7", "/a/{x}"),
        ("GET //a/7/", "/a/{x}"),
        ("POST /a/me/b", "/a/{x}/b"),
        ("POST /a/me/c", "/a/me/c"),
        ("DELETE /topapi/user", "/topapi/user"),
        ("PUT /w/12records", "/w/{number}records"),
        ("PUT /w/records", "/w/{x}"),
        ("PUT /w/$:LWCP=1", "/w/{x}"),
        ("POST /a/7", None),
        ("GET /a", None),
        ("GET /a/7/b", None),
        ("GET /A/7", None),
        ("GET /", None),
        ("GET ", None),
        ("POST /a/" + "me/" * 2000, None),
    ],
)
def test_a_path_fits_its_most_literal_template(paths: Paths[str], line: str, template: str | None) -> None:
    method, _, path = line.partition(" ")
    assert paths.find(method, path) == template


def test_a_template_is_kept_once(paths: Paths[str]) -> None:
    assert not paths.add("GET", "/a/{other}/", "again")
    assert not paths.add("PUT", "/w/{any}records", "again")
    assert paths.find("GET", "/a/7") == "/a/{x}"
