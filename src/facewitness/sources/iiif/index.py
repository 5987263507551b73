"""On which canvases an image is shown: an SQLite file, so that memory does not grow with the manifests."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facewitness.sources.iiif.images import CanvasImage
from facewitness.sources.iiif.manifest import Canvas, Manifest
from facewitness.sources.preferences import packed, unpacked
from facewitness.sources.webarchive.addresses import address_key
from facewitness.terms.provenance import Preference, SkippedPhoto, SkipReason

MAX_SHOWINGS = 40
"""Canvases that are named as showing an image; "not digitised yet" stands on all canvases of a library."""

_MAX_STEPS = 5

_TABLES = """
CREATE TABLE manifest (
  id INTEGER PRIMARY KEY, url TEXT UNIQUE, title TEXT, preferences TEXT, reserves INTEGER
);
CREATE TABLE showing (
  key INTEGER, manifest INTEGER, number INTEGER, tag TEXT, page_url TEXT, caption TEXT, licence TEXT,
  PRIMARY KEY (key, manifest, number)
) WITHOUT ROWID;
CREATE INDEX showing_manifest ON showing (manifest);
CREATE TABLE redirect (target INTEGER, source INTEGER, PRIMARY KEY (target, source)) WITHOUT ROWID;
CREATE TABLE refusal (url TEXT PRIMARY KEY, reason TEXT, detail TEXT);
"""

_SHOWINGS = """
WITH RECURSIVE known (key, steps) AS (
  SELECT ?, 0 UNION SELECT source, steps + 1 FROM redirect JOIN known ON target = known.key WHERE steps < ?
)
SELECT tag, url, page_url, title, caption, max(licence), preferences
FROM showing JOIN manifest ON id = manifest WHERE key IN (SELECT key FROM known)
GROUP BY manifest, number ORDER BY reserves DESC, manifest, number LIMIT ?
"""

_ADD_MANIFEST = """
INSERT INTO manifest (url, title, preferences, reserves) VALUES (?, ?, ?, ?)
ON CONFLICT (url) DO UPDATE
SET title = excluded.title, preferences = excluded.preferences, reserves = excluded.reserves
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Showing:
    """An image as one canvas shows it."""

    tag: str
    """Tells the canvas from all others: 12 hexadecimal digits."""
    manifest_url: str
    page_url: str
    page_title: str
    caption: str
    licence: str
    preferences: tuple[Preference, ...]
    """Those of the manifest."""


class Index:
    """The canvases by the images on them. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        """A new index at `path`, where nothing is yet."""
        self._sql = sqlite3.connect(path, check_same_thread=False)
        self._sql.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        self._sql.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._sql.close()

    def add_redirect(self, url: str, to: str) -> None:
        """An image that is named by `url` may lie at `to`."""
        self._sql.execute("INSERT OR IGNORE INTO redirect VALUES (?, ?)", (address_key(to), address_key(url)))

    def add_refusal(self, one: SkippedPhoto) -> None:
        """What in a document cannot be used; `path` is its address, of which one refusal is kept."""
        self._sql.execute(
            "INSERT OR REPLACE INTO refusal VALUES (?, ?, ?)", (one.path, one.reason, one.detail)
        )

    def refusals(self) -> Iterator[SkippedPhoto]:
        """What cannot be used, in order."""
        for url, reason, detail in self._sql.execute("SELECT * FROM refusal ORDER BY rowid"):
            yield SkippedPhoto(url, SkipReason(reason), detail)

    def add(self, manifest: Manifest, preferences: tuple[Preference, ...]) -> None:
        """Take in a manifest, in the place of what was there from the same address."""
        reserves = any(one.reserves for one in preferences)
        values = (manifest.url, manifest.said.label, packed(preferences), reserves)
        (number,) = self._sql.execute(_ADD_MANIFEST, values).fetchone()
        self._sql.execute("DELETE FROM showing WHERE manifest = ?", (number,))
        self._sql.execute("DELETE FROM refusal WHERE url = ?", (manifest.url,))
        rows = (
            (key, number, place, *_row(manifest, canvas, image))
            for place, canvas in enumerate(manifest.canvases)
            for image in canvas.images
            for key in {address_key(image.url), address_key(image.fetch)}
        )
        self._sql.executemany("INSERT OR IGNORE INTO showing VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def showings(self, image_url: str) -> list[Showing]:
        """The canvases that show the image, in the order of the manifests, of very many the first.

        Those of manifests that reserve them go before the others.
        """
        key = address_key(image_url)
        values = (key, _MAX_STEPS, MAX_SHOWINGS)
        return [_showing(row) for row in self._sql.execute(_SHOWINGS, values)] if key else []


def _showing(row: tuple[str, ...]) -> Showing:
    tag, manifest_url, page_url, title, caption, licence, said = row
    return Showing(tag, manifest_url, page_url, title, caption, licence, unpacked(said))


def _row(manifest: Manifest, canvas: Canvas, image: CanvasImage) -> tuple[str, str, str, str]:
    """Tag, page, caption and licence. What a canvas does not say of itself its manifest says."""
    of, own = manifest.said, canvas.said
    told = (own.label, *(own.facts or of.facts), own.statement or of.statement)
    name = json.dumps((manifest.url, canvas.id)).encode()
    return (
        hashlib.sha256(name).hexdigest()[:12],
        own.homepage or of.homepage or manifest.url,
        "; ".join(filter(None, told)),
        image.licence or own.licence or of.licence,
    )
