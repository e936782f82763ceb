"""Rules made up in tests."""

from typing import Any

from cerco.extract.text import Text
from cerco.scan.detector import Detector, Examined
from cerco.scan.rule import DetectRule

KEY = b"a key for tests, 32 bytes long.."
_WORDS = {"zh-Hant": "一", "zh-Hans": "一", "pt": "um", "en": "one"}


def made(match: dict[str, Any], **changes: Any) -> DetectRule:
    """Return a rule that looks for `match`."""
    rule = {
        "id": "made",
        "title": _WORDS,
        "explain": _WORDS,
        "severity": "high",
        "match": match,
        "examples": {"match": {"any": ["x"]}, "no_match": {"any": ["y"]}},
    }
    return DetectRule.model_validate(rule | changes)


def examined(match: dict[str, Any], content: str, role: str = "text", **changes: Any) -> Examined:
    """Return what a rule that looks for `match` says of a text."""
    return Detector([made(match, **changes)], KEY).examine((Text("place", content, role),))


def found(match: dict[str, Any], content: str, role: str = "text", **changes: Any) -> list[str]:
    """Return the characters of the text that such a rule reports."""
    findings = examined(match, content, role, **changes).findings
    return [content[finding.start : finding.end] for finding in findings]
