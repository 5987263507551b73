"""One request and its answer: the only module of the crawl through which requests go."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from facewitness.sources.responses import Headers
from facewitness.sources.urls import host_of
from facewitness.sources.website.answers import Answer, NoAnswer
from facewitness.sources.website.job import Job
from facewitness.terms.collecting import FetchRefusal

_ACCEPT = {
    "Accept": "text/html,application/xhtml+xml,image/*;q=0.9,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip",
}


class Private(Protocol):
    """Who knows which hosts may not be asked; see `resolver.CheckedResolver`."""

    private: set[str]


class Fetcher:
    """Asks for addresses by Scrapy's downloader: its connections, delays and AutoThrottle, and none of its
    middlewares. It follows no redirect, tries nothing twice, keeps no cookies and takes no proxy."""

    def __init__(self, crawler: Crawler, job: Job, resolver: Private) -> None:
        self._crawler, self._job, self._resolver = crawler, job, resolver

    async def ask(self, url: str, conditions: Mapping[str, str]) -> Answer | NoAnswer:
        """Ask once. `url` is `normal`; `conditions` are headers such as `If-None-Match`."""
        headers = {"User-Agent": self._job.agent, **_ACCEPT, **conditions}
        request = Request(url, headers=headers, meta={"download_timeout": self._job.limits.seconds})
        at = datetime.now(UTC)
        try:
            response = await self._crawler.engine.download_async(request)
        except DownloadCancelledError:
            return NoAnswer(FetchRefusal.TOO_LARGE)
        except Exception as error:  # noqa: BLE001  whatever the other side provokes
            return self._failed(url, error)
        return _answer(url, at, tuple(headers.items()), response)

    def _failed(self, url: str, error: Exception) -> NoAnswer:
        host = host_of(url)
        if host in self._resolver.private:
            return NoAnswer(FetchRefusal.PRIVATE_ADDRESS, host)
        return NoAnswer(FetchRefusal.BROKEN, type(error).__name__)


def _answer(url: str, at: datetime, asked_with: Headers, response: Response) -> Answer:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    host = urlsplit(url).netloc
    return Answer(
        url=url,
        at=at,
        asked_with=(("Host", host), *asked_with),
        status=response.status,
        headers=headers,
        body=response.body,
        ip=str(response.ip_address or ""),
    )
