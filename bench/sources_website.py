"""A website on loopback, fetched by Facewitness and by a plain Scrapy spider with the same settings.

Part of `make bench NAME=sources`; `python -m bench.sources_website PAGES RUNS` prints these rows alone. Both follow
the links of every page, obey robots.txt, ask eight at once, and neither waits between requests. Facewitness besides
writes WARC files, reads preferences and keeps its frontier on disk; the spider keeps nothing.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

from facewitness.sources.website import Limits, WebsiteCollector
from facewitness.terms.provenance import LegalBasis, SourceId, SourceKind, SourceRecord

RUNS = 3
PAGES = 5_000
LINKS = 20
AT_ONCE = 8

_SPIDER = """
import json, sys, time
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule

class Plain(CrawlSpider):
    name = "plain"
    start_urls = [sys.argv[1]]
    allowed_domains = ["127.0.0.1"]
    rules = [Rule(LinkExtractor(), callback="seen", follow=True)]
    count = 0

    def seen(self, response):
        Plain.count += 1

process = CrawlerProcess(json.loads(sys.argv[2]))
process.crawl(Plain)
began = time.monotonic()
process.start()
print(json.dumps([Plain.count + 1, time.monotonic() - began]))
"""


def website_rows(pages: int = PAGES, runs: int = RUNS) -> list[dict[str, Any]]:
    """Pages a second of either, medians of several runs in turns. The start of its process is not counted for
    Scrapy, and is for Facewitness."""
    rates: dict[str, list[float]] = {"facewitness": [], "scrapy": []}
    server = _serve(pages)
    try:
        start = f"http://127.0.0.1:{server.server_address[1]}/"
        for _ in range(runs):
            rates["scrapy"].append(_by_scrapy(start, pages))
            rates["facewitness"].append(_by_facewitness(start, pages))
    finally:
        server.shutdown()
        server.server_close()
    found = {name: median(values) for name, values in rates.items()}
    rows: list[dict[str, Any]] = [
        {"engine": name, "pages": pages, "pages_per_s": round(rate, 1), "runs": runs}
        for name, rate in found.items()
    ]
    rows[0]["ratio_to"] = {"scrapy": round(found["facewitness"] / found["scrapy"], 2)}
    return rows


def _by_facewitness(start: str, pages: int) -> float:
    record = SourceRecord(
        id=SourceId("bench"),
        name="Bench",
        kind=SourceKind.WEBSITE,
        location=start,
        steward="A. Steward",
        basis=LegalBasis.OWN_WORK,
        licence="",
        note="",
        organisation="",
        registered_at=datetime.now(UTC),
    )
    limits = Limits(delay=0.0, throttle=False, at_once=AT_ONCE)
    with tempfile.TemporaryDirectory() as keep:
        collector = WebsiteCollector(record, Path(keep), "mailto:bench@example.org", limits=limits)
        began = time.monotonic()
        counts = collector.collect(lambda _: None)
        taken = time.monotonic() - began
    if counts.pages != pages:
        raise RuntimeError(f"{counts.pages} of {pages} pages were fetched: {counts}")
    return pages / taken


def _by_scrapy(start: str, pages: int) -> float:
    settings = {
        "CONCURRENT_REQUESTS": AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
        "DOWNLOAD_DELAY": 0,
        "LOG_ENABLED": False,
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
    }
    spider = [sys.executable, "-c", _SPIDER, start, json.dumps(settings)]
    count, taken = json.loads(subprocess.run(spider, check=True, capture_output=True).stdout)
    if count != pages:
        raise RuntimeError(f"Scrapy saw {count} of {pages} pages.")
    return float(count / taken)


def _serve(pages: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            body = _page(self.path, pages)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _page(path: str, pages: int) -> bytes:
    """Page number n of a tree whose every page leads to the next twenty; some text, and a menu on each."""
    number = 0 if path == "/" else int(path.removeprefix("/p")) if path.startswith("/p") else -1
    if not 0 <= number < pages:
        return b""
    first = number * LINKS + 1
    links = "".join(
        f'<li><a href="/p{one}">Page {one}</a></li>' for one in range(first, first + LINKS) if one < pages
    )
    text = "<p>Some words that stand on a page of a gallery, as there are.</p>" * 60
    head = f"<!doctype html><html><head><title>{number}</title></head>"
    return f"{head}<body><ul>{links}</ul>{text}</body></html>".encode()


if __name__ == "__main__":
    print(json.dumps(website_rows(*map(int, sys.argv[1:]))))
