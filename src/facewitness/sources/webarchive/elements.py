"""The elements of a page that show images or speak of it, put together from its tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from facewitness.sources.webarchive.addresses import has_image_ending
from facewitness.sources.webarchive.tags import Tag, Tags

_MAX_ELEMENTS = 2_000
"""Elements of a page that are looked at: the largest galleries show some hundred images at once."""

_MAX_SRCSET = 20_000

_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-lazy", "data-full-src")
_SOURCE_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
"""Where HTML names images, and where scripts that load them late find their names."""

_SHARED = {"og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"}

_END_OF_LINK = re.compile(r"</?a[\s/>]")
_END_OF_CAPTION = re.compile(r"</?fig(?:caption|ure)[\s/>]")
_END_OF_TITLE = re.compile(r"</title[\s/>]")


@dataclass(slots=True)
class Figure:
    """A `<figure>` and its `<figcaption>`, which may come before or after the images in it."""

    caption: str = ""


@dataclass(slots=True)
class Shown:
    """The images that one element names, as they are written, and the words beside them."""

    references: list[str]
    figure: Figure
    words: str = ""

    @property
    def caption(self) -> str:
        """The figure's, or else the element's own."""
        return self.figure.caption or self.words


class Elements:
    """What a page's tags say, read once from the beginning: `base`, `title`, `metas`, `shown`."""

    def __init__(self, text: str) -> None:
        """The text of a page, which may be anything."""
        self.base: str = ""
        self.title: str | None = None
        self.metas: list[tuple[str, str]] = []
        self.shown: list[Shown] = []
        self._tags = Tags(text)
        self._figures = [Figure()]  # those that are open, after one for the page itself, which stays empty
        self._sources: list[Shown] | None = None  # of the picture that is open, before its image
        self._link: tuple[Shown, int] | None = None  # and where it ends
        for tag in self._tags:
            self._take(tag)
            if len(self.shown) + len(self.metas) >= _MAX_ELEMENTS:
                break

    def _take(self, tag: Tag) -> None:
        match tag.name:
            case "img" | "amp-img":
                self._take_image(tag)
            case "meta":
                self._take_meta(tag.attributes())
            case "a":
                self._take_link(tag)
            case "source" if self._sources is not None:
                self._sources.append(self._show(_named(tag.attributes())))
            case "picture":
                self._sources = []
            case "/picture":
                self._sources = None
            case "figure":
                self._figures.append(Figure())
            case "/figure" if len(self._figures) > 1:
                self._figures.pop()
            case "figcaption":
                self._take_caption(tag)
            case _:
                self._take_head(tag)

    def _take_head(self, tag: Tag) -> None:
        match tag.name:
            case "base":
                self.base = self.base or tag.attributes().get("href", "")
            case "title" if self.title is None:
                self.title = self._tags.words(tag.end, self._tags.find(_END_OF_TITLE, tag.end))
            case "link" if (values := tag.attributes()).get("rel", "").lower() == "image_src":
                self.shown.append(Shown([values.get("href", "")], self._figures[0]))

    def _take_meta(self, values: dict[str, str]) -> None:
        name, content = values.get("name", ""), values.get("content")
        if content is None:
            return
        if (values.get("property") or name) in _SHARED:
            self.shown.append(Shown([content], self._figures[0]))
        if name:
            self.metas.append((name, content))

    def _take_image(self, tag: Tag) -> None:
        """The words of an image are also those of the link and the sources around it."""
        values = tag.attributes()
        words = values.get("alt", "")
        self._show(_named(values), words)
        for source in self._sources or ():
            source.words = words
        if self._link is not None and tag.start < self._link[1]:
            self._link[0].words = words
            self._link = None

    def _take_link(self, tag: Tag) -> None:
        address = tag.attributes().get("href", "")
        if has_image_ending(address):
            end = self._tags.find(_END_OF_LINK, tag.end)
            self._link = self._show([address], self._tags.words(tag.end, end)), end

    def _take_caption(self, tag: Tag) -> None:
        if len(self._figures) > 1:
            end = self._tags.find(_END_OF_CAPTION, tag.end)
            figure = self._figures[-1]
            figure.caption = figure.caption or self._tags.words(tag.end, end)

    def _show(self, references: list[str], words: str = "") -> Shown:
        self.shown.append(Shown(references, self._figures[-1], words))
        return self.shown[-1]


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


def _named(values: dict[str, str]) -> list[str]:
    """The images that the attributes of an element name."""
    names = [values[name] for name in _SOURCES if values.get(name)]
    for name in _SOURCE_SETS:
        if name in values:
            names += from_srcset(values[name][:_MAX_SRCSET])
    return names
