"""The images that a canvas is painted with, and under which address each is had in a size worth having."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from facewitness.sources.iiif.said import licence_of
from facewitness.sources.iiif.tree import Tree, identifier, kind, objects, several
from facewitness.sources.webarchive.addresses import has_image_ending, web_address

MAX_SIDE = 4096
"""Pixels of the longer side that are asked for."""

NOT_AN_ADDRESS = "images without an http or https address"
TOO_DEEP = "images too deep within choices of choices"

_MAX_DEPTH = 4
"""Choices and specific resources within each other; the cookbook goes two deep."""

_INNER = ("default", "item", "items", "full", "source")
"""Where a choice (`default`, `item` in version 2, `items` in 3) and a specific resource (`full`, `source`)
have their images."""

_OUTER = ("choice", "specificresource", "list", "composite", "independents")
_VERSION = re.compile(r"ImageService([123])\b|iiif\.io/api/image/([123])\b|(library\.stanford\.edu/iiif)")
"""How a service says which Image API it is; at Stanford it was version 1."""

_LEVEL = re.compile(r"level([012])\b")
_MAX_WORDS = 300


@dataclass(frozen=True, slots=True)
class CanvasImage:
    """An image on a canvas."""

    url: str
    """Its own address; that of `fetch` where it has none."""
    fetch: str
    """The address to fetch: of the whole image, where an image service is named of at most `MAX_SIDE` pixels."""
    licence: str
    """Its own rights; empty where it states none."""


@dataclass(frozen=True, slots=True)
class _Service:
    """An image service. Version and level as IIIF counts them; sizes in pixels, 0 where not given."""

    base: str
    version: int
    level: int
    longer: int
    is_wide: bool

    def address(self, plain: str) -> str:
        """The whole image, reduced where it is known to be too large. `plain` is the image's own address, the
        better one where it is too large and nothing says that the server reduces.

        `4096,` and `,4096` are there from level 1 on in each version, `!4096,4096` only from level 2 on:
        https://iiif.io/api/image/3.0/compliance/ and the same for 1.1 and 2.1.
        """
        size = "max" if self.version == 3 else "full"
        if self.longer > MAX_SIDE:
            if self.level < 1 and plain:
                return plain
            if self.level >= 1:
                size = f"{MAX_SIDE}," if self.is_wide else f",{MAX_SIDE}"
        return f"{self.base}/full/{size}/0/{'native' if self.version == 1 else 'default'}.jpg"


def images_in(body: Any, depth: int = _MAX_DEPTH) -> Iterator[CanvasImage | str]:
    """Every image in the body of an annotation (`resource` in version 2); a text is what is wrong with one.

    Of a choice all, of a specific resource the whole. Sound, film and text are passed over.
    """
    for one in several(body):
        tree = one if isinstance(one, dict) else {"id": one}
        what = kind(tree)
        if what in _OUTER:
            inner = [part for name in _INNER for part in several(tree.get(name))]
            yield from images_in(inner, depth - 1) if depth else [TOO_DEEP]
        elif what == "image" or (not what and _may_be_image(tree)):
            yield _image(tree)


def _may_be_image(tree: Tree) -> bool:
    """Whether what says nothing of its type is one."""
    form = tree.get("format")
    named = isinstance(form, str) and form.startswith("image/")
    return named or _service(tree) is not None or has_image_ending(identifier(tree))


def _image(tree: Tree) -> CanvasImage | str:
    url, service = web_address(identifier(tree)), _service(tree)
    fetch = web_address(service.address(url)) if service is not None else url
    if not (url or fetch):
        return NOT_AN_ADDRESS
    return CanvasImage(url or fetch, fetch or url, licence_of(tree))


def _service(image: Tree) -> _Service | None:
    """The first of its services that is an Image API of a known version."""
    for tree in objects(image.get("service")):
        base = web_address(identifier(tree)).removesuffix("/info.json").rstrip("/")
        words = " ".join(_words(tree))
        if base and "?" not in base and (version := _VERSION.search(words)):
            level = _LEVEL.search(words)
            width, height = _size(tree) or _size(image) or (0, 0)
            number = int(version[1] or version[2] or 1)
            return _Service(base, number, int(level[1]) if level else 0, max(width, height), width >= height)
    return None


def _words(service: Tree) -> Iterator[str]:
    """What a service says of its kind."""
    for name in ("type", "@type", "@context", "profile"):
        yield from (one[:_MAX_WORDS] for one in several(service.get(name))[:10] if isinstance(one, str))


def _size(tree: Tree) -> tuple[int, int] | None:
    width, height = tree.get("width"), tree.get("height")
    return (width, height) if isinstance(width, int) and isinstance(height, int) else None
