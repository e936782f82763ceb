"""`cerco formats` lists what reading goes by, and leaves nothing out."""

import json

from click.testing import CliRunner

from cerco.cli.formats import formats
from cerco.extract.identify import Format


def test_every_format_is_listed_with_what_is_read_of_it() -> None:
    result = CliRunner().invoke(formats, ["--json"])
    assert result.exit_code == 0
    listed = {line["format"]: line for line in map(json.loads, result.output.splitlines())}
    assert set(listed) == {form.value for form in Format}
    assert all(line["reads"] for line in listed.values())
    assert not [line for line in listed.values() if "not installed" in line["libraries"].values()]
    assert listed["7z"]["libraries"].keys() == {"libarchive"}


def test_people_get_a_table() -> None:
    result = CliRunner().invoke(formats)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].split() == ["Format", "What", "is", "read", "Library"]
    assert any(line.startswith("sqlite") and "apsw" in line for line in lines)
