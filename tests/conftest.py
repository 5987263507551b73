"""What every test may use: the sample portraits, and a bank that was enrolled from them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from facewitness import Service

PORTRAITS = Path(os.environ.get("FACEWITNESS_PORTRAITS", Path(__file__).parent.parent / ".demo/portraits"))


@pytest.fixture(scope="session")
def portraits() -> Path:
    """The folder of sample portraits with its manifest."""
    if not (PORTRAITS / "manifest.csv").exists():
        pytest.fail(
            f"The sample portraits are not in {PORTRAITS}; `make .demo/portraits/manifest.csv` fetches them."
        )
    return PORTRAITS


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings must not reach a test."""
    for name in ("BANK", "MODELS", "THREADS", "ACTOR", "PORT"):
        monkeypatch.delenv(f"FACEWITNESS_{name}", raising=False)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """An empty bank."""
    with Service.open(tmp_path / "bank", actor="tester") as opened:
        yield opened


def enrol(service: Service, folder: Path, name: str = "Sample portraits") -> None:
    """Register and enrol a folder with the least that a source needs."""
    service.enrol(folder, name=name, steward="A. Steward", basis="licence", licence="public domain")


@pytest.fixture
def bank(service: Service, portraits: Path) -> Service:
    """A bank with the sample portraits."""
    enrol(service, portraits)
    return service
