"""One row of a manifest: from the words in it to an observation, or what is wrong with it."""

import hashlib
import posixpath
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from facewitness.sources.texts import clean
from facewitness.sources.urls import is_http
from facewitness.terms.dates import span

COLUMNS = ("file", "page_url", "image_url", "page_title", "captured_at", "caption", "licence")
"""`file` is the path from the manifest's folder, with `/` between its parts; the others may be left empty."""


class BadRow(ValueError):
    """A row that cannot be used, and why. Never leaves this room: it becomes a `SkippedPhoto`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A usable row. `file` is as written, cleared of `.` and `..`; `tag` tells rows of one file apart."""

    line: int
    file: str
    tag: str
    page_url: str
    image_url: str
    page_title: str
    caption: str
    licence: str
    captured_at: datetime | None

    @property
    def digest(self) -> str:
        """Changes when anything in the row does, except its line: 16 hexadecimal digits."""
        parts = (self.page_url, self.image_url, self.page_title, self.caption, self.licence, self.captured_at)
        return _short_digest(*map(str, parts), digits=16)


def file_key(path: str) -> str:
    """The path as it is looked up: a Mac writes é as two characters, and Windows writes `\\` for `/`."""
    return unicodedata.normalize("NFC", path.replace("\\", "/"))


def parse_row(values: Mapping[str, Any], line: int) -> Row:
    """The row's values, checked. BadRow says which one cannot be used."""
    texts = {name: _text(name, values.get(name)) for name in COLUMNS}
    page_url, image_url = _url("page_url", texts["page_url"]), _url("image_url", texts["image_url"])
    return Row(
        line=line,
        file=_file(texts["file"]),
        tag=_tag(page_url, image_url, texts["captured_at"]),
        page_url=page_url,
        image_url=image_url,
        page_title=texts["page_title"],
        caption=texts["caption"],
        licence=texts["licence"],
        captured_at=_time(texts["captured_at"]),
    )


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRow(f"{name} is not text")
    if any("\ud800" <= one <= "\udfff" for one in value):
        raise BadRow(f"{name} is not UTF-8")
    if name == "file":
        return value
    return clean(value)


def _file(written: str) -> str:
    if not written.strip():
        raise BadRow("file is empty")
    path = written.replace("\\", "/")
    if "\0" in path or path.startswith("/") or (len(path) > 1 and path[1] == ":"):
        raise BadRow("file is not a path within the folder")
    if ".." in path.split("/"):
        raise BadRow("file leads out of the folder")
    return posixpath.normpath(path)


def _url(name: str, text: str) -> str:
    if text and not is_http(text):
        raise BadRow(f"{name} is not an http or https address")
    return text


def _time(text: str) -> datetime | None:
    """ISO 8601 as UTC. Without a zone it is taken as UTC; a year, month or day alone is its beginning."""
    if not text:
        return None
    try:
        return span(text)[0]
    except ValueError:
        raise BadRow(
            "captured_at is not a time in ISO 8601, such as 2024-05-01T12:00:00Z or 2024-05"
        ) from None


def _tag(page_url: str, image_url: str, captured_at: str) -> str:
    """What makes an appearance another one: its addresses and its time. Empty where the row gives none."""
    if not (page_url or image_url or captured_at):
        return ""
    return _short_digest(page_url, image_url, captured_at, digits=12)


def _short_digest(*parts: str, digits: int) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:digits]
