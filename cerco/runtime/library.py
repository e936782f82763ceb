"""Cerco as a library: what the gate would find in a text or a file, and what it would decide.

In:    a rules folder, texts, files.
Out:   `Inspector` and its `Report`s.
Never: a record, a network, a process: for files from strangers, `cerco scan` reads in a confined process of its own.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from cerco.decide.policy import decide
from cerco.decide.suppress import NAMED, spare
from cerco.decide.verdict import Verdict
from cerco.dingtalk.outbound import Actor, Channel, Destination, Outbound
from cerco.extract.text import Limits, Text, Unreadable
from cerco.runtime.rulebook import Rulebook, load_rulebook
from cerco.runtime.scanner_process import Outcome, scan_file, scan_texts
from cerco.runtime.settings import packaged_rules
from cerco.runtime.shelf import new_detector
from cerco.scan.finding import Finding
from cerco.scan.names import load_names

MESSAGE = "message"  # the place of a text
# A file's TAG is carried by the name it is published under, so the label can stand. DingTalk's main site is assumed.
ASSUMED = Outbound(Actor("local"), Destination("", "mainland"), Channel.OTHER, "scan", (), taggable=True)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, what could not be read, and what the policy says of it.

    `verdict` is "ALLOW", "TAG", "JUSTIFY" or "BLOCK"; `decisions` are the ids of the policy's decisions behind it.
    `degraded` says what the search went without, a sentence each: models that are not installed.
    """

    verdict: str
    decisions: tuple[str, ...]
    observed: bool
    findings: tuple[Finding, ...]
    coverage: tuple[Unreadable, ...]
    degraded: tuple[str, ...] = ()

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """Return the report on a verdict."""
        return cls(
            verdict.action.name,
            verdict.decisions,
            verdict.observed,
            verdict.findings,
            verdict.coverage,
            verdict.degraded,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the fields as `cerco scan --json` prints them."""
        return {
            "verdict": self.verdict,
            "decisions": list(self.decisions),
            "observed": self.observed,
            "findings": [asdict(finding) | {"reasons": list(finding.reasons)} for finding in self.findings],
            "coverage": [{"place": gap.place, "why": str(gap.why)} for gap in self.coverage],
            "degraded": list(self.degraded),
        }


class Inspector:
    """Looks into texts and files by one set of rules.

        inspector = cerco.Inspector.from_rules("rules")
        inspector.inspect_text("澳門居民身份證號碼 1234567(8)").verdict     # "BLOCK"

    Args:
        rulebook: the rules.
        key: the HMAC key of fingerprints, at least 16 bytes; one of this process's own if None, so that fingerprints
            of one value are equal within it and mean nothing elsewhere.
        limits: how far files are read.
        names: "auto" uses the name models of the extra `names` where they are installed; "off" goes by lists alone.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        *,
        key: bytes | None = None,
        limits: Limits | None = None,
        names: Literal["auto", "off"] = "auto",
    ) -> None:
        self.rulebook = rulebook
        models = load_names(names)
        self._detector = new_detector(rulebook.rules, key or secrets.token_bytes(32), models)
        self._limits = limits or Limits()

    @classmethod
    def from_rules(cls, path: str | Path | None = None, *, key: bytes | None = None) -> Self:
        """Return an inspector by the rules of a folder, or by those that come with Cerco if `path` is None.

        Raises:
            RuleErrors: with every fault of every file.
        """
        return cls(load_rulebook(packaged_rules() if path is None else Path(path)), key=key)

    def inspect_text(self, text: str, title: str | None = None) -> Report:
        """Return the report on a text as sent in a message; offsets of findings count its characters.

        `title` is what stands above it: a subject, a document's or a file's name. It is looked at as well.
        """
        texts = [Text(MESSAGE, text)]
        if title:
            texts.insert(0, Text("title", title, "title"))
        return self._report(scan_texts(self._detector, texts))

    def inspect_file(self, path_or_bytes: str | Path | bytes, name: str | None = None) -> Report:
        """Return the report on a file, under the name it is given or its own.

        Raises:
            OSError: the path cannot be read.
        """
        if isinstance(path_or_bytes, bytes):
            data = path_or_bytes
        else:
            path = Path(path_or_bytes)
            data, name = path.read_bytes(), name or path.name
        outcomes = [scan_file(self._detector, data, name, "file", self._limits)]
        if name:
            outcomes.insert(0, scan_texts(self._detector, [Text("file name", name, "filename")]))
        return self._report(*outcomes)

    def _report(self, *outcomes: Outcome) -> Report:
        return report(self.rulebook, outcomes, self._detector.degraded)


def report(rulebook: Rulebook, outcomes: Sequence[Any], degraded: tuple[str, ...]) -> Report:
    """Return the report on what was found and missed, by the policy, as if it were sent to DingTalk's main site now."""
    now = datetime.now(UTC)
    every = tuple(finding for outcome in outcomes for finding in outcome.findings)
    findings, spared = spare(every, rulebook.suppressions, now.astimezone(rulebook.policy.zone))
    gaps = tuple(gap for outcome in outcomes for gap in outcome.coverage)
    verdict = decide(rulebook.policy, ASSUMED, findings, gaps, now)
    named = tuple(f"{NAMED}: {one}" for one in spared)
    return Report.of(replace(verdict, decisions=(*verdict.decisions, *named), degraded=degraded))
