"""A round through a website: its addresses one after the other, a few at once, until none is left."""

import asyncio
from collections.abc import Callable
from math import inf
from time import monotonic

from facewitness.sources.website.frontier import Found, Frontier, Kind, Waiting
from facewitness.sources.website.gate import Rules
from facewitness.sources.website.job import Follow, Job
from facewitness.sources.website.normal import normal
from facewitness.sources.website.visit import Visitor
from facewitness.terms.collecting import Collected, FetchRefusal

_TELL_EVERY = 1.0
"""Seconds."""


class Crawl:
    """One round."""

    def __init__(self, job: Job, frontier: Frontier, tell: Callable[[Collected], None]) -> None:
        self._follow, self._limits, self._frontier, self._tell = job.follow, job.limits, frontier, tell
        self._visitor: Visitor | None = None
        self._running: dict[asyncio.Task[None], Kind] = {}
        self._told_at = monotonic()

    async def run(self, start: str, visitor: Visitor) -> None:
        """Go through the site from its start, or on where it was left. OSError and sqlite3.Error where the disk
        does not take what is kept."""
        self._visitor = visitor
        if self._frontier.begin():
            visitor.find(Found(normal(start) or start, Kind.PAGE))
            self._frontier.save()
        try:
            while self._start_some(visitor):
                done, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del self._running[task]
                    task.result()
                self._frontier.save()
                self._tell_sometimes()
        finally:
            for task in self._running:
                task.cancel()
        self._frontier.finish()
        self._tell(self._frontier.counts)

    def heard(self, rules: Rules) -> None:
        """The rules of an authority were read: its sitemaps are asked for too."""
        if self._follow is Follow.MANIFESTS:
            return
        for url in rules.robots.sitemaps:
            if self._visitor is not None and (address := normal(url)):
                self._visitor.find(Found(address, Kind.SITEMAP))

    def _start_some(self, visitor: Visitor) -> bool:
        """Begin as many visits as may be under way at once; whether any is."""
        while len(self._running) < self._limits.at_once and (one := self._next()) is not None:
            task = asyncio.ensure_future(visitor.visit(one))
            self._running[task] = one.found.kind
        return bool(self._running)

    def _next(self) -> Waiting | None:
        """The next address. Images wait until all pages have been read that may reserve them."""
        under_way = list(self._running.values())
        for kind in Kind:
            room = self._room(kind)
            if room <= 0:
                self._frontier.refuse_waiting(kind, FetchRefusal.LIMIT)
            elif room <= under_way.count(kind) or (kind is Kind.IMAGE and set(under_way) - {kind}):
                return None
            elif (one := self._frontier.take(kind)) is not None:
                return one
        return None

    def _room(self, kind: Kind) -> float:
        """How many more of a kind may be kept."""
        counts, limits = self._frontier.counts, self._limits
        return {Kind.PAGE: limits.pages - counts.pages, Kind.IMAGE: limits.images - counts.images}.get(
            kind, inf
        )

    def _tell_sometimes(self) -> None:
        if monotonic() - self._told_at >= _TELL_EVERY:
            self._told_at = monotonic()
            self._tell(self._frontier.counts)
