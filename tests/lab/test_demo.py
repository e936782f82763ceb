import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cerco.lab.demo import OURS, PROGRAMME, DemoError, run
from cerco.lab.payloads import Kind


def test_a_directory_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("irreplaceable")
    with pytest.raises(DemoError, match="other files"):
        run(tmp_path, keep=False, as_json=False)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_demonstration_that_still_runs_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / OURS).touch()
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)", str(tmp_path)]
    with subprocess.Popen(sleeper) as process:
        (tmp_path / "running.json").write_text(json.dumps([process.pid]))
        while not Path(f"/proc/{process.pid}/cmdline").read_text():
            time.sleep(0.01)  # a program has no command line while it is being put in the place of the other
        with pytest.raises(DemoError, match=f"kill {process.pid}"):
            run(tmp_path, keep=False, as_json=False)
        process.terminate()
    assert (tmp_path / OURS).exists()


def test_a_user_gets_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    command = [sys.executable, "-m", "cerco.lab", "--dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("cerco demo: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("kind", Kind)
def test_the_programme_sends_every_kind_of_content_as_message_and_as_file(kind: Kind) -> None:
    modules = {send.client.__module__ for send in PROGRAMME if send.kind is kind}
    assert modules == {"cerco.lab.clients", "cerco.lab.uploads"}
