"""Read a rules folder whole: scope, endpoints, detect rules and policy, or every fault in it.

In:    a folder laid out as the shipped `rules/`.
Out:   `Rulebook`, which names itself by content hash.
Never: a rulebook with a fault in it, or half of one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from cerco.decide.check import broken
from cerco.decide.load import Fault, RuleError, RuleErrors, load, locate
from cerco.decide.policy import Policy
from cerco.decide.suppress import Suppression, contradicted
from cerco.dingtalk.catalogue import Catalogue, CatalogueError
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.scope import Scope
from cerco.runtime.settings import packaged_rules
from cerco.scan.rule import DetectRule

SCOPE = "dingtalk/scope.yaml"
# Facts about DingTalk rather than decisions of a site; where a folder has none, those that come with Cerco count.
ENDPOINTS = "dingtalk/endpoints.yaml"
CATALOGUE = "dingtalk/catalogue.txt"
POLICY = "policy.yaml"
DETECT = "detect"
SUPPRESSIONS = "suppressions"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything compliance staff decide: what is DingTalk, what is sensitive, what happens then."""

    scope: Scope
    rules: tuple[DetectRule, ...]
    policy: Policy
    version: str  # first 16 hex digits of SHA-256 over the files' names and bytes
    endpoints: Endpoints = field(default_factory=Endpoints)
    catalogue: Catalogue = field(default_factory=Catalogue)
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What of a folder could be read, and every fault that keeps it from being a rulebook."""

    rules: tuple[DetectRule, ...]
    policy: Policy | None
    rulebook: Rulebook | None  # None where there are faults
    faults: tuple[RuleError, ...]
    suppressions: tuple[Suppression, ...] = ()


def load_rulebook(folder: Path) -> Rulebook:
    """Read every rule file under `folder`.

    Raises:
        RuleErrors: with all faults of all files, each with its file and line.
    """
    parts = read_parts(folder)
    if parts.rulebook is None:
        raise RuleErrors(parts.faults)
    return parts.rulebook


def read_parts(folder: Path) -> Parts:
    """Read every rule file under `folder`, as far as each can be read."""
    reader = _Reader(folder)
    scope = reader.read(folder / SCOPE, Scope)
    own = (folder / ENDPOINTS).exists()
    endpoints = reader.read((folder if own else packaged_rules()) / ENDPOINTS, Endpoints)
    catalogue = reader.catalogue(folder / CATALOGUE)
    policy = reader.read(folder / POLICY, Policy)
    rules = reader.folder(folder / DETECT, DetectRule)
    suppressions = reader.folder(folder / SUPPRESSIONS, Suppression)
    for one in suppressions:
        reader.locate(folder / SUPPRESSIONS / f"{one.id}.yaml", tuple(contradicted(one)))
    if not rules and not reader.faults:
        reader.fault(folder / DETECT, "files", "there is none", "Add a rule file, or use the shipped pack.")
    if policy is not None:
        # A rule whose file has faults is there all the same: what names it is no fault of its own.
        reader.locate(folder / POLICY, broken(policy, [path.stem for path in (folder / DETECT).glob("*.yaml")]))
    faults = tuple(sorted(reader.faults, key=lambda fault: (fault.file, fault.line)))
    book = None
    if not (faults or scope is None or endpoints is None or policy is None):
        version = reader.digest.hexdigest()[:16]
        book = Rulebook(scope, tuple(rules), policy, version, endpoints, catalogue, tuple(suppressions))
    return Parts(tuple(rules), policy, book, faults, tuple(suppressions))


_WHAT = {DETECT: "rule", SUPPRESSIONS: "suppression"}


class _Reader:
    """Reads files one by one, and keeps what is wrong with them instead of stopping at the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[Path, str] = {}
        self.faults: list[RuleError] = []
        self.digest = hashlib.sha256()

    def read[M: BaseModel](self, path: Path, model: type[M]) -> M | None:
        """Return a file's content as its model, or None where it has a fault."""
        try:
            data = path.read_bytes()
            self._count(path, data)
            self._texts[path] = data.decode()
            return load(self._texts[path], _shown(path), model, where=path.stem)
        except RuleErrors as errors:
            self.faults.extend(errors.faults)
        except FileNotFoundError:
            self.fault(path, "file", "is missing", "Restore it, or point `rules` in cerco.yaml at a complete folder.")
        except (OSError, UnicodeDecodeError) as error:
            name = type(error).__name__
            self.fault(path, "file", f"cannot be read ({name})", "Check its permissions and save it as UTF-8.")
        return None

    def folder[M: (DetectRule, Suppression)](self, folder: Path, model: type[M]) -> list[M]:
        """Return what the files of a folder hold, each of which is named as what is in it."""
        found = []
        for path in sorted(folder.glob("*.yaml")):
            one = self.read(path, model)
            if one and one.id != path.stem:
                self.fault(path, "id", f"is {one.id!r}", f"Name the {_WHAT[folder.name]} {path.stem!r}, as its file.")
            elif one:
                found.append(one)
        for path in sorted(folder.glob("*.yml")):
            self.fault(path, "file", "would not be read", f"Name it {path.stem}.yaml, or move it elsewhere.")
        return found

    def catalogue(self, path: Path) -> Catalogue:
        """Return the folder's own list of operations, or the packaged one where it has none."""
        if not path.is_file():
            return Catalogue.load()
        remedy = f"Write it anew with: cerco dingtalk catalogue --from-sdk --out {_shown(path)}"
        try:
            data = path.read_bytes()
            self._count(path, data)
            return Catalogue.load(data.decode())
        except CatalogueError as error:
            self.faults.append(RuleError(_shown(path), error.line, "catalogue", "lines", error.problem, remedy))
        except (OSError, UnicodeDecodeError) as error:
            self.fault(path, "file", f"cannot be read ({type(error).__name__})", remedy)
        return Catalogue()

    def locate(self, path: Path, faults: Sequence[Fault]) -> None:
        """Note faults that were found after a file was read."""
        if faults:
            self.faults.extend(locate(self._texts[path], _shown(path), faults, where=path.stem))

    def _count(self, path: Path, data: bytes) -> None:
        name = path.relative_to(self._folder) if path.is_relative_to(self._folder) else path.name
        self.digest.update(f"{name}\0{len(data)}\0".encode() + data)

    def fault(self, path: Path, field: str, problem: str, remedy: str) -> None:
        """Note a fault that has no line of its own."""
        self.faults.append(RuleError(_shown(path), 1, path.stem, field, problem, remedy))


def _shown(path: Path) -> str:
    """Return a path as an operator would write it: relative to where they stand, if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
