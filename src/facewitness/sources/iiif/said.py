"""What a manifest or a canvas says of itself: its label, whom to name, its rights, the page about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from facewitness.sources.iiif.texts import prose, text
from facewitness.sources.iiif.tree import Tree, identifier, objects, several
from facewitness.sources.urls import is_http
from facewitness.sources.webarchive.moments import moment

MAX_LABEL = 1_000
"""Characters of a label or a licence; every photo of a manifest bears them."""

MAX_STATEMENT = 2_000

_MAX_FACT = 200
_MAX_FACTS = 4
_MAX_ROWS = 200
_DATES = ("date", "date created")
_FACTS = (*_DATES, "creator", "photographer")
"""The rows of `metadata` that belong to a caption; their names are free, and these the usual ones in English."""

_HTML = ("", "text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Said:
    """What it says; empty where it says nothing."""

    label: str = ""
    statement: str = ""
    """`requiredStatement` or `attribution`, else the names of the providers."""
    licence: str = ""
    """`rights` or `license`: an address, or in words."""
    homepage: str = ""
    """`homepage` or `related`: the page that a person would open, an http or https address."""
    facts: tuple[str, ...] = ()
    """Date, creator and photographer, such as `Date: 1856`, where a row of `metadata` or `navDate` has them."""


def read_said(tree: Tree) -> Said:
    """What the object says."""
    return Said(
        label=text(tree.get("label"), MAX_LABEL),
        statement=_statement(tree),
        licence=licence_of(tree),
        homepage=_homepage(tree),
        facts=tuple(_facts(tree)),
    )


def licence_of(tree: Tree) -> str:
    """`rights` or `license` of anything, an address or in words; empty where there is none."""
    for one in several(tree.get("rights")) + several(tree.get("license")):
        address = identifier(one).strip()
        if found := address if is_http(address) else prose(one, MAX_LABEL):
            return found
    return ""


def _statement(tree: Tree) -> str:
    for required in objects(tree.get("requiredStatement")):
        if found := prose(required.get("value"), MAX_STATEMENT):
            return found
    providers = (text(one.get("label"), MAX_LABEL) for one in objects(tree.get("provider")))
    return prose(tree.get("attribution"), MAX_STATEMENT) or next(filter(None, providers), "")


def _homepage(tree: Tree) -> str:
    for one in several(tree.get("homepage")) + several(tree.get("related")):
        form = one.get("format") if isinstance(one, dict) else None
        if (form or "") in _HTML and is_http(address := identifier(one).strip()):
            return address
    return ""


def _facts(tree: Tree) -> Iterator[str]:
    rows: dict[str, str] = {}
    for row in list(objects(tree.get("metadata")))[:_MAX_ROWS]:
        name = text(row.get("label"), _MAX_FACT).rstrip(":").lower()
        if name in _FACTS and (value := prose(row.get("value"), _MAX_FACT)):
            rows.setdefault(name, value)
    at = moment(text(tree.get("navDate"), _MAX_FACT))
    if at is not None and not any(name in rows for name in _DATES):
        rows["date"] = at.date().isoformat()
    yield from (f"{name.capitalize()}: {value}" for name, value in list(rows.items())[:_MAX_FACTS])
