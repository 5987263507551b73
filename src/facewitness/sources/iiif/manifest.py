"""Manifests and collections of the IIIF Presentation API, versions 2 and 3 (https://iiif.io/api/presentation/).

Both versions are read by one way of asking: each name of theirs means the same wherever it stands.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from facewitness.sources.iiif.images import CanvasImage, images_in
from facewitness.sources.iiif.said import Said, read_said
from facewitness.sources.iiif.tree import Tree, identifier, kind, load, objects, several
from facewitness.sources.webarchive.addresses import web_address

MAX_CANVASES = 20_000
"""Canvases of one manifest."""

MAX_IMAGES = 20
"""Images on one canvas."""

MAX_MEMBERS = 100_000
"""Manifests and collections that one collection names."""

_MAX_DEPTH = 5
_MAX_ID = 2_000


@dataclass(frozen=True, slots=True)
class Canvas:
    """One view of the object: a page, a photo, a side."""

    id: str
    """Unique within the manifest and the same as long as the canvas is; an address, which nobody opens."""
    said: Said
    images: tuple[CanvasImage, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object with its canvases in order."""

    url: str
    said: Said
    canvases: tuple[Canvas, ...]
    problems: dict[str, int] = field(default_factory=dict)
    """What could not be used, in words, and how often."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Manifests and further collections, in order."""

    url: str
    label: str
    members: tuple[str, ...]
    """Their addresses, each once, and at the end that of the next page."""
    problems: dict[str, int] = field(default_factory=dict)
    """As of a manifest."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What is no JSON, or too much of it."""

    problem: str


def parse(data: bytes, url: str) -> Manifest | Collection | Unreadable | None:
    """What the document at `url` is; None for JSON that is neither. Never raises, whatever the bytes are."""
    try:
        tree = load(data)
    except ValueError as error:
        return Unreadable(str(error))
    if not isinstance(tree, dict):
        return None
    what = kind(tree)
    if what == "manifest":
        return _manifest(tree, url)
    if what in ("collection", "collectionpage"):
        return _collection(tree, url)
    return None


def _manifest(tree: Tree, url: str) -> Manifest:
    problems: Counter[str] = Counter()
    written = _canvases(tree)
    problems["entries that are no canvas"] += sum(not isinstance(one, dict) for one in written)
    problems["manifests without a canvas"] += not written
    problems[f"canvases beyond the first {MAX_CANVASES}"] += max(0, len(written) - MAX_CANVASES)
    ids: Counter[str] = Counter()
    canvases = tuple(_canvas(one, ids, problems) for one in objects(written[:MAX_CANVASES]))
    return Manifest(url, read_said(tree), canvases, _counted(problems))


def _canvases(tree: Tree) -> list[Any]:
    """In version 2 those of the first sequence that has any here; the others put the same in another order."""
    sequences = (several(one.get("canvases")) for one in objects(tree.get("sequences")))
    return several(tree.get("items")) or next(filter(None, sequences), [])


def _canvas(tree: Tree, ids: Counter[str], problems: Counter[str]) -> Canvas:
    """`ids` are those that were there before: not every manifest gives each canvas one of its own."""
    name = identifier(tree)[:_MAX_ID]
    ids[name] += 1
    problems["contents of a canvas that lie elsewhere"] += sum(
        "items" not in one for one in objects(tree.get("items"))
    )
    images: dict[CanvasImage, None] = {}
    for body in _bodies(tree):
        for found in images_in(body):
            if isinstance(found, str) or len(images) == MAX_IMAGES:
                problems[found if isinstance(found, str) else f"images beyond the first {MAX_IMAGES}"] += 1
            else:
                images[found] = None
    return Canvas(f"{name} {ids[name]}" if ids[name] > 1 else name, read_said(tree), tuple(images))


def _bodies(canvas: Tree) -> Iterator[Any]:
    """What the canvas is painted with."""
    for page in objects(canvas.get("items")):
        yield from (one.get("body") for one in objects(page.get("items")) if _paints(one))
    yield from (one.get("resource") for one in objects(canvas.get("images")) if _paints(one))


def _paints(annotation: Tree) -> bool:
    """Whether it is the content of the canvas, and no comment on it; what says nothing is taken to be content."""
    written = [one for one in several(annotation.get("motivation")) if isinstance(one, str)]
    return not written or any(one.endswith("painting") for one in written)


def _collection(tree: Tree, url: str) -> Collection:
    problems: Counter[str] = Counter()
    members: dict[str, None] = {}
    for one in _members(tree, _MAX_DEPTH):
        address = web_address(one)
        if not address or (len(members) == MAX_MEMBERS and address not in members):
            told = f"members beyond the first {MAX_MEMBERS}" if address else "members without an address"
            problems[told] += 1
        elif address != url:
            members[address] = None
    return Collection(url, read_said(tree).label, tuple(members), _counted(problems))


def _members(tree: Tree, depth: int) -> Iterator[str]:
    """The members' addresses as written; of an inner collection that is there with its members, those."""
    names = ("items", "members", "collections", "manifests")
    for one in (one for name in names for one in several(tree.get(name))):
        if isinstance(one, dict) and kind(one) not in ("", "manifest", "collection"):
            continue
        if isinstance(one, dict) and kind(one) != "manifest" and depth and any(map(one.get, names)):
            yield from _members(one, depth - 1)
        else:
            yield identifier(one)
    yield from (identifier(one) for name in ("first", "next") if (one := tree.get(name)) is not None)


def _counted(problems: Counter[str]) -> dict[str, int]:
    return dict(+problems)
