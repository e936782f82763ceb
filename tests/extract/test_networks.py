"""The models are those that were measured, and no others."""

import hashlib
import importlib.resources

import pytest

from cerco.extract import networks


def test_the_models_are_those_that_were_measured() -> None:
    folder = importlib.resources.files("rapidocr") / "models"
    for name, digest in (networks.FINDS, networks.READS):
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize(
    ("name", "digest", "said"),
    [(networks.READS[0], networks.FINDS[1], "not the model"), ("none.onnx", networks.FINDS[1], "missing")],
    ids=["another", "none"],
)
def test_any_other_model_is_refused(name: str, digest: str, said: str) -> None:
    with pytest.raises(networks.ModelError, match=said):
        networks._session(name, digest)
