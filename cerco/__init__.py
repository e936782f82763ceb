"""Cerco: an outbound DLP gate for DingTalk traffic.

import cerco
report = cerco.Inspector.from_rules("rules").inspect_text("澳門居民身份證號碼 1234567(8)")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cerco.runtime.library import Inspector, Report

__all__ = ["Inspector", "Report", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the library on first use: it brings Presidio, which a command that only needs the version should not."""
    if name in {"Inspector", "Report"}:
        from cerco.runtime import library  # noqa: PLC0415

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
