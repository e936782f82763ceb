"""Run `cerco` with one thing broken: `python sabotage.py "what breaks" run --config …`."""

import resource
import sys
import time
from typing import Any

from cerco.cli import main
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Text
from cerco.runtime.gate import Gate
from cerco.scan.detector import Detector
from proxy_addons import frames, requests


def raising_recogniser() -> None:
    def examine(_: Detector, texts: Any, __: Any = None, **___: Any) -> Any:
        raise ValueError(" ".join(text.content for text in texts))  # what a careless library puts into its errors

    Detector.examine = examine  # type: ignore[method-assign, assignment]


def raising_hook() -> None:
    def wire(flow: Any, *_: Any, **__: Any) -> Any:
        raise KeyError(flow.request.text)

    setattr(requests, "request_wire", wire)  # noqa: B010 - a name that module only imports
    setattr(frames, "frame_wire", wire)  # noqa: B010


def hung_scan() -> None:
    original = Detector.examine

    def examine(self: Detector, texts: Any, counts: Any = None, **others: Any) -> Any:
        listed: list[Text] = list(texts)
        time.sleep(4)  # longer than the deadline of the test's settings
        return original(self, listed, counts, **others)

    Detector.examine = examine  # type: ignore[method-assign]


def full_disk() -> None:
    original = EvidenceStore.append

    def append(self: EvidenceStore, record: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))  # from here on no file of this process may grow
        original(self, record)

    EvidenceStore.append = append  # type: ignore[method-assign]


def no_rules_yet() -> None:
    Gate.__setattr__ = lambda self, name, value: object.__setattr__(self, name, None if name == "inspector" else value)  # type: ignore[method-assign]


if __name__ == "__main__":
    {
        "raising recogniser": raising_recogniser,
        "raising hook": raising_hook,
        "hung scan": hung_scan,
        "full disk": full_disk,
        "no rules yet": no_rules_yet,
    }[sys.argv[1]]()
    sys.argv[1:] = sys.argv[2:]
    main()
