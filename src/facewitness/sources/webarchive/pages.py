"""What an HTML page shows: its title, its `<meta>` words, and each image with the text beside it."""

import codecs
from dataclasses import dataclass
from typing import NamedTuple

from resiliparse.parse.encoding import bytes_to_str, detect_encoding, map_encoding_to_html5

from facewitness.sources.texts import MAX_TEXT, one_line
from facewitness.sources.webarchive.addresses import resolve
from facewitness.sources.webarchive.elements import Elements

MAX_PAGE = 2 * 1024 * 1024
"""Bytes of a page that are looked at."""

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Embed(NamedTuple):
    """An image that a page shows: its address, and the text beside it: its figcaption, or else its `alt`."""

    url: str
    caption: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page: title, names and contents of its `<meta name>` elements, and its images, each address once."""

    title: str
    metas: tuple[tuple[str, str], ...]
    embeds: tuple[Embed, ...]


def read_page(data: bytes, charset: str, url: str) -> Page:
    """The page with these bytes at this address; `charset` is what HTTP says of it, or empty."""
    elements = Elements(decoded(data[:MAX_PAGE], charset))
    base = resolve(url, elements.base) if elements.base else ""
    captions: dict[str, str] = {}
    for shown in elements.shown:
        caption = _words(shown.caption)
        for reference in shown.references:
            if address := resolve(base or url, reference):
                captions[address] = captions.get(address) or caption
    embeds = tuple(map(Embed, captions, captions.values()))
    return Page(_words(elements.title or ""), tuple(elements.metas), embeds)


def decoded(data: bytes, charset: str) -> str:
    """The page's text: by its byte order mark, by HTTP, by its own word, or by what it looks like, in this order.

    https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
    """
    encoding = next((name for mark, name in _BOMS.items() if data.startswith(mark)), None)
    if encoding is None and charset:
        encoding = map_encoding_to_html5(charset, False)
    if encoding is None:
        encoding = detect_encoding(data, from_html_meta=True) or "utf-8"
        if encoding.startswith("utf-16"):  # else its word could not have been read
            encoding = "utf-8"
    return bytes_to_str(data, encoding, errors="replace", fallback_encodings=())


def _words(text: str) -> str:
    """One line of it; of a caption that goes on for megabytes only the beginning is looked at."""
    return one_line(text[: 4 * MAX_TEXT])
