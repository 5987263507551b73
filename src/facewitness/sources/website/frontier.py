"""The addresses of a source: which are still to be asked for, and what the others gave. An SQLite file.

Each answer is one transaction, so that what was killed goes on where it was. A round goes through the site once:
only what is found in it anew is asked for in it. What was kept in earlier rounds stays known by its address.
"""

import sqlite3
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from facewitness.sources.webarchive.addresses import address_key
from facewitness.sources.website.answers import Kept
from facewitness.terms.collecting import Collected, FetchRefusal
from facewitness.terms.provenance import ArchivedRecord

_TABLES = """
CREATE TABLE IF NOT EXISTS address (
  id INTEGER PRIMARY KEY, url TEXT UNIQUE, round INTEGER, kind INTEGER, depth INTEGER, hops INTEGER,
  reserved TEXT, state INTEGER, reason TEXT, spot INTEGER,
  file TEXT, start INTEGER, record_id TEXT, at TEXT, digest TEXT, etag TEXT, modified TEXT
);
CREATE INDEX IF NOT EXISTS address_next ON address (round, state, kind, id);
CREATE INDEX IF NOT EXISTS address_spot ON address (round, spot) WHERE spot IS NOT NULL;
CREATE TABLE IF NOT EXISTS round (
  number INTEGER PRIMARY KEY, is_finished INTEGER, requests INTEGER, pages INTEGER, images INTEGER,
  unchanged INTEGER, bytes INTEGER
);
"""
_KEPT = "file, start, record_id, at, digest, etag, modified"
_ADD = """
INSERT INTO address (url, round, kind, depth, hops, reserved, state, reason, spot)
VALUES (:url, :round, :kind, :depth, :hops, :reserved, :state, :reason, :spot)
ON CONFLICT (url) DO UPDATE SET round = :round, kind = :kind, depth = :depth, hops = :hops,
  reserved = :reserved, state = :state, reason = :reason, spot = :spot
"""
_KEEP = f"""
INSERT INTO address ({_KEPT}, url, round) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
ON CONFLICT (url) DO UPDATE SET file = excluded.file, start = excluded.start, record_id = excluded.record_id,
  at = excluded.at, digest = excluded.digest, etag = excluded.etag, modified = excluded.modified
"""  # noqa: S608
_KNOWN_BETTER = """
UPDATE address SET kind = iif(kind = 1, ?, kind), reserved = coalesce(nullif(reserved, ''), ?) WHERE id = ?
"""


class Kind(IntEnum):
    """What an address is taken for, in the order in which they are asked for: a page is read before its images
    are asked for, since another page may reserve them."""

    SITEMAP = 0
    PAGE = 1
    IMAGE = 2


class _State(IntEnum):
    WAITING = 0
    ASKED = 1
    DONE = 2
    REFUSED = 3


@dataclass(frozen=True, slots=True)
class Found:
    """An address that was found."""

    url: str
    kind: Kind
    depth: int = 0
    """Links from the start."""
    hops: int = 0
    """Redirects that led to it."""
    reserved: str = ""
    """The statement of a page that shows it, where that reserves its images."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address whose turn it is."""

    id: int
    found: Found
    before: Kept | None


