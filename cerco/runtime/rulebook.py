"""Read a rules folder whole: scope, endpoints, detect rules and policy, or every fault in it.

In:    a folder laid out as the shipped `rules/`.
Out:   `Rulebook`, which names itself by content hash.
Never: a rulebook with a fault in it, or half of one.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from cerco.decide.load import RuleError, RuleErrors, load
from cerco.decide.policy import Policy
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


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything compliance staff decide: what is DingTalk, what is sensitive, what happens then."""

    scope: Scope
    rules: tuple[DetectRule, ...]
    policy: Policy
    version: str  # first 16 hex digits of SHA-256 over the files' names and bytes
    endpoints: Endpoints = field(default_factory=Endpoints)
    catalogue: Catalogue = field(default_factory=Catalogue)


def load_rulebook(folder: Path) -> Rulebook:
    """Read every rule file under `folder`.

    Raises:
        RuleErrors: with all faults of all files, each with its file and line.
    """
    faults: list[RuleError] = []
    digest = hashlib.sha256()

    def read[M: BaseModel](path: Path, model: type[M], where: str | None = None) -> M | None:
        shown = _shown(path)
        try:
            data = path.read_bytes()
            name = path.relative_to(folder) if path.is_relative_to(folder) else path.name
            digest.update(f"{name}\0{len(data)}\0".encode() + data)
            return load(data.decode(), shown, model, where=where)
        except RuleErrors as errors:
            faults.extend(error for error in errors.exceptions if isinstance(error, RuleError))
        except FileNotFoundError:
            faults.append(
                RuleError(
                    shown, 0, where or "", "", "is missing", "Restore the file or point `rules:` at a complete folder."
                )
            )
        except (OSError, UnicodeDecodeError) as error:
            faults.append(
                RuleError(
                    shown,
                    0,
                    where or "",
                    "",
                    f"cannot be read ({type(error).__name__})",
                    "Check its permissions and save it as UTF-8.",
                )
            )
        return None

    scope = read(folder / SCOPE, Scope)
    own = (folder / ENDPOINTS).exists()
    endpoints = read((folder if own else packaged_rules()) / ENDPOINTS, Endpoints)
    catalogue = _catalogue(folder / CATALOGUE, digest, faults)
    policy = read(folder / POLICY, Policy)
    paths = sorted((folder / DETECT).glob("*.yaml"))
    rules = [rule for path in paths if (rule := read(path, DetectRule, path.stem))]
    if not paths:
        faults.append(
            RuleError(
                _shown(folder / DETECT),
                0,
                "",
                "",
                "holds no rule",
                "Add at least one rule file, or use the shipped pack.",
            )
        )
    for path, rule in zip(paths, rules, strict=False):
        if not faults and rule.id != path.stem:
            faults.append(
                RuleError(
                    _shown(path), 1, rule.id, "id", f"is {rule.id!r}", f"Name the rule {path.stem!r}, as its file."
                )
            )
    if faults or scope is None or endpoints is None or policy is None:
        raise RuleErrors(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    return Rulebook(scope, tuple(rules), policy, digest.hexdigest()[:16], endpoints, catalogue)


def _catalogue(path: Path, digest: "hashlib._Hash", faults: list[RuleError]) -> Catalogue:
    """Read the folder's own list of operations, or the packaged one where it has none; note its faults."""
    if not path.is_file():
        return Catalogue.load()
    remedy = f"Write it anew with: cerco dingtalk catalogue --from-sdk --out {_shown(path)}"
    try:
        data = path.read_bytes()
        digest.update(f"{CATALOGUE}\0{len(data)}\0".encode() + data)
        return Catalogue.load(data.decode())
    except CatalogueError as error:
        faults.append(RuleError(_shown(path), error.line, "catalogue", "", error.problem, remedy))
    except (OSError, UnicodeDecodeError) as error:
        faults.append(RuleError(_shown(path), 0, "catalogue", "", f"cannot be read ({type(error).__name__})", remedy))
    return Catalogue()


def _shown(path: Path) -> str:
    """Return a path as an operator would write it: relative to where they stand, if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
