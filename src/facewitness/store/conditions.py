"""SQL conditions: what a scope and a search's filters let through."""

import sqlalchemy as sa

from facewitness.store.tables import capture, source
from facewitness.terms.actor import Scope
from facewitness.terms.candidate import Filters

IN_LIST = 500
"""Values in one IN list: well below every database's limit on parameters."""


def within(scope: Scope, filters: Filters | None = None) -> list[sa.ColumnElement[bool]]:
    """Conditions on `source` (and with filters on `capture`) for what `scope` may see."""
    conditions: list[sa.ColumnElement[bool]] = [
        source.c.organisation == scope.organisation,
        source.c.withdrawn_at.is_(None),
    ]
    if scope.sources is not None:
        conditions.append(source.c.id.in_(sorted(scope.sources)))
    return conditions + (_filtered(filters) if filters else [])


def _filtered(filters: Filters) -> list[sa.ColumnElement[bool]]:
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
