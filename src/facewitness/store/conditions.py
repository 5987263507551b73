"""SQL conditions: what a scope, the terms of the sources and a search's filters let through."""

import sqlalchemy as sa

from facewitness.store.tables import capture, source
from facewitness.terms.actor import Scope
from facewitness.terms.candidate import Filters
from facewitness.terms.provenance import CaptureState, Validity

IN_LIST = 500
"""Values in one IN list: well below every database's limit on parameters."""


def within(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Conditions on `source`: those that `scope` may see, in force or not."""
    conditions: list[sa.ColumnElement[bool]] = [
        source.c.organisation == scope.organisation,
        source.c.withdrawn_at.is_(None),
    ]
    if scope.sources is not None:
        conditions.append(source.c.id.in_(sorted(scope.sources)))
    return conditions


def in_force(validity: Validity) -> sa.ColumnElement[bool]:
    """The condition on `source` that its terms let its photos be searched at that moment."""
    terms = [
        sa.or_(source.c.starts.is_(None), source.c.starts <= validity.at),
        sa.or_(source.c.expires.is_(None), source.c.expires > validity.at),
        sa.or_(source.c.review_by.is_(None), source.c.review_by > validity.at),
    ]
    if validity.approved_only:
        terms.append(source.c.approved_at.is_not(None))
    return sa.and_(*terms)


def not_counting(validity: Validity) -> list[str]:
    """The states of captures that do not count."""
    out = [CaptureState.RESERVED]
    out += [] if validity.gone else [CaptureState.GONE]
    out += [] if validity.changed else [CaptureState.CHANGED]
    return [one.value for one in out]


def filtered(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Conditions on `capture` and `source` for what a search was narrowed to."""
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.sources:
        conditions.append(source.c.id.in_(filters.sources))
    if filters.captured_from is not None:
        conditions.append(capture.c.captured_at >= filters.captured_from)
    if filters.captured_until is not None:
        conditions.append(capture.c.captured_at <= filters.captured_until)
    if filters.licence:
        own_or_sources = sa.func.coalesce(sa.func.nullif(capture.c.licence, ""), source.c.licence)
        conditions.append(own_or_sources.icontains(filters.licence, autoescape=True))
    words = ("caption", "page_title", "page_url", "image_url", "path")
    conditions += [
        sa.or_(*(capture.c[name].icontains(word, autoescape=True) for name in words))
        for word in filters.text.split()
    ]
    return conditions
