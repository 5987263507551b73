"""What Instagram's and Facebook's exports have in common: JSON files that name pictures by their path."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from facewitness.sources.export.members import Members
from facewitness.sources.export.mojibake import repaired_tree
from facewitness.sources.export.names import TEXTS, ending, in_messages, shown
from facewitness.sources.export.said import Photo, Said, Told
from facewitness.sources.folder import VIDEOS
from facewitness.terms.provenance import SkippedPhoto, SkipReason

DELETED = (SkipReason.OUT_OF_SCOPE, "deleted by the holder")
"""What the holder has thrown away is in the export for a while still."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a JSON file names a picture: the path as it is written there, and what is said."""

    uri: Any
    said: Said


Reading = Callable[[Any, str], Iterator[Mention | None]]
"""From what a JSON file holds, and what its entries are called, to its mentions; None for an entry of a shape
that is not known. Never raises."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One kind of JSON file."""

    files: re.Pattern[str]
    """Their whole path without its ending."""
    title: str
    """What an entry is called: `post`."""
    read: Reading
    away: tuple[SkipReason, str] | None = None
    """Why the pictures named there stay out, where they do."""


@dataclass(frozen=True, slots=True)
class MetaPlatform:
    """Instagram or Facebook."""

    name: str
    chapters: tuple[Chapter, ...]
    media: tuple[tuple[re.Pattern[str], str], ...]
    """The folders in which the holder's pictures lie, by the beginning of the path, and what such a picture is
    called where no JSON file names it."""
    advice: str
    """What to ask the platform for instead of HTML."""

    def is_known(self, members: Members) -> bool:
        """Whether there is an export of this platform that can be read."""
        return any(self._chapter(path, ".json") for path in members.paths)

    def is_html(self, members: Members) -> bool:
        """Whether there is one that was made as HTML."""
        return any(self._chapter(path, ".html") for path in members.paths)

    def told(self, members: Members) -> Iterator[Told]:
        """Every picture in the platform's folders or named by its JSON files, besides those of messages."""
        found = _Found(members)
        for path in members.paths:
            if chapter := self._chapter(path, ".json"):
                yield from found.take(path, chapter)
        for path in members.paths:
            if not in_messages(path) and (one := _deleted(path) or found.told(path) or self._unnamed(path)):
                yield one

    def _chapter(self, path: str, wanted: str) -> Chapter | None:
        stem, dot, end = path.rpartition(".")
        if dot + end.lower() != wanted:
            return None
        return next((one for one in self.chapters if one.files.fullmatch(stem)), None)

    def _unnamed(self, path: str) -> Photo | None:
        if ending(path) in TEXTS:
            return None
        title = next((title for folder, title in self.media if folder.match(path)), "")
        return Photo(path, (Said(title),)) if title else None


@dataclass(slots=True)
class _Found:
    """What the JSON files say, gathered by picture: one may be named in a post, an album and a story."""

    members: Members
    said: dict[str, dict[Said, None]] = field(default_factory=dict)
    away: dict[str, SkippedPhoto] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def take(self, path: str, chapter: Chapter) -> Iterator[SkippedPhoto]:
        """Gather from one file; gives what in it cannot be used."""
        tree = self.members.json(path)
        if isinstance(tree, SkippedPhoto):
            yield tree
            return
        unknown = 0
        for mention in _mentions(tree, chapter):
            if mention is None or not isinstance(mention.uri, str):
                unknown += 1
            elif found := self.members.find(mention.uri):
                self._keep(found, mention.said, chapter)
            elif not chapter.away:
                yield from self._missing(mention.uri, path)
        if unknown:
            yield SkippedPhoto(path, SkipReason.UNKNOWN_LAYOUT, f"entries of a kind not known: {unknown}")

    def told(self, path: str) -> Told | None:
        """What is said of the picture; the holder's own word goes before another's."""
        if path in self.said:
            return Photo(path, tuple(self.said.pop(path)))
        return self.away.get(path)

    def _keep(self, path: str, said: Said, chapter: Chapter) -> None:
        if chapter.away:
            self.away[path] = SkippedPhoto(path, *chapter.away)
        else:
            self.said.setdefault(path, {})[said] = None

    def _missing(self, uri: str, path: str) -> Iterator[SkippedPhoto]:
        name = shown(in_messages(uri) or uri)
        if name not in self.missing and ending(name) not in VIDEOS:
            self.missing.add(name)
            yield SkippedPhoto(name, SkipReason.MISSING_FILE, f"named in {path}; are all parts there?")


def _mentions(tree: Any, chapter: Chapter) -> Iterator[Mention | None]:
    try:
        repaired = repaired_tree(tree)
    except RecursionError:
        return iter((None,))
    return chapter.read(repaired, chapter.title)


def _deleted(path: str) -> SkippedPhoto | None:
    in_bin = "recently_deleted" in path.split("/")[:-1] and ending(path) not in TEXTS
    return SkippedPhoto(path, *DELETED) if in_bin else None
