"""Name a fault without quoting it: libraries put what they choked on into their errors.

In:    an exception.
Out:   its type and the line it came from.
Never: its text.
"""

import traceback
from pathlib import Path


def describe(fault: BaseException) -> str:
    """Return an exception's type and innermost line, as in "TimeoutError gate.py:88"."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{place}"
