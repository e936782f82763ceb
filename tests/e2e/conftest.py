"""The two worlds, each started once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import world as worlds
from tests.e2e.world import World


@pytest.fixture(scope="session")
def regular_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with worlds.regular(tmp_path_factory.mktemp("regular") / "world") as running:
        yield running


@pytest.fixture(scope="session")
def transparent_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if why := worlds.why_no_namespaces():
        pytest.skip(why)
    with worlds.transparent(tmp_path_factory.mktemp("transparent") / "world") as running:
        yield running


@pytest.fixture(params=["regular", "transparent"])
def world(request: pytest.FixtureRequest) -> World:
    running: World = request.getfixturevalue(f"{request.param}_world")
    return running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "world"
