"""The program that crawls for `collector`, in a process of its own: Twisted's reactor starts once in a process.

Run by its path, so that it imports this room alone and not the whole program: it starts in half the time. Its job
comes as one line of JSON on standard input, which stays open as long as somebody wants its work: when it closes,
the process ends at once, which costs nothing that was fetched. On standard output it writes one JSON object a line:
`collected`, `revisited`, and at its end `done` or `error`.
"""

import json
import os
import sys
import threading
import warnings
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import IO, Any

if __name__ == "__main__":
    _program = ModuleType("facewitness")
    _program.__path__ = [str(Path(__file__).parents[2])]
    sys.modules["facewitness"] = _program

from filelock import FileLock, Timeout
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.reactor import install_reactor

from facewitness.sources.website.job import Job
from facewitness.sources.website.own import OwnPlaces
from facewitness.terms.collecting import Collected, Revisited

_LOCK_PATIENCE = 2.0
"""Seconds: an earlier child whose parent was killed needs a moment to end."""


class _Events:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def collected(self, counts: Collected) -> None:
        self.write("collected", asdict(counts))

    def revisited(self, one: Revisited) -> None:
        self.write("revisited", {**asdict(one), "at": one.at.isoformat()})

    def write(self, event: str, value: object = None) -> None:
        self._stream.write(json.dumps({"event": event, "value": value}) + "\n")
        self._stream.flush()


def main() -> None:
    """Do one job."""
    events = _Events(os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8"))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    warnings.simplefilter("ignore")
    job = Job.from_json(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with FileLock(Path(job.keep) / "lock", timeout=_LOCK_PATIENCE):
            _run(job, events)
    except Timeout:
        events.write("error", f"Another process is fetching {job.source_id} already.")
    except Exception as error:
        events.write("error", f"{type(error).__name__}: {error}")
        raise
    else:
        events.write("done")


def _run(job: Job, events: _Events) -> None:
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor as installed

    from facewitness.sources.website.heads import bound_heads
    from facewitness.sources.website.resolver import CheckedResolver
    from facewitness.sources.website.spider import WebsiteSpider, settings

    reactor: Any = installed
    resolver = CheckedResolver(OwnPlaces(job.scope))
    reactor.installNameResolver(resolver)
    bound_heads()
    runner = AsyncCrawlerRunner(settings(job))
    crawler = runner.create_crawler(WebsiteSpider)
    task = runner.crawl(crawler, job, events, resolver)
    task.add_done_callback(lambda _: reactor.stop())
    reactor.run(installSignalHandlers=False)
    task.result()
    spider = crawler.spider
    if isinstance(spider, WebsiteSpider) and spider.failure is not None:
        raise spider.failure


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
