"""How much is taken of what comes before the content of a response.

Twisted bounds each line of it and not their number, and Scrapy's `DOWNLOAD_MAXSIZE` is of the content alone: a
server that sends headers without end would fill the memory.
"""

from typing import Any

from twisted.web._newclient import BODY, HTTP11ClientProtocol  # where Scrapy has it from, too

MAX_HEAD = 256 * 1024
"""Bytes of status lines and headers, those of informational responses included; as much as browsers take."""


def bound_heads() -> None:
    """Let connections end that bring more. For the process of a crawl, once."""
    connection: Any = HTTP11ClientProtocol
    receive = connection.dataReceived

    def bounded(self: Any, data: bytes) -> None:
        receive(self, data)
        is_head = self._parser is not None and self._parser.state != BODY
        self.head = getattr(self, "head", 0) + len(data) if is_head else 0
        if self.head > MAX_HEAD:
            self.transport.abortConnection()

    connection.dataReceived = bounded
