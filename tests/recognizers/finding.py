"""What a recogniser finds in a text, in words that fit in a table."""

import re

from recognizers.folding import plain
from recognizers.shape import ShapeRecognizer


def found(recognizer: ShapeRecognizer, text: str) -> list[tuple[str, str]]:
    """Return (text, name of shape) of all that is found, and hold that the triggers would have led there."""
    matches = sorted(recognizer.find(plain(text)), key=lambda match: (match.start, -match.end))
    triggers = [re.compile(trigger.encode()) for trigger in recognizer.TRIGGERS]
    ended = plain(text) + "\n"  # a trigger may end with what follows a number
    for match in matches:
        assert 0 <= match.start < match.end <= len(text)
        assert match.shape in recognizer.SHAPES
        piece = ended[match.start : match.end + 1].encode()
        assert any(trigger.search(piece) for trigger in triggers) or not triggers, match.shape.name
    return [(text[match.start : match.end], match.shape.name) for match in matches]


def best(recognizer: ShapeRecognizer, text: str) -> tuple[str, str] | None:
    """Return (text, name of shape) of what scores highest beside its own label, the longer of two alike."""
    worth = {shape.name: (shape.labelled, shape.alone) for shape in recognizer.SHAPES}
    return max(found(recognizer, text), key=lambda each: (worth[each[1]], len(each[0])), default=None)
