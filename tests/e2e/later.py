"""Run `cerco` with a clock that can be put forward: `python later.py FILE run --config …`; FILE holds the seconds."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cerco.cli import main
from cerco.runtime import proxy
from cerco.runtime.gate import Gate
from cerco.runtime.opening import open_gate
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.settings import Settings


def put_forward(by: Path) -> None:
    @asynccontextmanager
    async def opened(settings: Settings, rulebook: Rulebook) -> AsyncIterator[Gate]:
        def clock() -> datetime:
            return datetime.now(UTC) + timedelta(seconds=float(by.read_text() or 0))

        async with open_gate(settings, rulebook, clock) as gate:
            yield gate

    setattr(proxy, "open_gate", opened)  # noqa: B010 - a name that module only imports


if __name__ == "__main__":
    put_forward(Path(sys.argv[1]))
    sys.argv[1:] = sys.argv[2:]
    main()
