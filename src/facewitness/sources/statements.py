"""Single statements about the use of a photo: from the words of one to a `Preference`.

Read with the reservation in mind: what is strange around a word that reserves does not undo it, and a word
that is not known reserves nothing.
"""

import re
from functools import cache

from facewitness.sources.texts import one_line
from facewitness.sources.urls import is_http
from facewitness.terms.provenance import Preference

MAX_VALUE = 1_000
"""Characters kept of a statement. What it reserves is decided on the whole."""

RESERVING = ("noai", "noimageai", "noml", "noindex", "noimageindex", "none")
"""Directives for robots that keep faces out. `noai` and `noimageai` were introduced by DeviantArt in 2022; the
last three ask to be left out of a search's index, of which an index of faces is one."""

_NO_PREVIEW = re.compile(r"max-[a-z-]{1,20}\s*[:=]\s*none", re.ASCII | re.IGNORECASE)
"""`max-image-preview: none` asks for no preview; its `none` is not the directive."""

_MEMBER = re.compile(r"=\s*[\"']?(y|yes|n|no)(?!\w)", re.ASCII | re.IGNORECASE)


def directives(signal: str, text: str) -> Preference:
    """Directives for robots, of `X-Robots-Tag` or a `<meta>`: separated by anything, for any agent.

    A directive for a named agent reserves too: who asks one search engine to leave a photo out of its index
    has not asked for an index of faces.
    """
    return Preference(signal, kept(text), has_directive(text, RESERVING))


def has_directive(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of these directives is given, in lower or upper case, whatever stands around it."""
    return _directive(words).search(_NO_PREVIEW.sub(" ", text)) is not None


def usage(signal: str, text: str) -> Preference:
    """`train-ai=n, search=y` or `search=yes, ai-train=no`: one refusal, of whatever use, reserves.

    The drafts (draft-ietf-aipref-vocab) do not name an index of faces among the uses, so none of those that
    they do name is taken to leave it free.
    """
    words = [found[1].lower() for found in _MEMBER.finditer(text)]
    return Preference(signal, kept(text), "n" in words or "no" in words)


def states_usage(text: str) -> bool:
    """Whether any use is allowed or refused in it. What says neither is no statement of preference."""
    return bool(_MEMBER.search(text))


def reservation(signal: str, text: str) -> Preference:
    """The value of `tdm-reservation`: 1 reserves, also beside another one; values but 0 and 1 say nothing."""
    return Preference(signal, kept(text), "1" in re.split(r"[\s,;\"']+", text))


def policy(signal: str, text: str) -> Preference:
    """Where licences are offered (`tdm-policy`). It reserves nothing by itself; no value where it is no
    http or https address."""
    url = text.strip()
    return Preference(signal, url if is_http(url) and len(url) <= MAX_VALUE else "", reserves=False)


def kept(text: str) -> str:
    """What is kept of a statement: one line, `MAX_VALUE` characters of it at most."""
    return one_line(text, MAX_VALUE)


@cache
def _directive(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.ASCII | re.IGNORECASE)
