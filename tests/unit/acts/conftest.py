"""What the tests of this room share: the models made ready once, a bank to copy, small portraits."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from facewitness import Service
from facewitness.faces import FaceReader

from ...conftest import enrol
from .banks import shrunk


@pytest.fixture(scope="package", autouse=True)
def models_once() -> Iterator[None]:
    """Every bank here works with the same models: to make them ready takes most of a second."""
    make, made = Service._make_faces, list[FaceReader]()

    def once(service: Service) -> FaceReader:
        if not made:
            made.append(make(service))
        return made[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Service, "_make_faces", once)
        yield


@pytest.fixture(scope="package")
def enrolled(models_once: None, portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank's folder with the sample portraits, to be copied."""
    folder = tmp_path_factory.mktemp("enrolled") / "bank"
    with Service.open(folder, actor="tester") as service:
        enrol(service, portraits)
    return folder


@pytest.fixture
def bank(enrolled: Path, tmp_path: Path) -> Iterator[Service]:
    """A bank with the sample portraits."""
    with Service.open(shutil.copytree(enrolled, tmp_path / "bank"), actor="tester") as service:
        yield service


@pytest.fixture(scope="package")
def small(portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small photos of one person and two of others; not to be changed."""
    folder = tmp_path_factory.mktemp("small")
    for name in ("astronaut.png", "biden.jpg", "obama.jpg", "obama3.jpg"):
        shrunk(portraits / name).save(folder / f"{Path(name).stem}.jpg", quality=92)
    return folder


@pytest.fixture
def photos(small: Path, tmp_path: Path) -> Path:
    """The small photos in a folder of the test's own."""
    return shutil.copytree(small, tmp_path / "photos")
