"""Draft families for `rules/dingtalk/endpoints.yaml` from requests that were news.

In:    sightings, and the families there are.
Out:   YAML that can be put into the file as it stands, for somebody who knows what the requests are to go over.
Never: a field that ids and switches have for a name; those say nothing that a rule would look for.
"""

import json
import re
from collections.abc import Iterable, Iterator

from cerco.dingtalk.drift import CALL, Sighting
from cerco.dingtalk.endpoints import EVERY, Endpoints
from cerco.dingtalk.folding import KEY, MORE
from cerco.dingtalk.outbound import Channel, Role
from cerco.dingtalk.shape import QUERY
from cerco.dingtalk.surfaces import role_by_name

_ROLES = {Role.TEXT: "text", Role.TITLE: "title", Role.FILENAME: "file name"}
# Names whose values are ids, switches, sizes and times.
_DULL = re.compile(
    r"(?i:.*(?:ids?|type|token|time|size|urls?|status|count|num|flag|code|key|sign|version|index|order|limit)"
    r"|mid|timestamp|method|jsonrpc|lwp)|is[A-Z_].*",
)
# What stands in front of a tool's own fields in JSON-RPC.
_RPC = "params."
_VERSION = re.compile(r"v\d+(?:\.\d+)?|\d+")
_WORD = re.compile(r"[A-Za-z0-9_]+")
# Words that some readers of YAML take for something else.
_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_CHANNELS = frozenset({Channel.OAPI, Channel.API, Channel.OSS, Channel.LWP, Channel.STREAM, Channel.MCP})


def draft(sightings: Iterable[Sighting], endpoints: Endpoints) -> str:
    """Return a `families` section that describes these requests, or names the families that do but for some fields.

    What cannot stand in the file, such as a request with a method of its own, becomes a comment.
    """
    taken = {family.operation for family in endpoints.families}
    lines = ["families:"]
    seen = set[tuple[Channel, str, str]]()
    for sighting in sightings:
        kind = (sighting.channel, sighting.method, sighting.template)
        if kind in seen:
            continue  # the same on a host of another region
        seen.add(kind)
        lines += _family(sighting, endpoints, taken)
    return "\n".join(lines if any(line.startswith("  - ") for line in lines) else [*lines[1:], "families: []"]) + "\n"


def _family(sighting: Sighting, endpoints: Endpoints, taken: set[str]) -> Iterator[str]:
    yield f"  # {_heading(sighting)}"
    fields = dict(_fields(sighting.new_keys or sighting.shape))
    known = _known(sighting, endpoints)
    if known is not None:
        yield f"  # It is described by {known}. Add there, as far as it carries text:"
        yield from (f"  #     {_quoted(path)}: {role}" for path, role in fields.items())
        return
    if "{" in sighting.method or MORE in sighting.template or (sighting.method == CALL and "{" in sighting.template):
        yield "  # Nothing can be said of it here; it is read and judged all the same."
        return
    operation = _operation(sighting, taken)
    taken.add(operation)
    channel = sighting.channel if sighting.channel in _CHANNELS else Channel.OTHER
    yield f"  - operation: {operation}"
    yield f"    channel: {channel}"
    if sighting.method == CALL:
        yield f"    calls: [{_quoted(sighting.template)}]"
    else:
        yield f"    match: [{_quoted(f'{sighting.method} {sighting.template}')}]"
    if fields:
        yield "    fields:"
        yield from (f"      {_quoted(path)}: {role}" for path, role in fields.items())


def _heading(sighting: Sighting) -> str:
    what = "has fields that are new" if sighting.new_keys else "is new"
    return f"{sighting.host}: {sighting.method} {sighting.template} {what}."


def _known(sighting: Sighting, endpoints: Endpoints) -> str | None:
    if sighting.method == CALL:
        found = endpoints.call(sighting.template, sighting.channel)
        if found is endpoints.call(EVERY, sighting.channel):
            return None
    else:
        found = endpoints.find(sighting.method, sighting.template, sighting.channel)
    return None if found is None or found is endpoints.generic else found.operation


def _fields(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the fields that may carry text, as the file writes their paths, with what they seem to be."""
    for name in names:
        path = name.removeprefix(QUERY).replace(KEY, "*").lstrip("[].")
        last = path.rpartition(".")[2].replace("[]", "")
        if path and path != f"{_RPC}name" and not _DULL.fullmatch(last):
            path = path.removeprefix(_RPC)
            yield path, _ROLES[role_by_name(path, "")]


def _operation(sighting: Sighting, taken: set[str]) -> str:
    """Name an operation by its path's words: "robot.groupMessages.send"."""
    words = [word for word in re.split(r"[/.]", sighting.template) if _WORD.fullmatch(word)]
    words = [word for word in words if not _VERSION.fullmatch(word) and word not in {"topapi", "r"}]
    prefix = {Channel.MCP: "mcp.", Channel.LWP: "lwp."}.get(sighting.channel, "")
    name = prefix + (".".join(words) or "unnamed")
    names = (name if number == 1 else f"{name}_{number}" for number in range(1, len(taken) + 2))
    return next(one for one in names if one not in taken)


def _quoted(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_./-]*", text) and text.lower() not in _YAML
    return text if plain else json.dumps(text, ensure_ascii=False)
