"""A hostile file costs little time and little memory, and what it is is said."""

import json
import subprocess
import sys

import pytest

from tests.data.files.bombs import BOMBS
from tests.data.files.picture_bombs import PICTURE_BOMBS

MOST = 512  # MiB, of the whole process that reads
SECONDS = 60  # a machine may be slow; what matters is that it ends

READER = """
import json, re, sys
from pathlib import Path
from cerco.extract.read import read
from cerco.extract.text import Unreadable
data = sys.stdin.buffer.read()
whys = [item.why for item in read(data, sys.argv[1]) if isinstance(item, Unreadable)]
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps({"whys": whys, "peak": peak}))
"""


@pytest.mark.parametrize("name", [*BOMBS, *PICTURE_BOMBS])
def test_reading_stops_early_and_says_why(name: str) -> None:
    make, why = {**BOMBS, **PICTURE_BOMBS}[name]
    done = subprocess.run(
        [sys.executable, "-c", READER, name], input=make(), capture_output=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    said = json.loads(done.stdout)
    assert said["peak"] <= MOST
    assert len(said["whys"]) <= 20_000
    if why is not None:
        assert why in said["whys"]
    else:
        # Where memory is limited, a file is too large; what leads round in a circle is malformed.
        assert set(said["whys"]) <= {"unknown_format", "too_large", "malformed"}
