"""What an HTML page shows: its title, its `<meta>` words, and each image with the text beside it."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resiliparse.parse.encoding import bytes_to_str, detect_encoding, map_encoding_to_html5
from resiliparse.parse.html import ElementNode, HTMLTree

from facewitness.sources.webarchive.addresses import has_image_ending, resolve
from facewitness.sources.webarchive.texts import clean

MAX_PAGE = 2 * 1024 * 1024
"""Bytes of a page that are looked at: parsed, they can take fifty times as much memory."""

_MAX_ELEMENTS = 2_000
"""Elements of a page that are looked at: the largest galleries show some hundred images at once."""

_MAX_SRCSET = 20_000
_FIGURE_DEPTH = 6
"""How far above an image its `<figure>` is looked for."""

_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-lazy", "data-full-src")
_SOURCE_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
"""Where HTML names images, and where scripts that load them late find their names."""

_SHARED = {"og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"}
_LINKS = ", ".join(
    f'a[href*="{part}" i]' for part in (".jp", ".png", ".webp", ".gif", ".tif", ".avif", ".hei")
)
_SHOWN = f"img, amp-img, picture > source, meta[content], link[rel=image_src i], {_LINKS}"
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Embed:
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
    text = decoded(data[:MAX_PAGE], charset)
    tree = HTMLTree.parse(text)
    if tree.document is None:
        return Page("", (), ())
    base = tree.document.query_selector("base[href]")
    if base is not None:
        url = resolve(url, _value(base, "href")) or url
    elements = tree.document.query_selector_all(_SHOWN)[:_MAX_ELEMENTS]
    has_figures = "<figcaption" in text or "<FIGCAPTION" in text
    captions: dict[str, str] = {}
    for reference, caption in _references(elements, has_figures):
        if address := resolve(url, reference):
            captions[address] = captions.get(address) or clean(caption)
    return Page(clean(tree.title), tuple(_metas(elements)), tuple(map(Embed, captions, captions.values())))


def from_srcset(text: str) -> Iterator[str]:
    """The addresses in a `srcset` such as `a.jpg 1x, b.jpg 2x`: they may hold commas, but not end with one."""
    is_address = True
    for word in text.split():
        if not is_address:
            _, comma, word = word.partition(",")
            is_address = bool(comma)
        if is_address and (address := word.strip(",")):
            yield address
            is_address = word.endswith(",")


def _references(elements: Sequence[ElementNode], has_figures: bool) -> Iterator[tuple[str, str]]:
    """Each image that is named, as it is written, with its caption."""
    for element in elements:
        match element.tag:
            case "meta" if (_value(element, "property") or _value(element, "name")) in _SHARED:
                yield _value(element, "content"), ""
            case "link":
                yield _value(element, "href"), ""
            case "a" if has_image_ending(link := _value(element, "href")):
                image = element.query_selector("img")
                yield link, _caption(image, has_figures) if image is not None else element.text or ""
            case "img" | "amp-img":
                yield from _named(element, _caption(element, has_figures))
            case "source" if (picture := element.parent_element) is not None:
                image = picture.query_selector("img")
                yield from _named(element, _caption(image, has_figures) if image is not None else "")


def _named(element: ElementNode, caption: str) -> Iterator[tuple[str, str]]:
    """The images that the attributes of an element name, with this caption."""
    for attribute in _SOURCES:
        if name := _value(element, attribute):
            yield name, caption
    for attribute in _SOURCE_SETS:
        if names := _value(element, attribute)[:_MAX_SRCSET]:
            yield from ((name, caption) for name in from_srcset(names))


def _caption(image: ElementNode, has_figures: bool) -> str:
    above: ElementNode | None = image
    for _ in range(_FIGURE_DEPTH if has_figures else 0):
        above = above.parent_element if above is not None else None
        if above is not None and above.tag == "figure":
            return _figcaption(above) or _value(image, "alt")
    return _value(image, "alt")


def _figcaption(figure: ElementNode) -> str:
    """The first or the last child, as the standard has it; a search below would be slow in nested figures."""
    for child in (figure.last_element_child, figure.first_element_child):
        if child is not None and child.tag == "figcaption":
            return child.text or ""
    return ""


def _metas(elements: Sequence[ElementNode]) -> Iterator[tuple[str, str]]:
    for element in elements:
        if element.tag == "meta" and (name := _value(element, "name")):
            yield name, _value(element, "content")


def _value(element: ElementNode, attribute: str) -> str:
    return element.getattr(attribute) or ""


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
