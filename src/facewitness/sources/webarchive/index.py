"""The index of a source's archives: which images they hold, and which pages show them. An SQLite file.

It is written while the archives are read through once, so that memory does not grow with them.
"""

import heapq
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from facewitness.sources.preferences import packed, unpacked
from facewitness.sources.webarchive.addresses import address_key
from facewitness.sources.webarchive.images import Image, Kind, PageCapture, Showing
from facewitness.sources.webarchive.moments import from_microseconds, microseconds
from facewitness.sources.webarchive.redirects import Redirect
from facewitness.sources.webarchive.sites import Sites
from facewitness.terms.provenance import SkippedPhoto, SkipReason

MAX_PAGES = 40
"""Pages that are named as showing an image; a logo stands on all pages of a site."""

_LOOKED_AT = 10 * MAX_PAGES
"""Captures of pages that are looked at on either side in time: one page may have been captured often."""

_TABLES = """
CREATE TABLE image (
  kind INTEGER, archive INTEGER, start INTEGER, record_id TEXT, url TEXT, at INTEGER, digest TEXT,
  preferences TEXT, refers_id TEXT, refers_url TEXT, refers_at INTEGER, key INTEGER
);
CREATE TABLE page (url TEXT, title TEXT, at INTEGER, preferences TEXT, reserves INTEGER);
CREATE TABLE embed (key INTEGER, at INTEGER, page INTEGER, caption TEXT);
CREATE TABLE redirect (target INTEGER, source INTEGER, PRIMARY KEY (target, source)) WITHOUT ROWID;
CREATE TABLE refusal (path TEXT, reason TEXT, detail TEXT);
CREATE TABLE stamp (value TEXT);
"""

_INDICES = """
CREATE INDEX embed_key ON embed (key, at);
CREATE TABLE reserved AS
  SELECT key, page, caption FROM embed WHERE page IN (SELECT rowid FROM page WHERE reserves) ORDER BY rowid;
CREATE INDEX reserved_key ON reserved (key);
CREATE INDEX image_key ON image (key, at) WHERE kind = 0;
CREATE INDEX image_digest ON image (digest) WHERE kind = 0 AND digest != '';
CREATE INDEX image_id ON image (record_id) WHERE kind = 0 AND record_id != '';
"""

_ORIGINALS = (
    "record_id = :refers_id AND record_id != ''",
    "key = :refers_key AND at = :refers_at AND key != 0",
    "digest = :digest AND digest != ''",
)
"""How a revisit's original is found, best first."""

_SHOWING = (
    "SELECT page.at, url, title, caption, preferences FROM {0} JOIN page ON page.rowid = page WHERE key = ? "
)
_BEFORE = _SHOWING.format("embed") + "AND embed.at <= ? ORDER BY embed.at DESC, embed.rowid LIMIT ?"
_AFTER = _SHOWING.format("embed") + "AND embed.at > ? ORDER BY embed.at, embed.rowid LIMIT ?"
_RESERVING = _SHOWING.format("reserved") + "ORDER BY reserved.rowid LIMIT 1"
_NAMES = """
WITH RECURSIVE name (key, steps) AS (
  SELECT ?, 0 UNION SELECT source, steps + 1 FROM redirect JOIN name ON target = key WHERE steps < 5 LIMIT 400
)
SELECT DISTINCT key FROM name
"""
"""An image's address, and those that led on to it."""

