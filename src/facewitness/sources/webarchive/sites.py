"""What whole sites say about use: the captures of their robots.txt and tdmrep.json that archives hold.

`Disallow` is about fetching, and says nothing of an archive that is there already.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from facewitness.sources import robots, tdmrep
from facewitness.sources.preferences import bounded
from facewitness.sources.robot_groups import MAX_BYTES
from facewitness.sources.robots import PRODUCT, Robots
from facewitness.sources.urls import authority_of, path_of
from facewitness.sources.webarchive.moments import microseconds
from facewitness.terms.provenance import Preference

MAX_FILE = MAX_BYTES + 1
"""Bytes that are read of a file; of a longer robots.txt the beginning counts, of a tdmrep.json nothing."""

_PATHS = (robots.PATH, tdmrep.PATH)
_PARSED = 8
"""Files of each kind that are held parsed: a crawl stays with a site for a while."""

_TABLE = "CREATE TABLE site (authority TEXT, path TEXT, at INTEGER, content BLOB, digest TEXT)"
_FINISH = """
CREATE INDEX site_digest ON site (authority, path, digest) WHERE content IS NOT NULL;
UPDATE site SET content = (
  SELECT content FROM site AS original WHERE original.authority = site.authority
  AND original.path = site.path AND original.digest = site.digest AND original.content IS NOT NULL LIMIT 1
) WHERE content IS NULL AND digest != '';
DELETE FROM site WHERE content IS NULL;
CREATE INDEX site_at ON site (authority, path, at);
"""
_ANY = "SELECT 1 FROM site WHERE content != x'' LIMIT 1"
_IN_FORCE = "SELECT rowid FROM site WHERE authority = ? AND path = ? AND at "
_BEFORE = _IN_FORCE + "<= ? ORDER BY at DESC, content DESC LIMIT 1"
_AFTER = _IN_FORCE + "> ? ORDER BY at, content DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A capture of a robots.txt or tdmrep.json; `url` is its address."""

    url: str
    at: datetime | None
    content: bytes | None
    """Empty where the site had no such file; None in a revisit: that of the capture with the same digest."""
    digest: str
    """Of the payload as the archive has it, empty where it has none."""


def is_site_file(url: str) -> bool:
    """Whether it is the address of a site's robots.txt or tdmrep.json."""
    return url.endswith(_PATHS) and path_of(url) in _PATHS


class Sites:
    """The captures of sites' files, in the tables of an index. What they say is the same in whatever order
    they were added."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        self._speaks: bool | None = None
        self._robots = lru_cache(_PARSED)(lambda number: Robots(self._content(number)))
        self._tdmrep = lru_cache(_PARSED)(lambda number: tdmrep.parse(self._content(number)))

    def begin(self) -> None:
        """Make the table, of which there is none."""
        self._sql.execute(_TABLE)

    def add(self, one: SiteFile) -> None:
        """Take in a capture."""
        content = one.content
        if content and path_of(one.url) == robots.PATH and not _may_speak_of_use(content):
            content = b""
        values = (authority_of(one.url), path_of(one.url), microseconds(one.at) or 0, content, one.digest)
        self._sql.execute("INSERT INTO site VALUES (?, ?, ?, ?, ?)", values)

    def finish(self) -> None:
        """Make it ready to be asked, once all captures are there."""
        self._sql.executescript(_FINISH)
        self._speaks = None

    def any_speak(self) -> bool:
        """Whether any file says anything; if not, nobody need be asked."""
        if self._speaks is None:
            self._speaks = self._sql.execute(_ANY).fetchone() is not None
        return self._speaks

    def said(self, url: str, at: datetime | None, own: tuple[Preference, ...]) -> tuple[Preference, ...]:
        """All that is said of a page or an image at that time: `own`, by itself, and by its site's files.

        Of each file the latest capture at or before that time counts, or else the earliest after it. In
        TDMRep the page's or image's own word replaces the file's; of all else each counts.
        """
        if not self.any_speak():
            return own
        authority, path = authority_of(url), path_of(url)
        if authority is None or path is None:
            return own
        in_force = (self._in_force(authority, file, microseconds(at) or 0) for file in _PATHS)
        of_robots, of_tdmrep = in_force
        usage = self._robots(of_robots).preferences(PRODUCT, url) if of_robots else ()
        reservation = self._tdmrep(of_tdmrep).preference(path) if of_tdmrep else None
        return tdmrep.combined(reservation, own, ()) + bounded(usage)

    def _in_force(self, authority: str, path: str, at: int) -> int | None:
        """The number of the capture that counts, None where there is none."""
        for query in (_BEFORE, _AFTER):
            for (number,) in self._sql.execute(query, (authority, path, at)):
                return int(number)
        return None

    def _content(self, number: int) -> bytes:
        return bytes(self._sql.execute("SELECT content FROM site WHERE rowid = ?", (number,)).fetchone()[0])


def _may_speak_of_use(content: bytes) -> bool:
    """Whether a robots.txt, which may be UTF-16, has to be kept at all; most only say what may be fetched."""
    return b"content-" in content.replace(b"\0", b"").lower()
