"""The lines of a robots.txt, by the agents they are said to (RFC 9309, 2.2.1)."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BYTES = 1024 * 1024
"""What is read of a file: twice what RFC 9309 (2.5) demands at least."""

_PREFERENCES = ("content-usage", "content-signal")
_RULES = ("allow", "disallow", *_PREFERENCES)
_KINDS = {kind: kind for kind in ("user-agent", "crawl-delay", "sitemap", *_RULES)}
_KINDS |= dict.fromkeys(("sitemaps", "site-map"), "sitemap")
_KINDS |= dict.fromkeys(("useragent", "user agent"), "user-agent")
_KINDS |= dict.fromkeys(("dissallow", "dissalow", "disalow", "diasllow", "disallaw"), "disallow")
"""What lines begin with, in lower case; the misspellings are those that protego reads as well."""

_LINE = re.compile(r"(user\s+agent\b|[^:\s]*)\s*:?\s*(.*)", re.IGNORECASE)
"""A line with or without its colon."""

_TOKEN = re.compile(r"\*(?!\S)|[A-Za-z0-9_-]+")
_STRANGE = re.compile(rb"[^\t\n\r\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line within a group."""

    kind: str
    """One of `allow`, `disallow`, `content-usage`, `content-signal`, `crawl-delay`, `sitemap`; else empty."""
    value: str
    text: str
    """The whole line without its comment."""


class Groups:
    """The lines of one robots.txt.

    Lines that cannot be read are passed over, and none but a rule ends a row of `User-agent` lines, neither
    an empty line nor one of another kind (2.2.4).
    """

    def __init__(self, data: bytes) -> None:
        """The file's bytes, which may be anything."""
        self.sitemaps: list[str] = []
        self._to_all: list[Line] = []
        self._by_agent: dict[str, list[list[Line]]] = {}
        group, is_heading = self._to_all, False
        for line in _lines(data):
            if line.kind == "user-agent":
                token = product_token(line.value)
                if token and not is_heading:
                    group, is_heading = [], True
                if token:
                    self._by_agent.setdefault(token, []).append(group)
                continue
            if line.kind == "sitemap":
                self.sitemaps.append(line.value)
            if line.kind in _RULES:
                is_heading = False
            group.append(line)

    def to(self, agent: str) -> list[Line]:
        """What is said to an agent: all groups with its product token, or where there is none those of `*`.

        Preferences that stand above the first group are said to every agent; rules there to none.
        """
        groups = self._by_agent.get(product_token(agent)) or self._by_agent.get("*", [])
        said = [line for line in self._to_all if line.kind in _PREFERENCES]
        return said + [line for group in groups for line in group]


def product_token(agent: str) -> str:
    """`facewitness` of `Facewitness/1.0 (+https://…)`, which begins with it; empty where there is none."""
    found = _TOKEN.match(agent.strip())
    return found[0].lower() if found else ""


def _lines(data: bytes) -> Iterator[Line]:
    for written in _ascii_text(data).splitlines():
        text = written.partition("#")[0].strip()
        if found := _LINE.fullmatch(text):
            yield Line(_KINDS.get(" ".join(found[1].lower().split()), ""), found[2], text)


def _ascii_text(data: bytes) -> str:
    """The file as ASCII, each other octet escaped (`%C3`): what is not UTF-8 can be compared all the same,
    and nothing but a line break breaks a line. Of UTF-16, which some editors write, the UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    if len(data) > MAX_BYTES:
        data = data[:MAX_BYTES].rpartition(b"\n")[0]  # half a line may say more than the whole
    return _STRANGE.sub(lambda found: b"%%%02X" % found[0][0], data).decode("ascii")
