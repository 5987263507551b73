"""Where a page leads: the pages that it links to, and the images that it shows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resiliparse.parse.html import ElementNode, HTMLTree

from facewitness.sources.statements import has_directive
from facewitness.sources.webarchive.addresses import has_image_ending, resolve
from facewitness.sources.webarchive.pages import MAX_PAGE, decoded, read_page
from facewitness.sources.website.contents import Content
from facewitness.sources.website.normal import normal
from facewitness.terms.provenance import Preference

MAX_LINKS = 5_000
"""Links of a page that are followed."""

_LINKS = "a[href], area[href], link[rel~=next i][href], link[rel~=prev i][href], iframe[src], frame[src]"
_REFRESH = "meta[http-equiv=refresh i][content]"
_REFRESH_TO = re.compile(r"url\s*=\s*[\"']?([^\"']+)", re.IGNORECASE)
_ROBOTS = re.compile(r"x-robots-tag$|meta (?!tdm-)")
"""The signals of statements that speak to robots."""
_NOFOLLOW = ("nofollow", "none")

_NO_PAGES = re.compile(
    r"\.(?:7z|aac|apk|avi|bin|bz2|css|csv|deb|dmg|docx?|eot|epub|exe|flac|flv|gz|ics|iso|jar|js|json|m4[av]|"
    r"midi?|mkv|mov|mp[34]|mpe?g|msi|od[pst]|og[agv]|otf|pdf|pptx?|ps|psd|rar|rpm|rss|rtf|sit|svgz?|tar|tgz|torrent|"
    r"ttf|txt|vcf|wasm|wav|web[am]|wmv|woff2?|xlsx?|xz|zip|zst)",
    re.IGNORECASE,
)
"""How names end that are neither of pages nor of photos: what a page links to by such a name is not asked for."""


@dataclass(frozen=True, slots=True)
class Links:
    """What a page says of itself, and where it leads. Addresses are `normal`, each once."""

    metas: tuple[tuple[str, str], ...]
    images: tuple[str, ...]
    _follow: frozenset[str]
    _nofollow: frozenset[str]
    _pages: tuple[str, ...]

    def pages(self, said: Sequence[Preference]) -> tuple[str, ...]:
        """The pages it links to, unless its headers or metas ask not to follow."""
        return () if asks_not_to_follow(said) else self._pages

    def shown(self, said: Sequence[Preference]) -> tuple[str, ...]:
        """The images it shows, without those that it only links to and asks not to follow."""
        linked = self._follow | self._nofollow if asks_not_to_follow(said) else self._nofollow
        return tuple(url for url in self.images if url not in linked)


def links_of(page: Content) -> Links:
    """The links of a page. Never raises."""
    read = read_page(page.body, page.charset, page.url)
    follow: dict[str, None] = {}
    nofollow: set[str] = set()
    for url, is_followed in _linked(page):
        if is_followed:
            follow[url] = None
        else:
            nofollow.add(url)
    images = dict.fromkeys(filter(None, (normal(one.url) for one in read.embeds)))
    pages = (url for url in follow if not (has_image_ending(url) or _has_no_page(url)))
    return Links(read.metas, tuple(images), frozenset(follow), frozenset(nofollow), tuple(pages))


def asks_not_to_follow(said: Sequence[Preference]) -> bool:
    """Whether headers or metas of a page say `nofollow`, to whichever agent."""
    robots = (one.value for one in said if _ROBOTS.match(one.signal))
    return any(has_directive(value, _NOFOLLOW) for value in robots)


def _linked(page: Content) -> Iterator[tuple[str, bool]]:
    """The address of each link, and whether it may be followed."""
    document = HTMLTree.parse(decoded(page.body[:MAX_PAGE], page.charset)).document
    if document is None:
        return
    base = document.query_selector("base[href]")
    at = (resolve(page.url, base.getattr("href") or "") if base is not None else "") or page.url
    for element in document.query_selector_all(f"{_LINKS}, {_REFRESH}")[:MAX_LINKS]:
        if url := normal(resolve(at, _reference(element))):
            yield url, "nofollow" not in (element.getattr("rel") or "").lower().split()


def _reference(element: ElementNode) -> str:
    if element.tag == "meta":
        found = _REFRESH_TO.search(element.getattr("content") or "")
        return found[1] if found else ""
    return element.getattr("href") or element.getattr("src") or ""


def _has_no_page(url: str) -> bool:
    path = url.partition("?")[0]
    return bool(_NO_PAGES.fullmatch(path, path.rfind("."))) if "." in path.rpartition("/")[2] else False
