"""The way to every request: what has to be the case before an address is asked for."""

import asyncio
from collections.abc import Callable
from time import monotonic
from urllib.parse import urlsplit

from facewitness.sources.closed import closed_because
from facewitness.sources.robots import PRODUCT
from facewitness.sources.scope import UrlScope
from facewitness.sources.urls import host_of
from facewitness.sources.website.answers import Answer, Kept, NoAnswer
from facewitness.sources.website.fetching import Fetcher
from facewitness.sources.website.frontier import Frontier
from facewitness.sources.website.gate import Gate, Rules, first_reserving
from facewitness.sources.website.job import Job
from facewitness.sources.website.records import Keeper
from facewitness.terms.collecting import FetchRefusal

_ENDED = "the host asked to slow down"


class Asking:
    """Asks for addresses of one source: within its scope, no closed host, robots.txt and tdmrep.json first."""

    def __init__(
        self, job: Job, fetcher: Fetcher, keeper: Keeper, frontier: Frontier, tell: Callable[[Rules], None]
    ) -> None:
        """`tell` hears of the rules of each authority when they were read."""
        self._job, self._fetcher, self._keeper, self._frontier = job, fetcher, keeper, frontier
        self._scope = UrlScope(job.scope)
        self._gate = Gate(self._file, self._may_follow, tell)
        self._turns: dict[str, float] = {}
        self._ended: set[str] = set()

    def refusal(self, url: str) -> FetchRefusal | None:
        """Why the address does not belong to what may be asked for, by itself."""
        if closed_because(host_of(url)):
            return FetchRefusal.CLOSED_HOST
        return None if self._scope.allows(url) else FetchRefusal.OUT_OF_SCOPE

    async def ask(self, url: str, before: Kept | None = None) -> Answer | NoAnswer:
        """Ask for an address that is `normal`, on condition that it has changed since `before`.

        What is known to be reserved is not asked for. A host that asks to slow down is asked nothing more in
        this run: then, and for all that follows, `TOO_MANY_REQUESTS`.
        """
        if (refused := self.refusal(url)) is not None:
            return NoAnswer(refused)
        if host_of(url) in self._ended:
            return NoAnswer(FetchRefusal.TOO_MANY_REQUESTS, _ENDED)
        rules = await self._gate.rules(url)
        if (refused := rules.refusal(url)) is not None:
            return NoAnswer(refused)
        said = rules.said(url)
        if reserved := first_reserving(said):
            return NoAnswer(FetchRefusal.RESERVED, reserved)
        await self._turn(url, rules)
        if host_of(url) in self._ended:
            return NoAnswer(FetchRefusal.TOO_MANY_REQUESTS, _ENDED)
        return await self._fetch(url, before)

    async def rules(self, url: str) -> Rules:
        """What the authority of an address says in its files."""
        return await self._gate.rules(url)

    async def _file(self, url: str) -> Answer | NoAnswer:
        """A robots.txt or tdmrep.json, archived whatever it is."""
        if closed_because(host_of(url)):
            return NoAnswer(FetchRefusal.CLOSED_HOST)
        answer = await self._fetch(url, None)
        if isinstance(answer, Answer):
            self._keeper.response(answer)
        return answer

    async def _fetch(self, url: str, before: Kept | None) -> Answer | NoAnswer:
        self._frontier.count(requests=1)
        answer = await self._fetcher.ask(url, _conditions(before))
        if isinstance(answer, Answer):
            self._frontier.count(size=len(answer.body))
            if asks_to_slow_down(answer):
                self._ended.add(host_of(url))
        return answer

    def _may_follow(self, url: str, target: str) -> bool:
        """The files of an authority may lie at the same host and port, at the host under the other scheme, or
        within the scope: another port of a host is another service."""
        return bool(target) and (_is_beside(url, target) or self._scope.allows(target))

    async def _turn(self, url: str, rules: Rules) -> None:
        """Wait as long as robots.txt asks to, between one request to the host and the next."""
        delay = min(rules.robots.crawl_delay(PRODUCT) or 0.0, self._job.limits.longest_delay)
        now, host = monotonic(), host_of(url)
        turn = max(now, self._turns.get(host, rules.read_at + delay))
        self._turns[host] = turn + delay
        if turn > now:
            await asyncio.sleep(turn - now)


def asks_to_slow_down(answer: Answer) -> bool:
    """Whether the host is to be left alone: 429, or an error with a `Retry-After`."""
    return answer.status == 429 or (answer.status >= 400 and bool(answer.header("retry-after")))


def _conditions(before: Kept | None) -> dict[str, str]:
    if before is None:
        return {}
    given = {"If-None-Match": before.etag, "If-Modified-Since": before.modified}
    return {name: value for name, value in given.items() if value}


def _is_beside(url: str, target: str) -> bool:
    ports = [urlsplit(one).port for one in (url, target)]  # of a scheme's own port, `normal` leaves none
    return host_of(url) == host_of(target) and ports[0] == ports[1]
