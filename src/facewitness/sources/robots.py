"""robots.txt: what a site lets an agent fetch (RFC 9309), and what it says there about use.

Two readers decide, and the no of either is a no. One is protego, which Scrapy uses too. The other holds it to
the RFC's letter where it lets in more than that:
- `Allow: /a/index.html` opens `/a/` as well, and `Allow: /a$` all that begins with `/a$`;
- octets that are not UTF-8 are all the same to it, and so are a `?` and its escape `%3F`;
- a byte order mark costs the first line, and U+2028, U+0085 or a form feed breaks a line in two;
- `User-agent: facewitness/1.0` is not said to `facewitness`, but a group of an agent `face` is said to
  `Face/1.0 witness`, and any line, `Crawl-delay` say, ends a row of `User-agent` lines.

Python's `urllib.robotparser` is not used: whether it follows the RFC depends on Python's patch release, and that
of 3.11.7 lets in where `Disallow` has a `*` or `$`, where `Allow` stands above a longer `Disallow`, and where an
agent has a second group.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from protego import Protego

from facewitness.sources.patterns import Pattern, comparable
from facewitness.sources.robot_groups import Groups, Line, product_token
from facewitness.sources.statements import states_usage, usage
from facewitness.sources.urls import authority_of, is_http, path_of
from facewitness.terms.provenance import Preference

MAX_REDIRECTS = 5
"""Redirects that are followed to a robots.txt, also to another host (RFC 9309, 2.3.1.2)."""

MAX_AGE = timedelta(hours=24)
"""How long an answer may be used (RFC 9309, 2.4)."""

PATH = "/robots.txt"

PRODUCT = "facewitness"
"""The token by which robots.txt files speak to this software."""

_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?").fullmatch
_NOTHING = b"User-agent: *\nDisallow: /"


class RobotsAnswer(StrEnum):
    """What came of asking for robots.txt."""

    READ = "read"
    ABSENT = "there is none"
    WITHHELD = "withheld"
    UNREACHABLE = "could not be had"


class Robots:
    """The robots.txt of one authority: a scheme, host and port."""

    def __init__(self, data: bytes, answer: RobotsAnswer = RobotsAnswer.READ) -> None:
        """The file's bytes, which may be anything; `robots_from` says what to do where there is no file."""
        self.answer = answer
        self.digest = hashlib.sha256(data).hexdigest() if answer is RobotsAnswer.READ else ""
        """SHA-256 of the file as it was fetched, 64 hexadecimal digits; empty where none was."""
        self._groups = Groups(data)
        self.sitemaps = tuple(filter(is_http, self._groups.sitemaps))
        """Addresses of sitemaps, those alone that are http or https; they may lead to other hosts."""
        self._said: dict[str, _Said] = {}

    def allows(self, agent: str, url: str) -> bool:
        """Whether the agent, a product token or a `User-Agent` that begins with it, may fetch an address.

        robots.txt itself always may be; what is no http or https address, or has `..` steps in it, never.
        """
        path = path_of(url)
        return path is not None and (path == PATH or self._to(agent).allows(comparable(path)))

    def preferences(self, agent: str, url: str) -> tuple[Preference, ...]:
        """What `Content-Usage` and `Content-Signal` say to the agent of that address.

        Of each the line with the longest path that applies, and all of them where several are of that
        length: one that reserves is enough. A missing path is `/`. The draft is draft-ietf-aipref-attach.
        """
        path = path_of(url)
        return () if path is None else tuple(self._to(agent).preferences(comparable(path)))

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds to be left between requests, the longest where the file asks for several."""
        return self._to(agent).crawl_delay

    def _to(self, agent: str) -> "_Said":
        token = product_token(agent)
        if token not in self._said:
            self._said[token] = _Said(self._groups.to(agent))
        return self._said[token]


class _Said:
    """What a robots.txt says to one agent. Paths are `comparable`."""

    def __init__(self, lines: list[Line]) -> None:
        self._rules = [(Pattern(one.value), one.kind) for one in lines if one.kind in ("allow", "disallow")]
        self._preferences = [said for one in lines if (said := _preference(one))]
        rules = (one.text for one in lines if not one.kind.startswith("content-"))
        self._protego = Protego.parse("\n".join(["User-agent: *", *rules]))
        delays = [float(one.value) for one in lines if one.kind == "crawl-delay" and _SECONDS(one.value)]
        self.crawl_delay = max(delays, default=None)

    def allows(self, path: str) -> bool:
        applying = [
            (rule.octets, kind == "allow") for rule, kind in self._rules if rule.octets and rule.applies(path)
        ]
        is_open = max(applying, default=(0, True))[1]
        return is_open and self._protego.can_fetch(f"https://a.invalid{path}", "*")

    def preferences(self, path: str) -> Iterator[Preference]:
        applying = [(rule, said) for rule, said in self._preferences if rule.applies(path)]
        for signal in dict.fromkeys(said.signal for _, said in applying):
            of_signal = [(rule.octets, said) for rule, said in applying if said.signal == signal]
            longest = max(octets for octets, _ in of_signal)
            yield from dict.fromkeys(said for octets, said in of_signal if octets == longest)


def robots_url(url: str) -> str | None:
    """The address of the robots.txt that speaks for an address; None where that is not http or https.

    Each scheme, host and port has its own. Where it redirects elsewhere, what is found there still speaks for
    the one that was asked first, and for that one alone.
    """
    authority = authority_of(url)
    return authority and authority + PATH


def robots_from(status: int | None, body: bytes = b"", redirects: int = 0) -> Robots:
    """What an attempt to fetch a robots.txt allows: the last answer's status and body, after so many redirects.

    200 is read. 401, 403 and 429 disallow everything, which is stricter than RFC 9309 (2.3.1.3); any other
    4xx allows everything. A server's error, no answer at all (None), redirects beyond `MAX_REDIRECTS` and
    whatever else is answered disallow everything, for as long as it lasts: the RFC's leave to go on after 30
    days of errors (2.3.1.4) is not taken.
    """
    if status is None or redirects > MAX_REDIRECTS:
        return Robots(_NOTHING, RobotsAnswer.UNREACHABLE)
    if status == 200:
        return Robots(body)
    if status in (401, 403, 429):
        return Robots(_NOTHING, RobotsAnswer.WITHHELD)
    if 400 <= status < 500:
        return Robots(b"", RobotsAnswer.ABSENT)
    return Robots(_NOTHING, RobotsAnswer.UNREACHABLE)


def is_stale(fetched_at: datetime, now: datetime) -> bool:
    """Whether a robots.txt has to be fetched again before anything else is."""
    return not timedelta(0) <= now - fetched_at < MAX_AGE


def _preference(line: Line) -> tuple[Pattern, Preference] | None:
    if not line.kind.startswith("content-"):
        return None
    path, statement = "/", line.value
    if statement.startswith("/"):
        path, _, statement = statement.replace("\t", " ").partition(" ")
    if not states_usage(statement):
        return None
    return Pattern(path), usage(f"robots.txt {line.kind}", line.value)
