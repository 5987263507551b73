"""The few tags of an HTML page that say which images it shows, found without parsing the rest.

A tree of the page costs several times as much as everything else that is done with an archive, and fifty times
the page's size in memory. What is read here is what HTML5's tokenizer makes of the same text: comments, scripts
and the like are passed over, and each of the page's characters is looked at a bounded number of times.
https://html.spec.whatwg.org/multipage/parsing.html#tokenization
"""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import NamedTuple

_NAMES = "/(?:figure|picture)|amp-img|base|fig(?:ure|caption)|img|meta|picture|source|title"
_LIKE_IMAGES = "|".join((r"\.jp", r"\.png", r"\.webp", r"\.gif", r"\.tif", r"\.avif", r"\.hei"))
_LINKS = rf"a(?=\s[^<>]*(?:{_LIKE_IMAGES}))|link(?=\s[^<>]*image_src)"
"""Pages have many of these: only those are looked at that may lead to an image."""

_HIDDEN = "script|style|template|textarea|xmp|iframe|noembed|noframes"
"""Elements in which a tag is text, or nothing that is shown."""

_VALUE = r"""\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+)"""
_TAG = re.compile(
    r"<(?:"
    rf"({_NAMES}|{_LINKS})(?=[\s/>])(?:[^>=]++|={_VALUE})*+>?"
    rf"|({_HIDDEN})(?=[\s/>])[^<]*+(?:<(?!/\2[\s/>])[^<]*+)*+"
    r"|!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+)"
    rf"|[a-z][^<>]*+(?=<)(?:[^>=]++|={_VALUE})*+"
    r")"
)
_ATTRIBUTE = re.compile(r"""([^\s/>=]++)(?:\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s>]*+)))?+""")
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|([A-Za-z0-9]++(?:;|(?!=))))")
_MARKUP = re.compile(r"<!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>)?)|<[a-zA-Z/!?][^>]*+>?")


class Tag(NamedTuple):
    """A tag; that of an end has `/` before its name, and no attributes that matter."""

    name: str
    written: str
    start: int
    """Where it begins in the text, in characters."""
    end: int
    """Where it ends, and what is in the element begins."""

    def attributes(self) -> dict[str, str]:
        """By their names in lower case; of one that is repeated the first."""
        found = reversed(_ATTRIBUTE.findall(self.written))
        values = {name.lower(): double or single or bare for name, double, single, bare in found}
        if "&" in self.written:
            values = {name: _REFERENCE.sub(_character, value) for name, value in values.items()}
        return values


class Tags:
    """A page's tags of images (`img`, `amp-img`, `picture`, `source`), of links that may lead to one, and
    `base`, `figure`, `figcaption`, `meta` and `title`, in their order."""

    def __init__(self, text: str) -> None:
        """The text of a page, which may be anything."""
        self._text = text[: text.rfind(">") + 1]  # no tag begins after it that has an end
        # Lower case in ASCII alone keeps every character where it is.
        self._lower = self._text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[Tag]:
        for found in _TAG.finditer(self._lower):
            if name := found[1]:
                start, end = found.span()
                yield Tag(name, self._text[start:end], start, end)

    def find(self, end: re.Pattern[str], start: int) -> int:
        """Where from `start` on the pattern, in lower case, is found first, or the text ends."""
        found = end.search(self._lower, start)
        return found.start() if found else len(self._text)

    def words(self, start: int, end: int) -> str:
        """What a reader sees there."""
        return unescape(_MARKUP.sub("", self._text[start:end]))


def _character(reference: re.Match[str]) -> str:
    """What is meant, unless it is no character reference, as `&copy=1` in an address."""
    is_known = reference[1] is None or reference[1] in html5
    return unescape(reference[0]) if is_known else reference[0]
