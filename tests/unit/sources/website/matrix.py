"""The matrix of pages: one site on many hosts of loopback, each with a case of its own, gone through in one crawl.

`CASES` has for each host its answers, and what is to be asked of it: all of it, and nothing else.
"""

import gzip
import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.assets.site import Page
from tests.unit.sources.website.crawling import page, photo

ROBOTS, TDMREP = "/robots.txt", "/.well-known/tdmrep.json"


@dataclass(frozen=True)
class Case:
    """A host: its answers, and the paths that are asked for beside robots.txt and tdmrep.json."""

    pages: dict[str, Page | str]
    asked: tuple[str, ...]
    files: tuple[str, ...] = (ROBOTS, TDMREP)


def robots(text: str | bytes, **more: Page | str) -> dict[str, Page | str]:
    """A site with this robots.txt and three pages, the first of which leads to the others."""
    links = ("/admin/a", "/open/b.php", "/open/c")
    pages: dict[str, Page | str] = {
        ROBOTS: Page(text, content_type="text/plain"),
        "/": page(links=links),
        **dict.fromkeys(links, page()),
    }
    return pages | more


def reserving(**answer: Any) -> dict[str, Page | str]:
    """A site whose first page says something, shows a photo and leads to a page that shows another."""
    first = page("/shown.jpg", links=["/next"], **answer)
    second = page("/free.jpg")
    return {"/": first, "/next": second, "/shown.jpg": photo("shown"), "/free.jpg": photo("free")}


def header(name: str, value: str) -> Case:
    """A page with this header: its photo stays where it is."""
    return Case(reserving(headers={name: value}), ("/", "/next", "/free.jpg"))


def meta(name: str, value: str) -> Case:
    """A page with this `<meta>`: its photo stays where it is."""
    said = f'<meta name="{name}" content="{value}">'
    return Case(reserving(head=said), ("/", "/next", "/free.jpg"))


def hops(count: int, path: str) -> dict[str, Page | str]:
    """So many redirects from a path to `/end`."""
    places = [path, *(f"/hop{number}" for number in range(1, count)), "/end"]
    return {here: Page(status=302, headers={"Location": there}) for here, there in pairwise(places)}


