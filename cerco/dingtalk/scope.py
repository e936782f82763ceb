"""Say which hosts are DingTalk's, which dialect they speak and where they stand.

In:    `rules/dingtalk/scope.yaml`, already parsed to plain data.
Out:   `Scope`, asked with a host name.
Never: a look-up; names are compared, not resolved.
"""

import re
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from cerco.dingtalk.outbound import Channel

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+")
_PATTERN = re.compile(r"[a-z0-9*_-]+(\.[a-z0-9*_-]+)+")

type Region = Literal["mainland", "singapore", "international"]
# The dialects a host list can stand for. The object store has a list of its own, and a page is known by its request.
type Spoken = Literal["oapi", "api", "stream", "lwp", "mcp"]


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("is not a plain host name; write it in lower case without https://, port, path or *")
    return value


def _pattern(value: str) -> str:
    if not _PATTERN.fullmatch(value):
        raise ValueError("is not a host name or pattern; write it in lower case without https://, port or path")
    if not value.replace("*", "").strip("."):
        raise ValueError("would cover every host; name at least one domain")
    return value


type Name = Annotated[str, AfterValidator(_name)]
type Pattern = Annotated[str, AfterValidator(_pattern)]


class Scope(BaseModel):
    """The shape of `rules/dingtalk/scope.yaml`: host names and patterns in which `*` is any run of characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    suffixes: tuple[Name, ...]
    hosts: tuple[Pattern, ...] = ()
    object_stores: tuple[Pattern, ...] = ()
    channels: dict[Spoken, tuple[Pattern, ...]] = {}
    regions: dict[Region, tuple[Pattern, ...]] = {}
    names: tuple[Name, ...] = ()

    def covers(self, host: str) -> bool:
        """Tell whether the host is DingTalk's; case and one trailing dot do not matter."""
        return self._covered.fullmatch(_normal(host)) is not None

    def channel(self, host: str) -> Channel:
        """Return the dialect the host speaks, `Channel.OTHER` where no list names it."""
        name = _normal(host)
        return next((channel for channel, hosts in self._channels if hosts.fullmatch(name)), Channel.OTHER)

    def region(self, host: str) -> str:
        """Return "mainland", "singapore", "international", or "unknown" where no list names the host."""
        name = _normal(host)
        return next((region for region, hosts in self._regions if hosts.fullmatch(name)), "unknown")

    @cached_property
    def _covered(self) -> re.Pattern[str]:
        below = "|".join(re.escape(suffix) for suffix in self.suffixes)
        return re.compile(f"(?:.*\\.)?(?:{below})|{_any(self.hosts).pattern}" if below else _any(self.hosts).pattern)

    @cached_property
    def _channels(self) -> tuple[tuple[Channel, re.Pattern[str]], ...]:
        spoken = ((Channel(channel), _any(hosts)) for channel, hosts in self.channels.items())
        return ((Channel.OSS, _any(self.object_stores)), *spoken)

    @cached_property
    def _regions(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((region, _any(hosts)) for region, hosts in self.regions.items())


def _normal(host: str) -> str:
    return host.lower().removesuffix(".")


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Compile patterns to one expression; of no pattern, one that matches nothing."""
    parts = (re.escape(pattern).replace(r"\*", ".*") for pattern in patterns)
    return re.compile("|".join(parts) if patterns else r"(?!)")
