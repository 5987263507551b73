"""The crawl as Scrapy runs it. Of Scrapy its downloader and AutoThrottle are used, and nothing else is left on."""

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from scrapy import Spider

from facewitness.sources.website.archive import Archive
from facewitness.sources.website.asking import Asking
from facewitness.sources.website.crawl import Crawl
from facewitness.sources.website.fetching import Fetcher, Private
from facewitness.sources.website.frontier import Frontier
from facewitness.sources.website.job import Job, archive_of
from facewitness.sources.website.recheck import Recheck
from facewitness.sources.website.visit import Visitor
from facewitness.sources.website.wanted import read_wanted
from facewitness.terms.collecting import Collected, Revisited


class Events(Protocol):
    """Who hears how far the crawl is."""

    def collected(self, counts: Collected) -> None:
        """The counts so far."""
        ...

    def revisited(self, one: Revisited) -> None:
        """What has become of an address."""
        ...


def settings(job: Job) -> dict[str, Any]:
    """Scrapy's settings: no middlewares (their robots.txt, redirects, retries, cookies and proxies), no extensions
    but AutoThrottle (telnet and remote control among them), no handlers but those of http and https, no logs."""
    limits = job.limits
    http = "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"
    return {
        "AUTOTHROTTLE_ENABLED": limits.throttle,
        "AUTOTHROTTLE_MAX_DELAY": limits.longest_delay,
        "AUTOTHROTTLE_START_DELAY": max(1.0, limits.delay),
        "CONCURRENT_REQUESTS": limits.at_once,
        "CONCURRENT_REQUESTS_PER_DOMAIN": limits.at_once,
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOAD_DELAY": limits.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_HANDLERS_BASE": {"http": http, "https": http},
        "DOWNLOAD_MAXSIZE": limits.bytes,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_WARNSIZE": 0,
        "EXTENSIONS_BASE": {"scrapy.extensions.throttle.AutoThrottle": 0},
        "LOG_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "SPIDER_MIDDLEWARES_BASE": {},
        "STATS_DUMP": False,
        "TELNETCONSOLE_ENABLED": False,
        "USER_AGENT": job.agent,
    }


class WebsiteSpider(Spider):
    """Does all of a job in its `start`; `failure` is what it failed on."""

    name = "facewitness"
    failure: Exception | None = None

    def __init__(self, job: Job, events: Events, resolver: Private) -> None:
        super().__init__()
        self._job, self._events, self._resolver = job, events, resolver

    async def start(self) -> AsyncIterator[Any]:
        """See Scrapy. Yields nothing: requests are made where their answers are needed."""
        try:
            await self._work()
        except Exception as error:  # noqa: BLE001  Scrapy would log it and end as if all were well
            self.failure = error
        never: tuple[Any, ...] = ()
        for one in never:
            yield one

    async def _work(self) -> None:
        job, keep = self._job, Path(self._job.keep)
        with (
            closing(Archive(archive_of(keep), job)) as archive,
            closing(Frontier(keep / "crawl.sqlite")) as frontier,
        ):
            crawl = Crawl(job, frontier, self._events.collected)
            fetcher = Fetcher(self.crawler, job, self._resolver)
            asking = Asking(job, fetcher, archive.keeper, frontier, crawl.heard)
            if job.revisit:
                recheck = Recheck(job, asking, archive, frontier)
                await recheck.run(read_wanted(Path(job.revisit)), self._events.revisited, job.limits.at_once)
            else:
                await crawl.run(job.start, Visitor(job, asking, archive, frontier))
