"""What a record says of its photo, under the names that datasets use for it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from facewitness.sources.texts import MAX_TEXT, clean
from facewitness.sources.urls import is_http
from facewitness.terms.dates import span
from facewitness.terms.provenance import Observation

_ADDRESSES = {
    "image_url": ("image_url", "url", "img_url"),
    "page_url": ("page_url", "source_url"),
}
_TEXTS = {
    "page_title": ("page_title",),
    "caption": ("caption", "text", "alt", "alt_text", "description", "txt"),
    "licence": ("licence", "license"),
}
_TIMES = ("captured_at", "timestamp")
_OTHERS = ("status", "error_message", "sha256")

KNOWN = frozenset([*(name for names in (_ADDRESSES | _TEXTS).values() for name in names), *_TIMES, *_OTHERS])
"""Every name that is read, in lower case. Of several for one thing the first that is not empty counts."""

_MILLISECONDS_FROM = 1e11
"""A time that is a number counts seconds since 1970, or milliseconds from here on (in seconds: the year 5138)."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a record says, cleaned. Empty where it says nothing."""

    image_url: str = ""
    page_url: str = ""
    page_title: str = ""
    caption: str = ""
    licence: str = ""
    captured_at: datetime | None = None
    failure: str = ""
    """Why there is no photo, where the record gives another `status` than success (img2dataset's word)."""
    sha256: str = ""
    """The digest that it gives: img2dataset's is of the photo before it was made smaller, so it proves nothing."""
    problems: tuple[str, ...] = ()
    """What could not be used: each costs only itself."""

    def digest(self, size: int) -> str:
        """Changes when the text does, or the photo's size in bytes, or the digest given: 16 hexadecimal digits."""
        texts = (self.image_url, self.page_url, self.page_title, self.caption, self.licence, self.sha256)
        whole = "\0".join((*texts, str(self.captured_at), str(size)))
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    def observation(self, locator: str, otherwise: datetime | None) -> Observation:
        """The appearance, at the time that the record gives or `otherwise` at a file's own."""
        return Observation(
            locator=locator,
            page_url=self.page_url,
            image_url=self.image_url,
            page_title=self.page_title,
            caption=self.caption,
            licence=self.licence,
            captured_at=self.captured_at or otherwise,
            is_file_time=self.captured_at is None and otherwise is not None,
        )


def known(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values under known names, these in lower case: the rest need not be kept."""
    lowered = {str(name).lower(): value for name, value in values.items()}
    return {name: lowered[name] for name in KNOWN & lowered.keys()}


def from_json(data: bytes | str) -> dict[str, Any] | None:
    """The known values of a JSON object; None where it is none."""
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return known(values) if isinstance(values, dict) else None


def describe(values: Mapping[str, Any]) -> Description:
    """The values, cleaned. Their names are in lower case; nothing that they hold raises."""
    problems: list[str] = []
    addresses = {field: _first(names, values, problems) for field, names in _ADDRESSES.items()}
    for field, address in addresses.items():
        if address and not is_http(address):
            problems.append(f"{field} is not an http or https address")
            addresses[field] = ""
    texts = {field: _first(names, values, problems) for field, names in _TEXTS.items()}
    return Description(
        **addresses,
        **texts,
        captured_at=_first_time(values, problems),
        failure=_failure(values),
        sha256=_first(("sha256",), values, [])[:64],
        problems=tuple(problems),
    )


def _first(names: tuple[str, ...], values: Mapping[str, Any], problems: list[str]) -> str:
    for name in names:
        value = values.get(name)
        if isinstance(value, list):  # several captions
            value = "; ".join(one for one in value if isinstance(one, str))
        if isinstance(value, str):
            if text := clean(value[: 2 * MAX_TEXT]):
                return text
        elif value is not None:
            problems.append(f"{name} is not text")
    return ""


def _first_time(values: Mapping[str, Any], problems: list[str]) -> datetime | None:
    for name in _TIMES:
        value = values.get(name)
        if value is None or value == "":
            continue
        try:
            return _time(value)
        except (ValueError, OverflowError, OSError):
            problems.append(f"{name} is not a time")
    return None


def _time(value: Any) -> datetime:
    """A time in UTC, also where no zone is given. ValueError, OverflowError or OSError where it is none."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000 if abs(value) >= _MILLISECONDS_FROM else value, UTC)
    if isinstance(value, str):
        return span(value)[0]
    raise ValueError("neither text nor number")


def _failure(values: Mapping[str, Any]) -> str:
    status = _first(("status",), values, [])
    if status.lower() in ("", "success"):
        return ""
    why = _first(("error_message",), values, [])
    return f"{status}: {why}" if why else status
