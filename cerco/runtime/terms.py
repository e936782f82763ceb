"""What the gate and its scanners say to one another.

In:    nothing; these are values.
Out:   `Terms`, and how a message is framed.
Never: an import of anything that reads files: the gate holds the CA key and knows no parser.
"""

import struct
from dataclasses import dataclass, field
from typing import Any

FRAME = struct.Struct(">IQ")  # bytes of JSON, bytes of content after it; the same in both directions
# Content that is held on disk does not follow: a handle on its file comes with the frame, and the JSON says which
# stretch of it is meant.
STRETCH = "stretch"  # [offset, bytes]
MESSAGE = "message"  # the place of a gap in texts


@dataclass(frozen=True, slots=True)
class Terms:
    """What a gate asks of its scanners, as it goes over the wire."""

    rules: list[dict[str, Any]] = field(repr=False)
    key: str = field(repr=False)  # in hexadecimal
    limits: dict[str, Any]
    memory: int  # bytes, for one process beyond what it holds when it begins
    gate: int  # the gate's process identifier
    names: bool  # whether the models that find names of people are to be loaded, where they are installed
    record: bool = False  # also say what was seen, so that other rules can be asked about it later
