"""The collector of one registered website, as the rest of the program sees it."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from facewitness.errors import BadInput
from facewitness.sources.website.extent import checked_scope
from facewitness.sources.website.job import Follow, Job, Limits
from facewitness.sources.website.process import work
from facewitness.sources.website.wanted import write_wanted
from facewitness.terms.collecting import Collected, Revisited
from facewitness.terms.provenance import ArchivedRecord, CaptureState, PhotoId, SourceRecord


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
        limits: Limits = Limits(),  # noqa: B008  frozen
        follow: Follow = Follow.PAGES,
        withdrawn: Iterable[PhotoId] = (),
    ) -> None:
        """The website that begins at `record.location`, within `extent.scope_of(record)`.

        `keep` is the source's own folder: its archives go into `archive` there. `contact` is an address of web or
        mail, which stands in the `User-Agent`. `follow` says whether it is a site of pages or of IIIF manifests.
        Photos that were `withdrawn` are not kept again. What of a private network may be asked: `own.OwnPlaces`.

        BadInput where the start is no address or outside the scope, where a host belongs to a social network or
        an image host, and where contact or scope cannot be used.
        """
        scope = checked_scope(record)
        _check_contact(contact)
        self._job = Job(
            source_id=record.id,
            start=record.location,
            scope=scope.entries,
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
            write_wanted(path, addresses)
            for event, value in work(replace(self._job, revisit=str(path))):
                if event == "revisited":
                    yield _revisited(value)


def _check_contact(contact: str) -> None:
    if not contact.strip() or not contact.isprintable() or not contact.isascii():
        raise BadInput(
            "A website is asked with the contact of whoever asks.",
            "Give an address of the web or of mail, in ASCII.",
        )


def _revisited(value: dict[str, Any]) -> Revisited:
    return Revisited(
        url=value["url"],
        state=CaptureState(value["state"]) if value["state"] else None,
        at=datetime.fromisoformat(value["at"]),
        detail=value["detail"],
        digest=value["digest"],
        record=ArchivedRecord(**value["record"]) if value["record"] else None,
    )
