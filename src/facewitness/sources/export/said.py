"""What an export says of a photo, and how its words are taken in: texts, times and addresses of any shape."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from facewitness.sources.texts import MAX_TEXT, clean
from facewitness.sources.urls import is_http
from facewitness.terms.dates import span
from facewitness.terms.provenance import SkippedPhoto

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """What one place in an export says of a photo. There is no field for third persons, or for addresses of
    machines: what is not named here does not come in."""

    title: str
    """The album's name, or the kind of thing that the photo was part of: `post`, `story`."""
    caption: str = ""
    page_url: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of the export by its path, with all that is said of it."""

    path: str
    said: tuple[Said, ...]


Told = Photo | SkippedPhoto


def text(value: Any) -> str:
    """A text as it can be shown and stored; empty for anything else."""
    return clean(value[: 4 * MAX_TEXT]) if isinstance(value, str) else ""


def address(value: Any) -> str:
    """An http or https address; empty for anything else."""
    return value if isinstance(value, str) and text(value) == value and is_http(value) else ""


def moment(value: Any) -> datetime | None:
    """A time from seconds since 1970, as a number or in digits, or from ISO 8601.

    None for anything else, for 0 (written for not known), and outside the years 1 to 9999 (Meta writes
    -62169958800 for not known).
    """
    try:
        seconds = (
            float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else 0.0
        )
        if seconds and math.isfinite(seconds):
            return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
    except ValueError:
        return _iso(value)
    return None


def _iso(value: str) -> datetime | None:
    try:
        return span(value)[0]
    except ValueError:
        return None


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a list; of anything else none."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def entries(tree: Any) -> Iterator[Any]:
    """The entries of a JSON file: of its list, or of the lists that its object or the objects in that hold.

    None stands for a file, or a value in it, that is of no such shape.
    """
    if isinstance(tree, list):
        yield from tree
    elif isinstance(tree, dict):
        for value in tree.values():
            inner = list(value.values()) if isinstance(value, dict) else [value]
            for one in inner:
                yield from one if isinstance(one, list) else (None,)
    else:
        yield None
