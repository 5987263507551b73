"""What an export gives, in a form that tests can compare."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from facewitness.sources.export import ExportSource
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason

from ....assets.exports import TIME, Files, write_zip


def everything(root: Path) -> list[Arrival | SkippedPhoto]:
    return list(ExportSource(root).arrivals())


def arrived(root: Path) -> list[Arrival]:
    return [one for one in everything(root) if isinstance(one, Arrival)]


def paths(root: Path) -> list[str]:
    return [one.path for one in arrived(root)]


def skips(root: Path) -> list[tuple[str, SkipReason]]:
    return [(one.path, one.reason) for one in everything(root) if isinstance(one, SkippedPhoto)]


def captions(root: Path) -> dict[str, list[tuple[str, str]]]:
    """By the photo's name the titles and captions that it has."""
    return {
        one.path.rpartition("/")[2]: [(seen.page_title, seen.caption) for seen in one.observations]
        for one in arrived(root)
    }


def times(root: Path) -> dict[str, list[datetime | None]]:
    """By the photo's name the times that it has."""
    return {
        one.path.rpartition("/")[2]: [seen.captured_at for seen in one.observations] for one in arrived(root)
    }


def at(seconds_later: int = 0) -> datetime:
    """The fixtures' time."""
    return datetime.fromtimestamp(TIME + seconds_later, UTC)


def zipped(folder: Path, files: Files) -> Path:
    """An export in one ZIP."""
    return write_zip(folder / "export.zip", files)


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()