ALL = ("/", "/admin/a", "/open/b.php", "/open/c")
CASES: dict[str, Case] = {
    # robots.txt: RFC 9309, first the three where Python 3.11's own parser lets in
    "a wildcard and an end": Case(robots("User-agent: *\nDisallow: /*.php$"), ("/", "/admin/a", "/open/c")),
    "an allow above a longer disallow": Case(
        robots("User-agent: *\nAllow: /\nDisallow: /admin/"), ("/", "/open/b.php", "/open/c")
    ),
    "a second group of the same agent": Case(
        robots("User-agent: *\nDisallow: /admin/\n\nUser-agent: *\nDisallow: /open/b"), ("/", "/open/c")
    ),
    "the agent's own group instead of that of all": Case(
        robots("User-agent: *\nDisallow: /\n\nUser-agent: FaceWitness\nDisallow: /admin"),
        ("/", "/open/b.php", "/open/c"),
    ),
    "an equal allow": Case(robots("User-agent: *\nDisallow: /open/c\nAllow: /open/c"), ALL),
    "case of paths": Case(robots("User-agent: *\nDisallow: /Admin/"), ALL),
    "percent-encoding": Case(robots("User-agent: *\nDisallow: /%61dmin/"), ("/", "/open/b.php", "/open/c")),
    "a comment, a mark and bad lines": Case(
        robots("\ufeffUser-agent: * # all\nnonsense\n\nDisallow: /admin/ # not this"),
        ("/", "/open/b.php", "/open/c"),
    ),
    "half a megabyte": Case(
        robots("User-agent: *\n" + "# filling\n" * 50_000 + "Disallow: /admin/\n"),
        ("/", "/open/b.php", "/open/c"),
    ),
    "everything disallowed": Case(robots("User-agent: *\nDisallow: /"), (), (ROBOTS,)),
    "robots absent": Case(robots("", **{ROBOTS: Page(status=404)}), ALL),
    "robots withheld 401": Case(robots("", **{ROBOTS: Page(status=401)}), (), (ROBOTS,)),
    "robots withheld 403": Case(robots("", **{ROBOTS: Page(status=403)}), (), (ROBOTS,)),
    "robots withheld 429": Case(robots("", **{ROBOTS: Page(status=429)}), (), (ROBOTS,)),
    "robots broken 500": Case(robots("", **{ROBOTS: Page(status=500)}), (), (ROBOTS,)),
    "robots slow": Case(robots("", **{ROBOTS: Page(wait=6.0)}), (), (ROBOTS,)),
    "robots cut short": Case(robots("", **{ROBOTS: Page("User-agent: *", lacks=10)}), (), (ROBOTS,)),
    "robots after five redirects": Case(
        robots("") | hops(5, ROBOTS) | {"/end": Page("User-agent: *\nDisallow: /admin/")},
        ("/", "/open/b.php", "/open/c"),
        (ROBOTS, "/hop1", "/hop2", "/hop3", "/hop4", "/end", TDMREP),
    ),
    "robots after six redirects": Case(
        robots("") | hops(6, ROBOTS) | {"/end": Page("User-agent: *\nAllow: /")},
        (),
        (ROBOTS, "/hop1", "/hop2", "/hop3", "/hop4", "/hop5"),
    ),
    "robots redirected off scope": Case(
        robots(
            "", **{ROBOTS: Page(status=302, headers={"Location": "http://127.0.0.250:{port}/robots.txt"})}
        ),
        (),
        (ROBOTS,),
    ),
    "usage in robots": Case(
        robots("User-agent: *\nContent-Usage: /admin/ train-ai=n\nContent-Signal: /open/b ai-train=no"),
        ("/", "/open/c"),
    ),
    # TDMRep
    "tdmrep of a path": Case(
        {
            TDMREP: Page(json.dumps([{"location": "/r/*.jpg", "tdm-reservation": 1}])),
            "/": page("/r/a.jpg", "/b.jpg"),
            "/r/a.jpg": photo("a"),
            "/b.jpg": photo("b"),
        },
        ("/", "/b.jpg"),
    ),
    "tdmrep of everything": Case(
        {TDMREP: Page(json.dumps([{"location": "/", "tdm-reservation": 1}])), "/": page()}, ()
    ),
    "tdmrep disallowed": Case(robots("User-agent: *\nDisallow: /.well-known/"), ALL, (ROBOTS,)),
    "tdmrep broken": Case({TDMREP: Page(status=500), "/": page()}, ()),
    "tdmrep withheld": Case({TDMREP: Page(status=403), "/": page()}, ("/",)),
    # preferences of a page
    **{
        f"x-robots-tag {word}": header("X-Robots-Tag", word)
        for word in ("noai", "noimageai", "noml", "noindex", "noimageindex", "googlebot: noai")
    },
    **{
        f"meta {word}": meta("robots", word)
        for word in ("noai", "noimageai", "noml", "noindex", "noimageindex")
    },
    "meta of another agent": meta("googlebot", "noindex"),
    "tdm-reservation": header("TDM-Reservation", "1"),
    "meta tdm-reservation": meta("tdm-reservation", "1"),
    "content-usage": header("Content-Usage", "train-ai=n"),
    "content-signal": header("Content-Signal", "search=yes, ai-train=no"),
    "a header lifted by the page": Case(
        reserving(headers={"TDM-Reservation": "1"}, head='<meta name="tdm-reservation" content="0">'),
        ("/", "/next", "/shown.jpg", "/free.jpg"),
    ),
    "none": Case(reserving(headers={"X-Robots-Tag": "none"}), ("/",)),
    "nofollow": Case(reserving(head='<meta name="robots" content="nofollow">'), ("/", "/shown.jpg")),
    "a link not to be followed": Case(
        {"/": '<a rel="nofollow" href="/x">x</a><a href="/y">y</a>', "/x": page(), "/y": page()}, ("/", "/y")
    ),
    "a photo that one of two pages reserves": Case(
        {
            "/": page("/a.jpg", links=["/noai"]),
            "/noai": page("/a.jpg", headers={"X-Robots-Tag": "noai"}, wait=2.5),
            "/a.jpg": photo("a"),
        },
        ("/", "/noai"),
    ),
    "photos that say it themselves": Case(
        {
            "/": page("/a.jpg", "/b.jpg", "/c.jpg"),
            "/a.jpg": photo("hidden", headers={"X-Robots-Tag": "noimageai"}),
            "/b.jpg": photo("hidden", headers={"tdm-reservation": "1"}),
            "/c.jpg": photo("c"),
        },
        ("/", "/a.jpg", "/b.jpg", "/c.jpg"),
    ),
    # redirects
    "redirects": Case(
        {
            "/": page("/away.jpg", links=["/on", "/off", "/closed", "/six", "/loop"]),
            "/on": Page(status=301, headers={"Location": "/there"}),
            "/there": page(),
            "/off": Page(status=302, headers={"Location": "http://127.0.0.250:{port}/"}),
            "/away.jpg": Page(status=307, headers={"Location": "http://127.0.0.250:{port}/a.jpg"}),
            "/closed": Page(status=302, headers={"Location": "https://www.instagram.com/someone"}),
            "/loop": Page(status=302, headers={"Location": "/loop"}),
            **hops(6, "/six"),
            "/end": page(),
        },
        (
            *("/", "/on", "/there", "/off", "/away.jpg", "/closed", "/six", "/loop"),
            *("/hop1", "/hop2", "/hop3", "/hop4", "/hop5"),
        ),
    ),
    # what leads elsewhere
    "off scope": Case(
        {
            "/": page(
                *("http://127.0.0.250:1/a.jpg", "https://scontent.cdninstagram.com/a.jpg"),
                links=[
                    "http://127.0.0.250:1/",
                    "mailto:a@b",
                    "javascript:x",
                    "/report.pdf",
                    "ftp://127.0.0.1/",
                ],
            )
        },
        ("/",),
    ),
    "private": Case(
        {
            "/": page(
                "http://[::1]:{port}/a.jpg", "http://0x7f.1:{port}/a.jpg", links=["http://2130706433:{port}/"]
            )
        },
        ("/",),
    ),
    # answers that are no use
    "forbidden": Case(
        {
            "/": page("/a.jpg", links=["/401", "/403", "/404", "/410"]),
            "/401": Page("hidden" * 20, status=401),
            "/403": Page("hidden" * 20, status=403),
            "/410": Page("hidden" * 20, status=410),
            "/a.jpg": photo("hidden", status=403),
        },
        ("/", "/401", "/403", "/404", "/410", "/a.jpg"),
    ),
    "broken": Case(
        {
            "/": page("/large.jpg", links=["/500", "/cut", "/dies", "/slow", "/drip"]),
            "/500": Page(status=500),
            "/cut": page(lacks=100),
            "/dies": Page(dies=True),
            "/slow": page(wait=6.0),
            "/drip": page(drip=1.0),
            "/large.jpg": Page(b"\xff\xd8\xff" + bytes(3_000_000), content_type="image/jpeg"),
        },
        ("/", "/500", "/cut", "/dies", "/slow", "/drip", "/large.jpg"),
    ),
    "packed": Case(
        {
            "/": Page(
                gzip.compress(b'<html><img src="/a.jpg">'),
                headers={"Content-Encoding": "gzip", "Set-Cookie": "seen=1"},
            ),
            "/a.jpg": photo("packed"),
        },
        ("/", "/a.jpg"),
    ),
    # sitemaps
    "sitemaps": Case(
        {
            ROBOTS: "Sitemap: {site}/index.xml\nSitemap: http://127.0.0.250:1/sitemap.xml",
            "/": page(),
            "/index.xml": Page(
                "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
                "<sitemap><loc>{site}/plain.xml</loc></sitemap><sitemap><loc>{site}/packed.xml.gz</loc></sitemap>"
                "</sitemapindex>"
            ),
            "/plain.xml": Page(
                "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
                "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'>"
                "<url><loc>{site}/listed</loc><image:image><image:loc>{site}/listed.jpg</image:loc></image:image>"
                "</url></urlset>"
            ),
            "/packed.xml.gz": Page("PACKED:<urlset><url><loc>{site}/noai</loc></url></urlset>"),
            "/listed": page(),
            "/listed.jpg": photo("listed"),
            "/noai": page("/listed2.jpg", headers={"X-Robots-Tag": "noai"}),
        },
        ("/", "/index.xml", "/plain.xml", "/packed.xml.gz", "/listed", "/noai", "/listed.jpg"),
    ),
}

HOSTS = {f"127.0.1.{number}": name for number, name in enumerate(CASES, start=1)}
"""The cases by the host that each has."""


def pages(port: int) -> dict[str, Page | str]:
    """All answers, by host and path; the first page leads to all hosts."""
    answers: dict[str, Page | str] = {
        "127.0.0.1/": page(links=[f"http://{host}:{port}/" for host in HOSTS]),
    }
    for host, name in HOSTS.items():
        for path, answer in CASES[name].pages.items():
            answers[host + path] = _placed(answer, f"http://{host}:{port}")
    return answers


def _placed(answer: Page | str, site: str) -> Page:
    one = Page(answer) if isinstance(answer, str) else answer
    if not isinstance(one.body, str):
        return one
    body: str | bytes = one.body.replace("{site}", site)
    if isinstance(body, str) and body.startswith("PACKED:"):
        body = gzip.compress(body.removeprefix("PACKED:").encode())
    fields = {name: getattr(one, name) for name in one.__dataclass_fields__}
    return Page(**{**fields, "body": body})
