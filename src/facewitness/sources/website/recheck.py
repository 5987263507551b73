"""What has become of addresses that were archived: each asked for once, under the rules of a crawl."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from facewitness.errors import NotFound
from facewitness.sources.website.answers import Answer, Kept, NoAnswer
from facewitness.sources.website.archive import Archive
from facewitness.sources.website.asking import Asking
from facewitness.sources.website.contents import Content, content_of
from facewitness.sources.website.frontier import Frontier
from facewitness.sources.website.gate import Rules, first_reserving, redirect_of
from facewitness.sources.website.job import Job
from facewitness.sources.website.links import links_of
from facewitness.sources.website.normal import normal
from facewitness.sources.website.visit import MAX_HOPS
from facewitness.terms.collecting import FetchRefusal, Revisited
from facewitness.terms.provenance import ArchivedRecord, CaptureState

_STATES = {
    FetchRefusal.ROBOTS: CaptureState.RESERVED,
    FetchRefusal.RESERVED: CaptureState.RESERVED,
}
"""What it says of a capture that its address could not be asked for; else it says nothing."""


class Recheck:
    """Asks again for addresses of one source."""

    def __init__(self, job: Job, asking: Asking, archive: Archive, frontier: Frontier) -> None:
        self._withdrawn = frozenset(job.withdrawn)
        self._asking, self._archive, self._frontier = asking, archive, frontier

    async def run(self, addresses: Iterator[str], tell: Callable[[Revisited], None], at_once: int) -> None:
        """Ask for all, a few at once; `tell` hears of each, in any order."""

        async def one_by_one() -> None:
            for url in addresses:
                tell(await self._revisited(url))
                self._frontier.save()

        await asyncio.gather(*(one_by_one() for _ in range(at_once)))

    async def _revisited(self, url: str) -> Revisited:
        """The address, and where it redirects to."""
        at, target = datetime.now(UTC), normal(url)
        before = self._frontier.kept(target)
        for hops in range(MAX_HOPS + 1):
            answer = await self._asking.ask(target, None if hops else before)
            if isinstance(answer, NoAnswer):
                return Revisited(url, _STATES.get(answer.reason), at, answer.detail or answer.reason)
            rules, further = await self._asking.rules(target), redirect_of(answer)
            if further is None:
                return self._found(url, at, answer, before, rules)
            if reserved := first_reserving(said := rules.said(target, answer.headers)):
                self._archive.keeper.refusal(answer, FetchRefusal.RESERVED, said)
                return Revisited(url, CaptureState.RESERVED, at, reserved)
            self._archive.keeper.response(answer)
            target = further
        return Revisited(url, None, at, "too many redirects")

    def _found(self, url: str, at: datetime, answer: Answer, before: Kept | None, rules: Rules) -> Revisited:
        if answer.status in (404, 410):
            self._archive.keeper.refusal(answer, FetchRefusal.NOT_THERE)
            return Revisited(url, CaptureState.GONE, at, str(answer.status))
        content = self._content(answer, before)
        if content is None:
            self._archive.keeper.refusal(answer, FetchRefusal.BROKEN)
            return Revisited(url, None, at, str(answer.status))
        said = rules.said(answer.url, content.headers, links_of(content).metas if content.is_page else ())
        if reserved := first_reserving(said):
            self._archive.keeper.refusal(answer, FetchRefusal.RESERVED, said)
            return Revisited(url, CaptureState.RESERVED, at, reserved)
        digest = hashlib.sha256(content.body).hexdigest()
        record = self._keep(answer, before, digest)
        return Revisited(url, CaptureState.THERE, at, str(answer.status), digest, record)

    def _content(self, answer: Answer, before: Kept | None) -> Content | None:
        """What it gives now; None where that is not known."""
        if answer.status == 200:
            return content_of(answer)
        if answer.status != 304 or before is None:
            return None
        try:
            return self._archive.copy(answer.url, before).with_headers(answer.headers)
        except NotFound:
            return None

    def _keep(self, answer: Answer, before: Kept | None, digest: str) -> ArchivedRecord | None:
        """Archive what was found, but for a photo that was withdrawn; the record that holds it."""
        if digest in self._withdrawn:
            self._archive.keeper.refusal(answer, FetchRefusal.WITHDRAWN)
            return None
        if answer.status == 304 and before is not None:
            kept = self._archive.keeper.not_modified(answer, before)
        else:
            there = self._frontier.kept(answer.url)  # another one, where it was redirected
            kept = self._archive.keeper.response(answer, there)
        self._frontier.keep(answer.url, kept)
        return kept.record
