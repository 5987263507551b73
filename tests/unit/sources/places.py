"""Small folders for the tests of this room, and what a source gives of them."""

from pathlib import Path

from facewitness.sources import FolderSource
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason


def fill(root: Path, *names: str) -> Path:
    """Files of these names, each holding its own name; folders are made as needed."""
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return root


def everything(root: Path) -> list[Arrival | SkippedPhoto]:
    """All that the source gives, in its order."""
    return list(FolderSource(root).arrivals())


def arrived(root: Path) -> list[Arrival]:
    """All arrivals of a source that refuses nothing."""
    found = everything(root)
    assert not [one for one in found if isinstance(one, SkippedPhoto)]
    return [one for one in found if isinstance(one, Arrival)]


def paths(root: Path) -> list[str]:
    """The paths of what arrives, in its order."""
    return [one.path for one in everything(root) if isinstance(one, Arrival)]


def skips(root: Path) -> list[tuple[str, SkipReason]]:
    """What is refused and why, in its order."""
    return [(one.path, one.reason) for one in everything(root) if isinstance(one, SkippedPhoto)]
