"""The default models, made ready once, and the sample portraits as pixels."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from facewitness.faces import FaceReader, Models, load_models

from .scenes import Pixels, opened


@pytest.fixture(scope="session")
def models() -> Models:
    return load_models(None)


@pytest.fixture(scope="session")
def folds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of folded models."""
    return tmp_path_factory.mktemp("folds")


@pytest.fixture(scope="session")
def reader(models: Models, folds: Path) -> FaceReader:
    return models.reader(folds, 2)


@pytest.fixture(scope="session")
def portrait(portraits: Path) -> Callable[[str], Pixels]:
    """A sample portrait's pixels by its file's name."""
    return cache(lambda name: opened(portraits / name))
