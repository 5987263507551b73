"""One address of a round: asked for, kept or refused, and where it leads."""

import hashlib

from facewitness.errors import NotFound
from facewitness.sources.iiif import addresses_in
from facewitness.sources.website.answers import Answer, Kept, NoAnswer
from facewitness.sources.website.archive import Archive
from facewitness.sources.website.asking import Asking, asks_to_slow_down
from facewitness.sources.website.contents import Content, content_of
from facewitness.sources.website.frontier import Found, Frontier, Kind, Waiting
from facewitness.sources.website.gate import Rules, first_reserving, redirect_of
from facewitness.sources.website.job import Follow, Job
from facewitness.sources.website.links import links_of
from facewitness.sources.website.normal import normal
from facewitness.sources.website.sitemaps import read_sitemap
from facewitness.sources.website.traps import is_trap
from facewitness.terms.collecting import FetchRefusal

MAX_HOPS = 5
"""Redirects that are followed, one after the other."""


class Visitor:
    """Visits the addresses of a frontier, one at a time or several at once.

    Whatever is written about one answer is written without waiting in between, and is one transaction.
    """

    def __init__(self, job: Job, asking: Asking, archive: Archive, frontier: Frontier) -> None:
        self._follow, self._limits, self._withdrawn = job.follow, job.limits, frozenset(job.withdrawn)
        self._asking, self._archive, self._frontier = asking, archive, frontier

    async def visit(self, one: Waiting) -> None:
        """Ask for it, once, and take in what comes of it."""
        found = one.found
        if found.kind is Kind.IMAGE and found.reserved:
            self._frontier.refuse(one, FetchRefusal.RESERVED)
            return
        answer = await self._asking.ask(found.url, one.before)
        if isinstance(answer, NoAnswer):
            if answer.reason is FetchRefusal.TOO_MANY_REQUESTS:
                self._frontier.pass_over(answer.reason)
            else:
                self._frontier.refuse(one, answer.reason)
            return
        rules = await self._asking.rules(found.url)
        self._take_in(one, answer, rules)

    def find(self, found: Found) -> None:
        """Take an address into the frontier that leads somewhere new, or refuse it."""
        if self._frontier.knows(found):
            return
        if self._frontier.size < self._limits.addresses:
            self._frontier.add(found, self._refusal(found))
        else:
            self._frontier.pass_over(FetchRefusal.LIMIT)

    def _refusal(self, found: Found) -> FetchRefusal | None:
        if (refused := self._asking.refusal(found.url)) is not None:
            return (
                FetchRefusal.REDIRECTED_OUT
                if found.hops and refused is FetchRefusal.OUT_OF_SCOPE
                else refused
            )
        if found.hops > MAX_HOPS:
            return FetchRefusal.TRAP
        if found.kind is Kind.PAGE and self._is_trap(found):
            return FetchRefusal.TRAP
        return None

    def _is_trap(self, found: Found) -> bool:
        if is_trap(found.url, found.depth, self._limits):
            return True
        variants = self._limits.variants
        return "?" in found.url and self._frontier.variants(found.url, variants) >= variants

    def _take_in(self, one: Waiting, answer: Answer, rules: Rules) -> None:
        target = redirect_of(answer)
        if answer.status == 304 and one.before is not None:
            self._unchanged(one, one.before, answer, rules)
        elif target is not None:
            self._moved(one, answer, target)
        elif answer.status == 200:
            self._came(one, answer, rules)
        else:
            reason = _REFUSED.get(answer.status, FetchRefusal.BROKEN)
            self._refuse(one, answer, FetchRefusal.TOO_MANY_REQUESTS if asks_to_slow_down(answer) else reason)

    def _moved(self, one: Waiting, answer: Answer, target: str) -> None:
        self._archive.keeper.response(answer)
        self._frontier.done(one)
        if target:
            found = one.found
            self.find(Found(target, found.kind, found.depth, found.hops + 1, found.reserved))

    def _came(self, one: Waiting, answer: Answer, rules: Rules) -> None:
        content = content_of(answer)
        if content.is_image or (one.found.kind is Kind.IMAGE and not content.is_page):
            said = rules.said(answer.url, answer.headers)
            if one.found.reserved or first_reserving(said):
                self._archive.keeper.refusal(answer, FetchRefusal.RESERVED, said)
                self._frontier.refuse(one, FetchRefusal.RESERVED)
                return
            if hashlib.sha256(content.body).hexdigest() in self._withdrawn:
                self._refuse(one, answer, FetchRefusal.WITHDRAWN)
                return
            self._frontier.count(images=1)
        has_to_be_whole = content.is_page and first_reserving(rules.said(answer.url, answer.headers))
        before = None if has_to_be_whole else one.before
        self._frontier.done(one, self._archive.keeper.response(answer, before))
        self._lead(one, content, rules)

    def _unchanged(self, one: Waiting, before: Kept, answer: Answer, rules: Rules) -> None:
        """A page whose headers reserve by now is asked for as a whole, as `_came` keeps it: whoever reads the
        archive takes what is said of images off the pages that are in it with their headers."""
        try:
            copy = self._archive.copy(answer.url, before)
        except NotFound:
            self._frontier.forget(one)
            return
        now, then = (first_reserving(rules.said(answer.url, by.headers)) for by in (answer, copy))
        if copy.is_page and now and not then:
            self._frontier.forget(one)
            return
        content = copy.with_headers(answer.headers)
        is_image = one.found.kind is Kind.IMAGE or content.is_image
        said = rules.said(answer.url, content.headers)
        if is_image and (one.found.reserved or first_reserving(said)):
            self._refuse(one, answer, FetchRefusal.RESERVED)
            return
        self._frontier.count(unchanged=1)
        self._frontier.done(one, self._archive.keeper.not_modified(answer, before))
        self._lead(one, content, rules)

    def _refuse(self, one: Waiting, answer: Answer, reason: FetchRefusal) -> None:
        self._archive.keeper.refusal(answer, reason)
        self._frontier.refuse(one, reason)

    def _lead(self, one: Waiting, content: Content, rules: Rules) -> None:
        """Find what a page, a sitemap or a manifest leads to."""
        if self._follow is Follow.MANIFESTS:
            if one.found.kind is Kind.PAGE and not content.is_image:
                self._frontier.count(pages=1)
                self._read_manifest(one.found, content, rules)
        elif one.found.kind is Kind.SITEMAP:
            self._list(one.found, content)
        elif content.is_page:
            self._frontier.count(pages=1)
            self._read(one.found, content, rules)

    def _read(self, page: Found, content: Content, rules: Rules) -> None:
        links = links_of(content)
        said = rules.said(page.url, content.headers, links.metas)
        reserved = first_reserving(said)
        for url in links.pages(said):
            self.find(Found(url, Kind.PAGE, page.depth + 1, reserved=reserved))
        for url in links.shown(said):
            self.find(Found(url, Kind.IMAGE, page.depth + 1, reserved=reserved))

    def _read_manifest(self, document: Found, content: Content, rules: Rules) -> None:
        named = addresses_in(content.body, content.url)
        reserved = first_reserving(rules.said(document.url, content.headers))
        for kind, addresses in ((Kind.PAGE, named.documents), (Kind.IMAGE, named.images)):
            for url in filter(None, map(normal, addresses)):
                self.find(Found(url, kind, document.depth + 1, reserved=reserved))

    def _list(self, sitemap: Found, content: Content) -> None:
        listed = read_sitemap(content.body)
        depth = sitemap.depth + 1
        if depth <= MAX_HOPS:
            for url in listed.sitemaps:
                self.find(Found(url, Kind.SITEMAP, depth))
        for url in listed.pages:
            self.find(Found(url, Kind.PAGE, depth))
        for url in listed.images:
            self.find(Found(url, Kind.IMAGE, depth))


_REFUSED = {
    401: FetchRefusal.FORBIDDEN,
    403: FetchRefusal.FORBIDDEN,
    404: FetchRefusal.NOT_THERE,
    410: FetchRefusal.NOT_THERE,
    429: FetchRefusal.TOO_MANY_REQUESTS,
}
