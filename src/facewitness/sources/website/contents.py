"""What came, its codings undone: a page, an image, or something else."""

from dataclasses import dataclass

from facewitness.sources.responses import (
    PAGES,
    TELLS_NOTHING,
    Headers,
    begins_as_page,
    charset,
    first_header,
    media_type,
)
from facewitness.sources.webarchive.addresses import has_image_ending
from facewitness.sources.webarchive.record import Record
from facewitness.sources.website.answers import Answer
from facewitness.sources.website.records import http_head

MAX_CONTENT = 16 * 1024 * 1024
"""Bytes of a page or sitemap that are looked at."""


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a response, of now or of an earlier one that still holds."""

    url: str
    headers: Headers
    body: bytes

    def with_headers(self, more: Headers) -> "Content":
        """The same as it stands by now: an answer that nothing has changed adds its headers."""
        return Content(self.url, (*self.headers, *more), self.body)

    @property
    def content_type(self) -> str:
        """As the response said, with parameters."""
        return first_header(self.headers, "content-type")

    @property
    def charset(self) -> str:
        """As the response said, or empty."""
        return charset(self.content_type)

    @property
    def is_page(self) -> bool:
        """Whether it is HTML, by its type, or where that tells nothing by how it begins."""
        return self._type in PAGES or (self._type in TELLS_NOTHING and begins_as_page(self.body))

    @property
    def is_image(self) -> bool:
        """Whether it is an image, by its type, or where that tells nothing by its address."""
        if self._type.startswith("image/"):
            return True
        return self._type in TELLS_NOTHING and not self.is_page and has_image_ending(self.url)

    @property
    def _type(self) -> str:
        return media_type(self.content_type)


def content_of(answer: Answer) -> Content:
    """The answer's content, as whoever reads the archive will see it."""
    if not answer.header("content-encoding"):
        return Content(answer.url, answer.headers, answer.body)
    written = http_head(answer) + answer.body
    record = Record.of(0, len(written), (), written)
    body = record.stages(record.body(len(written)), MAX_CONTENT)[-1]
    return Content(answer.url, answer.headers, body)