class Frontier:
    """The frontier of one source. For one thread of one process at a time."""

    def __init__(self, path: Path) -> None:
        """The frontier at `path`, as it is there, or a new one. sqlite3.Error where it cannot be used."""
        self._sql = sqlite3.connect(path)
        self._sql.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _TABLES)
        self._round = 0
        self.counts = Collected()
        """Of the round so far."""
        self.size = 0
        """Addresses that were found in it."""

    def close(self) -> None:
        """Close the file."""
        self._sql.close()

    def begin(self) -> bool:
        """Go on with the round that was not finished, or begin another; whether it is another."""
        last = self._sql.execute("SELECT * FROM round ORDER BY number DESC LIMIT 1").fetchone()
        is_new = last is None or bool(last[1])
        if is_new:
            self._round = (last[0] if last else 0) + 1
            self._sql.execute("INSERT INTO round VALUES (?, 0, 0, 0, 0, 0, 0)", (self._round,))
        else:
            self._round = last[0]
            self.counts = Collected(*last[2:])
            again = "UPDATE address SET state = ? WHERE round = ? AND state = ?"
            self._sql.execute(again, (_State.WAITING, self._round, _State.ASKED))
        refused = "SELECT reason, count(*) FROM address WHERE round = ? AND state = ? GROUP BY reason"
        size = "SELECT count(*) FROM address WHERE round = ?"
        self.size = self._sql.execute(size, (self._round,)).fetchone()[0]
        self.counts.refused.update(self._sql.execute(refused, (self._round, _State.REFUSED)).fetchall())
        self.save()
        return is_new

    def finish(self) -> None:
        """The round is at its end, unless addresses are left that were not asked for."""
        if not self.left():
            self._sql.execute("UPDATE round SET is_finished = 1 WHERE number = ?", (self._round,))
        self.save()

    def save(self) -> None:
        """Make what was done since the last time one transaction."""
        counts = self.counts
        self._sql.execute(
            "UPDATE round SET requests = ?, pages = ?, images = ?, unchanged = ?, bytes = ? WHERE number = ?",
            (counts.requests, counts.pages, counts.images, counts.unchanged, counts.bytes, self._round),
        )
        self._sql.commit()

    def count(
        self, requests: int = 0, pages: int = 0, images: int = 0, unchanged: int = 0, size: int = 0
    ) -> None:
        """Add to the counts of the round."""
        so_far = self.counts
        self.counts = replace(
            so_far,
            requests=so_far.requests + requests,
            pages=so_far.pages + pages,
            images=so_far.images + images,
            unchanged=so_far.unchanged + unchanged,
            bytes=so_far.bytes + size,
        )

    def knows(self, found: Found) -> bool:
        """Whether the address was found before in this round. If so, and it is still to be asked for: what was
        taken for a page is from now on taken for what it is found to be, and what anything reserves is reserved."""
        query = "SELECT id, state FROM address WHERE url = ? AND round = ?"
        known = self._sql.execute(query, (found.url, self._round)).fetchone()
        if known is None:
            return False
        number, state = known
        if state == _State.WAITING:
            self._sql.execute(_KNOWN_BETTER, (found.kind, found.reserved, number))
        return True

    def variants(self, url: str, limit: int) -> int:
        """How many addresses of this round differ from this one in their query alone, counted up to a limit."""
        query = "SELECT count(*) FROM (SELECT 1 FROM address WHERE round = ? AND spot = ? LIMIT ?)"
        return int(self._sql.execute(query, (self._round, _spot(url), limit)).fetchone()[0])

    def add(self, found: Found, refused: FetchRefusal | None = None) -> None:
        """Take in an address that is not known in this round, to be asked for or refused at once."""
        values = {
            "url": found.url,
            "round": self._round,
            "kind": found.kind,
            "depth": found.depth,
            "hops": found.hops,
            "reserved": found.reserved,
            "state": _State.WAITING if refused is None else _State.REFUSED,
            "reason": refused,
            "spot": _spot(found.url) if found.kind is Kind.PAGE else None,
        }
        self._sql.execute(_ADD, values)
        self.size += 1
        if refused is not None:
            self._count_refused(refused)

    def take(self, kind: Kind) -> Waiting | None:
        """The next address of this kind; None where there is none."""
        query = (
            f"SELECT id, url, depth, hops, reserved, {_KEPT} FROM address "  # noqa: S608
            "WHERE round = ? AND state = ? AND kind = ? ORDER BY id LIMIT 1"
        )
        row = self._sql.execute(query, (self._round, _State.WAITING, kind)).fetchone()
        if row is None:
            return None
        self._sql.execute("UPDATE address SET state = ? WHERE id = ?", (_State.ASKED, row[0]))
        number, url, depth, hops, reserved, *kept = row
        return Waiting(number, Found(url, kind, depth, hops, reserved), _kept(tuple(kept)))

    def done(self, one: Waiting, kept: Kept | None = None) -> None:
        """It was asked for; what it gave, where that was archived."""
        self._sql.execute("UPDATE address SET state = ? WHERE id = ?", (_State.DONE, one.id))
        if kept is not None:
            self.keep(one.found.url, kept)

    def refuse(self, one: Waiting, reason: FetchRefusal) -> None:
        """It was not asked for, or what it gave was not kept."""
        change = "UPDATE address SET state = ?, reason = ? WHERE id = ?"
        self._sql.execute(change, (_State.REFUSED, reason, one.id))
        self._count_refused(reason)

    def refuse_waiting(self, kind: Kind, reason: FetchRefusal) -> None:
        """None of this kind is asked for any more."""
        change = "UPDATE address SET state = ?, reason = ? WHERE round = ? AND state = ? AND kind = ?"
        values = (_State.REFUSED, reason, self._round, _State.WAITING, kind)
        self._count_refused(reason, self._sql.execute(change, values).rowcount)

    def pass_over(self, reason: FetchRefusal) -> None:
        """Count an address and leave it as it is: one whose host asked to slow down, which waits for the next call,
        or one beyond the limit, which is not remembered."""
        self._count_refused(reason)

    def forget(self, one: Waiting) -> None:
        """What it gave earlier is lost: it is to be asked for again, without condition."""
        lost = "UPDATE address SET state = ?, file = NULL, etag = NULL, modified = NULL, digest = NULL WHERE id = ?"
        self._sql.execute(lost, (_State.WAITING, one.id))

    def kept(self, url: str) -> Kept | None:
        """What was archived of an address last."""
        row = self._sql.execute(f"SELECT {_KEPT} FROM address WHERE url = ?", (url,)).fetchone()  # noqa: S608
        return _kept(row) if row else None

    def keep(self, url: str, kept: Kept) -> None:
        """What was archived of an address last."""
        record = kept.record
        values = (
            record.file,
            record.offset,
            record.record_id,
            kept.at,
            kept.digest,
            kept.etag,
            kept.modified,
        )
        self._sql.execute(_KEEP, (*values, url))

    def left(self) -> bool:
        """Whether addresses of the round are still to be asked for."""
        query = "SELECT 1 FROM address WHERE round = ? AND state IN (?, ?) LIMIT 1"
        return self._sql.execute(query, (self._round, _State.WAITING, _State.ASKED)).fetchone() is not None

    def _count_refused(self, reason: FetchRefusal, number: int = 1) -> None:
        if number:
            self.counts.refused[reason] = self.counts.refused.get(reason, 0) + number


def _kept(row: tuple[Any, ...]) -> Kept | None:
    file, start, record_id, at, digest, etag, modified = row
    if file is None:
        return None
    return Kept(ArchivedRecord(file, start, record_id), at, digest, etag or "", modified or "")


def _spot(url: str) -> int | None:
    """A number for the page that an address with a query is a variant of; None where it has no query."""
    path, query, _ = url.partition("?")
    return address_key(path) if query else None
