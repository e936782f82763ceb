"""`python -m cerco.lab`: the demonstration that `make demo` runs.

In:    the command line.
Out:   the table, or JSON; exit code 0 if everything was as it should be, 1 if not, 2 for usage.
Never: a traceback for something the user can mend.
"""

import argparse
import signal
import sys
from pathlib import Path

from cerco.lab.demo import DemoError, run

parser = argparse.ArgumentParser(
    prog="python -m cerco.lab",
    description="Send real DingTalk clients through a real gate to a stand-in for DingTalk, and show what arrived.",
    epilog="Examples: python -m cerco.lab; python -m cerco.lab --keep; python -m cerco.lab --json",
)
parser.add_argument("--keep", action="store_true", help="leave gate and stand-in running afterwards")
parser.add_argument("--dir", type=Path, default=Path(".demo"), help="directory to work in (default: .demo)")
parser.add_argument("--json", action="store_true", help="print one JSON object; progress goes to stderr")
given = parser.parse_args()
signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended politely either way: what was started is stopped
try:
    code = run(given.dir, keep=given.keep, as_json=given.json)
except DemoError as error:
    print(f"cerco demo: {error}", file=sys.stderr)  # noqa: T201 - the one line the user reads
    code = 2
except KeyboardInterrupt:
    code = 130
sys.exit(code)
