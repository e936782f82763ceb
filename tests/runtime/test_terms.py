"""The gate holds the CA key, and so it knows no parser."""

import subprocess
import sys

PARSERS = (
    "PIL", "apsw.ext", "arro3", "cerco.extract.read", "cv2", "numpy", "olefile", "onnxruntime", "pikepdf",
    "pypdfium2", "python_calamine", "rapidocr", "zxingcpp",
)  # fmt: skip


def test_the_gate_loads_no_parser() -> None:
    script = (
        "import sys\nimport cerco.runtime.gate, cerco.runtime.proxy, cerco.runtime.scanners, proxy_addons.guard\n"
        f"print(*[name for name in {PARSERS!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"numpy"}, "numpy comes with the name models"
