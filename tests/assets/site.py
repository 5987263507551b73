"""A web server on loopback whose pages are set by a test, and which remembers what it was asked for."""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

Headers = Mapping[str, str] | tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Page:
    """An answer. `{port}` in the headers of a redirect and in a text body stands for the server's port."""

    body: bytes | str = b""
    headers: Headers = ()
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    etag: str = ""
    wait: float = 0.0
    """Seconds before the answer."""
    lacks: int = 0
    """Bytes of the body that are announced and never come."""
    drip: float = 0.0
    """Seconds between one byte of the body and the next."""
    dies: bool = False
    """Whether the connection ends instead of an answer, in the midst of its headers."""


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    host: str
    path: str
    headers: dict[str, str] = field(compare=False)
    at: float = field(compare=False)


class Site:
    """The server, on all addresses of loopback (127.0.0.0/8): each is a host of its own.

    `pages` are by path, or by host and path (`127.0.0.2/a`). What is not among them is 404.
    """

    def __init__(
        self, pages: Mapping[str, Page | str] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.pages: dict[str, Page | str] = dict(pages or {})
        self.asked: list[Asked] = []
        self.before: Callable[[Asked], None] = lambda _: None
        """Called with each request, before it is answered."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = (self.headers.get("Host") or "").rpartition(":")[0]
                one = Asked(host, self.path, dict(self.headers.items()), time.monotonic())
                site.asked.append(one)
                site.before(one)
                page = site.pages.get(host + self.path, site.pages.get(self.path, Page("gone", status=404)))
                site._answer(self, Page(page) if isinstance(page, str) else page)

            def log_message(self, *args: object) -> None:
                pass

        self._server = _Server(("", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """An address of the site."""
        return f"http://{host}:{self.port}{path}"

    def paths(self, host: str | None = None) -> list[str]:
        """What was asked for, in its order, but for the two files that come before everything."""
        return [
            one.path
            for one in self.asked
            if one.path not in ("/robots.txt", "/.well-known/tdmrep.json") and host in (None, one.host)
        ]

    def all_paths(self, host: str | None = None) -> list[str]:
        """What was asked for, in its order."""
        return [one.path for one in self.asked if host in (None, one.host)]

    def _answer(self, to: BaseHTTPRequestHandler, page: Page) -> None:
        time.sleep(page.wait)
        if page.dies:
            to.wfile.write(b"HTTP/1.1 200 OK\r\nContent-")
            to.close_connection = True
            return
        body = (
            page.body.replace("{port}", str(self.port)).encode() if isinstance(page.body, str) else page.body
        )
        if page.etag and page.etag in (to.headers.get("If-None-Match") or ""):
            self._head(to, page, 304, None)
            return
        self._head(to, page, page.status, len(body) + page.lacks)
        if page.drip:
            self._drip(to, page, body)
            return
        to.wfile.write(body)
        if page.lacks:
            to.close_connection = True

    def _head(self, to: BaseHTTPRequestHandler, page: Page, status: int, length: int | None) -> None:
        to.send_response(status)
        pairs = page.headers.items() if isinstance(page.headers, Mapping) else page.headers
        for name, value in pairs:
            to.send_header(name, value.replace("{port}", str(self.port)))
        if page.etag:
            to.send_header("ETag", page.etag)
        if length is not None:
            to.send_header("Content-Type", page.content_type)
            to.send_header("Content-Length", str(length))
        to.end_headers()

    def _drip(self, to: BaseHTTPRequestHandler, page: Page, body: bytes) -> None:
        to.close_connection = True
        try:
            for byte in body:
                to.wfile.write(bytes([byte]))
                time.sleep(page.drip)
        except OSError:
            return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawl that was killed leaves its connections."""
