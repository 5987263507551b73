"""SQL conditions: what a scope, the terms of the sources and a search's filters let through."""

from typing import Any

import sqlalchemy as sa

from facewitness.store.tables import UtcDateTime, capture, photo, source
from facewitness.terms.actor import Scope
from facewitness.terms.candidate import Filters
from facewitness.terms.provenance import CaptureState, Validity

IN_LIST = 500
"""Values in one IN list: well below every database's limit on parameters."""

HAS_PHOTO = sa.select(photo.c.id).where(photo.c.id == sa.bindparam("id"))

_AT = sa.bindparam("at", type_=UtcDateTime)

WITHIN = sa.and_(
    source.c.organisation == sa.bindparam("organisation"),
    source.c.withdrawn_at.is_(None),
    sa.or_(
        sa.bindparam("every_source", type_=sa.Boolean),
        source.c.id.in_(sa.bindparam("some_sources", expanding=True)),
    ),
)
"""That a scope may see a source, in force or not."""

IN_FORCE = sa.and_(
    sa.or_(source.c.starts.is_(None), source.c.starts <= _AT),
    sa.or_(source.c.expires.is_(None), source.c.expires > _AT),
    sa.or_(source.c.review_by.is_(None), source.c.review_by > _AT),
    sa.or_(
        sa.not_(sa.bindparam("approved_only", type_=sa.Boolean)),
        source.c.approved_at.is_not(None),
    ),
)
"""That a source's terms let its photos be searched at a moment."""

OUT = sa.and_(
    capture.c.state != sa.literal_column("'there'"),  # in these words, for its index is of such rows only
    capture.c.state.in_(sa.bindparam("out", expanding=True)),
)
"""That a recheck has taken a capture out of the search."""

COUNTS = sa.and_(WITHIN, IN_FORCE, sa.not_(OUT))
"""That a capture of a source counts."""


def bound(scope: Scope, validity: Validity) -> dict[str, Any]:
    """What the conditions above ask for by name. They are built once: to build one costs more than to run it."""
    return {
        "organisation": scope.organisation,
        "every_source": scope.sources is None,
        "some_sources": sorted(scope.sources or ()),
        "at": validity.at,
        "approved_only": validity.approved_only,
        "out": _not_counting(validity),
    }


def seen(photo_id: sa.ColumnElement[Any], *filters: sa.ColumnElement[bool]) -> sa.Exists:
    """That a photo has a capture that counts; by its key, so that no query lists the whole bank."""
    return (
        sa.select(capture.c.id).join(source).where(capture.c.photo_id == photo_id, COUNTS, *filters).exists()
    )


def held(photo_id: sa.ColumnElement[Any]) -> sa.Exists:
    """That a photo has a capture in a source that a scope may see, whether or not it counts."""
    return sa.select(capture.c.id).join(source).where(capture.c.photo_id == photo_id, WITHIN).exists()


def _not_counting(validity: Validity) -> list[str]:
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