_CHANGE_PAGE = "UPDATE page SET preferences = ?, reserves = ? WHERE rowid = ?"
_ADD_IMAGE = "INSERT INTO image VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Index:
    """The index, open in one file. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        """The index at `path`, as it is there, or a new one."""
        self._sql = sqlite3.connect(path, check_same_thread=False)
        self._sql.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768"
        )
        self.sites = Sites(self._sql)

    def close(self) -> None:
        """Close the file."""
        self._sql.close()

    def stamp(self) -> str:
        """What the index was made of; empty where it was not made to its end."""
        try:
            return str(next(self._sql.execute("SELECT value FROM stamp"), ("",))[0])
        except sqlite3.OperationalError:
            return ""

    def begin(self) -> None:
        """Empty it."""
        for name in ("image", "page", "embed", "reserved", "redirect", "site", "refusal", "stamp"):
            self._sql.execute(f"DROP TABLE IF EXISTS {name}")
        self._sql.executescript(_TABLES)
        self.sites.begin()

    def finish(self, stamp: str) -> None:
        """Make it ready to be asked: not before all is there can be said what sites say of their pages."""
        self.sites.finish()
        self._ask_sites_about_pages()
        self._sql.executescript(_INDICES)
        self._sql.execute("INSERT INTO stamp VALUES (?)", (stamp,))
        self._sql.commit()

    def add_image(self, one: Image) -> None:
        """Take in a record of an image."""
        values = (one.kind, one.archive, one.offset, one.record_id, one.url, microseconds(one.at), one.digest)
        more = (packed(one.preferences), one.refers_id, one.refers_url, microseconds(one.refers_at))
        self._sql.execute(_ADD_IMAGE, (*values, *more, address_key(one.url)))

    def add_page(self, page: PageCapture) -> None:
        """Take in a capture of a page."""
        at, reserves = microseconds(page.at) or 0, any(one.reserves for one in page.preferences)
        values = (page.url, page.title, at, packed(page.preferences), reserves)
        number = self._sql.execute("INSERT INTO page VALUES (?, ?, ?, ?, ?)", values).lastrowid
        embeds = ((address_key(one.url), at, number, one.caption) for one in page.embeds)
        self._sql.executemany("INSERT INTO embed VALUES (?, ?, ?, ?)", embeds)

    def add_redirect(self, one: Redirect) -> None:
        """Take in that an address led on to another one."""
        values = (address_key(one.to), address_key(one.url))
        self._sql.execute("INSERT OR IGNORE INTO redirect VALUES (?, ?)", values)

    def add_refusal(self, one: SkippedPhoto) -> None:
        """Take in what was refused when the archives were read."""
        self._sql.execute("INSERT INTO refusal VALUES (?, ?, ?)", (one.path, one.reason, one.detail))

    def refusals(self) -> Iterator[SkippedPhoto]:
        """What was refused, in order."""
        for path, reason, detail in self._sql.execute("SELECT * FROM refusal ORDER BY rowid"):
            yield SkippedPhoto(path, SkipReason(reason), detail)

    def images(self) -> Iterator[Image]:
        """All records of images, in order."""
        return map(_image, self._sql.execute("SELECT * FROM image ORDER BY rowid"))

    def original(self, revisit: Image) -> Image | None:
        """The record that a revisit says it is the same as, if it is in the source."""
        values = {
            "refers_id": revisit.refers_id,
            "refers_key": address_key(revisit.refers_url),
            "refers_at": microseconds(revisit.refers_at),
            "digest": revisit.digest,
        }
        for condition in _ORIGINALS:
            query = f"SELECT * FROM image WHERE kind = 0 AND {condition} ORDER BY rowid LIMIT 1"  # noqa: S608
            for row in self._sql.execute(query, values):
                return _image(row)
        return None

    def records(self, digest: str) -> list[tuple[int, int, str]]:
        """Archive, offset and id of the records of images with that payload digest."""
        query = "SELECT archive, start, record_id FROM image WHERE kind = 0 AND digest = ? AND digest != ''"
        return self._sql.execute(query, (digest,)).fetchall()

    def showings(self, image: Image) -> list[Showing]:
        """The pages that show the image, each once, those that were captured nearest in time first."""
        at, found = microseconds(image.at) or 0, dict[str, Showing]()
        near = [
            self._sql.execute(query, (key, at, _LOOKED_AT))
            for key in self._names(image)
            for query in (_BEFORE, _AFTER)
        ]
        for row in heapq.merge(*near, key=lambda row: abs(row[0] - at)):
            found.setdefault(row[1], _showing(row))
            if len(found) == MAX_PAGES:
                break
        return list(found.values())

    def reserving(self, image: Image) -> Showing | None:
        """A page that shows the image and reserves it, near in time or not."""
        for key in self._names(image):
            for row in self._sql.execute(_RESERVING, (key,)):
                return _showing(row)
        return None

    def _names(self, image: Image) -> list[int]:
        return [key for (key,) in self._sql.execute(_NAMES, (address_key(image.url),))]

    def _ask_sites_about_pages(self) -> None:
        if not self.sites.any_speak():
            return
        for number, url, at, text in self._sql.execute("SELECT rowid, url, at, preferences FROM page"):
            own = unpacked(text)
            said = self.sites.said(url, from_microseconds(at), own)
            if said != own:
                values = (packed(said), any(one.reserves for one in said), number)
                self._sql.execute(_CHANGE_PAGE, values)


def _image(row: tuple[Any, ...]) -> Image:
    kind, archive, offset, record_id, url, at, digest, preferences, refers_id, refers_url, refers_at, _ = row
    said = unpacked(preferences)
    return Image(
        *(Kind(kind), archive, offset, record_id, url, from_microseconds(at), digest, said),
        *(refers_id, refers_url, from_microseconds(refers_at)),
    )


def _showing(row: tuple[Any, ...]) -> Showing:
    _, url, title, caption, preferences = row
    return Showing(url, title, caption, unpacked(preferences))
