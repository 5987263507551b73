"""What a site lets be fetched, before anything of it is: its robots.txt and tdmrep.json, for each authority."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urljoin

from facewitness.sources import preferences, tdmrep
from facewitness.sources.responses import REDIRECTS, Headers
from facewitness.sources.robots import (
    MAX_REDIRECTS,
    PRODUCT,
    Robots,
    RobotsAnswer,
    is_stale,
    robots_from,
    robots_url,
)
from facewitness.sources.tdmrep import TdmRep
from facewitness.sources.urls import authority_of, path_of
from facewitness.sources.website.answers import Answer, NoAnswer
from facewitness.sources.website.normal import normal
from facewitness.terms.collecting import FetchRefusal
from facewitness.terms.provenance import Preference

Ask = Callable[[str], Awaitable[Answer | NoAnswer]]
MayFollow = Callable[[str, str], bool]
"""Whether a redirect from the first address to the second may be followed."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one authority says in its two files."""

    robots: Robots
    tdmrep: TdmRep
    at: datetime
    """When they were asked for."""
    read_at: float
    """When they had come, in seconds of the monotonic clock."""
    broken: FetchRefusal | None = None
    """Why its files could not be asked for, or not read to their end."""

    def refusal(self, url: str) -> FetchRefusal | None:
        """Why the address may not be fetched, as far as access goes."""
        if self.broken is not None:
            return self.broken
        if self.robots.answer in (RobotsAnswer.UNREACHABLE, RobotsAnswer.WITHHELD):
            return FetchRefusal.ROBOTS_UNKNOWN
        return None if self.robots.allows(PRODUCT, url) else FetchRefusal.ROBOTS

    def said(self, url: str, headers: Headers = (), metas: Headers = ()) -> tuple[Preference, ...]:
        """All that is said of an address: in robots.txt, in tdmrep.json, in its headers and its `<meta>`."""
        file = self.tdmrep.preference(path_of(url) or "/")
        stated = tdmrep.combined(file, preferences.from_headers(headers), preferences.from_metas(metas))
        return self.robots.preferences(PRODUCT, url) + stated


class Gate:
    """The rules of every authority, asked for once, kept in memory for a day at most."""

    def __init__(self, ask: Ask, may_follow: MayFollow, tell: Callable[[Rules], None]) -> None:
        """`ask` asks for an address and archives what comes; `tell` hears of rules that were read."""
        self._ask, self._may_follow, self._tell = ask, may_follow, tell
        self._known: dict[str, asyncio.Task[Rules]] = {}

    async def rules(self, url: str) -> Rules:
        """The rules for an address; whoever comes meanwhile waits for the same answer."""
        authority = authority_of(url) or ""
        task = self._known.get(authority)
        if task is None or (task.done() and is_stale(task.result().at, datetime.now(UTC))):
            task = self._known[authority] = asyncio.ensure_future(self._read(authority))
        return await task

    async def _read(self, authority: str) -> Rules:
        at = datetime.now(UTC)
        robots, broken = await self._robots(normal(robots_url(authority) or ""))
        file = TdmRep()
        address = normal(authority + tdmrep.PATH)
        if broken is None and robots.allows(PRODUCT, address):
            file, broken = await self._tdmrep(address)
        rules = Rules(robots, file, at, monotonic(), broken)
        self._tell(rules)
        return rules

    async def _robots(self, url: str) -> tuple[Robots, FetchRefusal | None]:
        answer, redirects = await self._followed(url)
        if isinstance(answer, NoAnswer):
            is_private = answer.reason is FetchRefusal.PRIVATE_ADDRESS
            return robots_from(None), answer.reason if is_private else None
        return robots_from(answer.status, answer.body, redirects), None

    async def _tdmrep(self, url: str) -> tuple[TdmRep, FetchRefusal | None]:
        """A file that cannot be had leaves open what is reserved; one that is not there reserves nothing.

        401 and 403 count as not there: many servers withhold every path with a dot."""
        answer, _ = await self._followed(url)
        if isinstance(answer, NoAnswer):
            return TdmRep(), answer.reason
        if answer.status == 200:
            return tdmrep.parse(answer.body), None
        if answer.status == 429:
            return TdmRep(), FetchRefusal.TOO_MANY_REQUESTS
        return TdmRep(), FetchRefusal.BROKEN if answer.status >= 500 else None

    async def _followed(self, url: str) -> tuple[Answer | NoAnswer, int]:
        """The last answer and after how many redirects; where one may not be followed, none."""
        for redirects in range(MAX_REDIRECTS + 1):
            answer = await self._ask(url)
            if isinstance(answer, NoAnswer):
                return answer, redirects
            target = redirect_of(answer)
            if target is None:
                return answer, redirects
            if not self._may_follow(url, target):
                return NoAnswer(FetchRefusal.REDIRECTED_OUT, target), redirects
            url = target
        return NoAnswer(FetchRefusal.BROKEN, "too many redirects"), MAX_REDIRECTS + 1


def redirect_of(answer: Answer) -> str | None:
    """Where an answer redirects to, `normal`, empty where that is no http or https address; None where it is no
    redirect."""
    location = answer.header("location")
    if answer.status not in REDIRECTS or not location:
        return None
    try:
        return normal(urljoin(answer.url, location))
    except ValueError:
        return ""


def first_reserving(said: Sequence[Preference]) -> str:
    """The first statement that reserves, as it is told; empty where there is none."""
    return str(preferences.reserving(said) or "")
