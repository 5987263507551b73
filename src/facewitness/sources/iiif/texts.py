"""Texts in IIIF: in several languages, in the ways of both versions, perhaps with HTML in them."""

import html
import re
from collections.abc import Iterator
from typing import Any

from facewitness.sources.iiif.tree import several
from facewitness.sources.texts import one_line

_MAX_VALUES = 10
"""Values of one text that are kept."""

_NO_LANGUAGE = ("none", "@none", "")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def text(value: Any, limit: int) -> str:
    """The text in one language: English, else in none, else the one that stands first; `limit` characters of it.

    `{"en": ["A", "B"]}` (version 3), `"A"`, `{"@value": "A", "@language": "en"}` and lists of them (version 2).
    Several values of that language are put together with semicolons.
    """
    return _cut(_chosen(value, limit), limit)


def prose(value: Any, limit: int) -> str:
    """The same where IIIF allows HTML: in statements and in the values of `metadata`. It is taken out."""
    return _cut(html.unescape(_TAG.sub(" ", _chosen(value, limit))), limit)


def _chosen(value: Any, limit: int) -> str:
    found: dict[str, list[str]] = {}
    for language, one in _values(value):
        found.setdefault(language.lower(), []).append(one[: 4 * limit])
    return "; ".join(found.get(min(found, key=_rank, default=""), [])[:_MAX_VALUES])


def _cut(words: str, limit: int) -> str:
    return one_line(words, limit).rstrip()


def _values(value: Any) -> Iterator[tuple[str, str]]:
    """Language and text of each."""
    for one in several(value):
        if not isinstance(one, dict):
            yield from (("", words) for words in _words(one))
        elif "@value" in one:
            language = one.get("@language")
            known = language if isinstance(language, str) else ""
            yield from ((known, words) for part in several(one["@value"]) for words in _words(part))
        else:
            named = ((language, values) for language, values in one.items() if language != "@language")
            for language, values in named:
                yield from ((language, words) for part in several(values) for words in _words(part))


def _words(value: Any) -> Iterator[str]:
    """A text, or a number, which page labels often are in spite of the specification."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _rank(language: str) -> int:
    if language == "en" or language.startswith("en-"):
        return 0
    return 1 if language in _NO_LANGUAGE else 2
