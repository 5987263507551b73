"""The collector of one registered website, as the rest of the program sees it."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from facewitness.errors import BadInput
from facewitness.sources.closed import closed_because
from facewitness.sources.iiif import IiifSource
from facewitness.sources.interface import Source
from facewitness.sources.scope import Scoped, UrlScope
from facewitness.sources.urls import is_http
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.sources.website.job import Follow, Job, Limits, archive_of
from facewitness.sources.website.own import OwnPlaces, host_of
from facewitness.sources.website.process import work
from facewitness.terms.collecting import Collected, Revisited
from facewitness.terms.provenance import (
    ArchivedRecord,
    Arrival,
    CaptureState,
    PhotoId,
    Preference,
    SkippedPhoto,
    SourceRecord,
)


class WebsiteCollector:
    """Fetches one registered website into WARC files; see `sources.interface.Collector`.

    The crawl runs in a child process and needs Scrapy, `pip install 'facewitness[website]'`: BadInput where it is
    not installed. BankError where the child process ends before its work is done; what it fetched is kept, and the
    next call goes on from there.
    """

    def __init__(
        self,
        record: SourceRecord,
        keep: Path,
        contact: str,
        own_networks: Sequence[str] = (),
        limits: Limits = Limits(),  # noqa: B008  frozen
        follow: Follow = Follow.PAGES,
        withdrawn: Iterable[PhotoId] = (),
    ) -> None:
        """The website that begins at `record.location`, within `scope_of(record)`.

        `keep` is the source's own folder: its archives go into `archive` there. `contact` is an address of web or
        mail, which stands in the `User-Agent`. `own_networks` are the networks, addresses and hosts of the
        source's own that may lie on a private network; what its scope names as such need not be repeated (see
        `own.OwnPlaces`). `follow` says whether it is a site of pages or of IIIF manifests.
        Photos that were `withdrawn` are not kept again.

        BadInput where the start is no address or outside the scope, where a host belongs to a social network or
        an image host, and where contact, scope or networks cannot be used.
        """
        scope = checked_scope(record)
        _check_contact(contact)
        OwnPlaces(scope.entries, own_networks)
        self._job = Job(
            source_id=record.id,
            start=record.location,
            scope=scope.entries,
            own=tuple(own_networks),
            keep=str(keep.absolute()),
            operator=record.organisation or record.steward,
            contact=contact,
            follow=follow,
            withdrawn=tuple(withdrawn),
            limits=limits,
        )

    def collect(self, tell: Callable[[Collected], None]) -> Collected:
        """See `Collector.collect`. The counts are of the round: of all calls since one came to its end."""
        counts = Collected()
        for event, value in work(self._job):
            if event == "collected":
                counts = Collected(**value)
                tell(counts)
        return counts

    def revisit(self, addresses: Iterable[str]) -> Iterator[Revisited]:
        """See `Collector.revisit`. Nothing is asked until the first answer is wanted."""
        with tempfile.TemporaryDirectory(prefix="facewitness-") as folder:
            path = Path(folder, "addresses")
            _write(path, addresses)
            for event, value in work(replace(self._job, revisit=str(path))):
                if event == "revisited":
                    yield _revisited(value)


def collected(keep: Path, scope: UrlScope) -> Source:
    """The photos that were collected into `keep`, as pages show them: none where nothing was."""
    return _collected(keep, lambda folder, index: WebArchiveSource(folder, scope, index=index))


def collected_manifests(keep: Path, scope: UrlScope) -> Source:
    """The same, as IIIF manifests show them."""
    return _collected(keep, lambda folder, index: Scoped(IiifSource.collected(folder, index=index), scope))


def _collected(keep: Path, read: Callable[[Path, Path], Source]) -> Source:
    folder = archive_of(keep)
    if not folder.is_dir() or next(folder.iterdir(), None) is None:
        return _Nothing()
    return read(folder, keep / "index.sqlite")


def scope_of(record: SourceRecord) -> UrlScope:
    """What belongs to a website: its scope, or else the host of its start; with a port of its own, what begins with
    that scheme, host and port. BadInput where it is no scope."""
    if record.scope:
        return UrlScope(record.scope)
    parts = urlsplit(_start_of(record))
    if parts.port is None and parts.hostname and ":" not in parts.hostname:
        return UrlScope((parts.hostname,))
    return UrlScope((f"{parts.scheme}://{parts.netloc}/",))


def _start_of(record: SourceRecord) -> str:
    """Where the website begins, its host as it is asked for. BadInput where that is no address of one, or has a
    name or password in it: nothing is asked for with them, and whoever sees the register would see them."""
    if not is_http(record.location):
        raise BadInput(
            f"{record.location!r} is not the address of a website.",
            "Write it with https:// or http:// before it.",
        )
    parts = urlsplit(record.location)
    if "@" in parts.netloc:
        raise BadInput(
            "The address has a name or a password in it.", "Give it without what stands before the @."
        )
    host = _ascii(parts.hostname or "")
    place = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=place if parts.port is None else f"{place}:{parts.port}").geturl()


def _ascii(host: str) -> str:
    """The name as it is asked for, and as the archives have it."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


class _Nothing:
    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        return iter(())


def checked_scope(record: SourceRecord) -> UrlScope:
    """The scope of a website that may be one; BadInput as `WebsiteCollector` says."""
    scope = scope_of(record)
    hosts = [host_of(record.location), *(host_of(entry.removeprefix("*.")) for entry in scope.entries)]
    for because in filter(None, map(closed_because, hosts)):
        raise BadInput(
            f"No website source: {because}", "Ask for it, and use `facewitness sources add export`."
        )
    if not scope.allows(_start_of(record)):
        raise BadInput(
            f"The start {record.location} is outside the scope {' '.join(scope.entries)}.",
            "Give a scope that the start belongs to.",
        )
    return scope


def _check_contact(contact: str) -> None:
    if not contact.strip() or not contact.isprintable() or not contact.isascii():
        raise BadInput(
            "A website is asked with the contact of whoever asks.",
            "Give an address of the web or of mail, in ASCII.",
        )


def _write(path: Path, addresses: Iterable[str]) -> None:
    """The addresses, each once, into a file: there may be more than memory takes."""
    with closing(sqlite3.connect(path)) as sql, sql:
        sql.execute("CREATE TABLE address (url TEXT UNIQUE)")
        sql.executemany("INSERT OR IGNORE INTO address VALUES (?)", ((url,) for url in addresses))


def _revisited(value: dict[str, Any]) -> Revisited:
    return Revisited(
        url=value["url"],
        state=CaptureState(value["state"]),
        at=datetime.fromisoformat(value["at"]),
        preferences=tuple(Preference(**one) for one in value["preferences"]),
        detail=value["detail"],
        digest=value["digest"],
        record=ArchivedRecord(**value["record"]) if value["record"] else None,
    )
