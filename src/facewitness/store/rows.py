"""Between nouns and rows: one function each way, so that no query spells a noun out twice."""

from dataclasses import asdict, astuple, fields
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from facewitness.terms.candidate import Filters, Provenance, Threshold
from facewitness.terms.face import Box, Detection, Face, FaceId, Landmarks, Quality, RefusalReason
from facewitness.terms.provenance import (
    ArchivedRecord,
    Capture,
    CaptureId,
    CaptureState,
    EmbeddedFacts,
    LegalBasis,
    MinorsPolicy,
    Observation,
    Photo,
    PhotoId,
    Preference,
    SkippedPhoto,
    SkipReason,
    SourceId,
    SourceKind,
    SourceRecord,
    Terms,
    Visit,
)
from facewitness.terms.template import Floats

Row = sa.Row[Any]


def source_row(source: SourceRecord) -> dict[str, Any]:
    """The columns of `source`."""
    columns = asdict(source) | asdict(source.terms) | {"scope": list(source.scope)}
    del columns["terms"]
    return columns


def source_noun(row: Row) -> SourceRecord:
    """A source from the columns of `source`."""
    return SourceRecord(
        id=SourceId(row.id),
        name=row.name,
        kind=SourceKind(row.kind),
        location=row.location,
        steward=row.steward,
        basis=LegalBasis(row.basis),
        licence=row.licence,
        note=row.note,
        organisation=row.organisation,
        registered_at=row.registered_at,
        scope=tuple(row.scope),
        terms=Terms(
            **{name: getattr(row, name) for name in _TERMS} | {"minors": MinorsPolicy(row.minors)},
        ),
    )


_TERMS = [field.name for field in fields(Terms)]


def photo_row(photo: Photo, near_group: PhotoId) -> dict[str, Any]:
    """The columns of `photo`."""
    return {
        "id": photo.id,
        "size_bytes": photo.size_bytes,
        "format": photo.format,
        "width": photo.width,
        "height": photo.height,
        "near_hash": photo.near_hash,
        "near_group": near_group,
        "facts": _facts_json(photo.facts),
        "enrolled_at": photo.enrolled_at,
    }


def photo_noun(row: Row) -> Photo:
    """A photo from the columns of `photo`."""
    return Photo(
        id=PhotoId(row.id),
        size_bytes=row.size_bytes,
        format=row.format,
        width=row.width,
        height=row.height,
        near_hash=row.near_hash,
        facts=_facts_noun(row.facts),
        enrolled_at=row.enrolled_at,
    )


def capture_row(photo_id: PhotoId, source_id: SourceId, path: str, seen: Observation) -> dict[str, Any]:
    """The columns of `capture`, but for its id."""
    columns = asdict(seen) | {"photo_id": photo_id, "source_id": source_id, "path": path}
    record = columns.pop("record") or {"file": None, "offset": None, "record_id": None}
    return columns | {
        "record_file": record["file"],
        "record_offset": record["offset"],
        "record_id": record["record_id"],
        "preferences": [astuple(one) for one in seen.preferences],
    }


def capture_noun(row: Row) -> Capture:
    """A capture from the columns of `capture`."""
    return Capture(
        id=CaptureId(row.id),
        photo_id=PhotoId(row.photo_id),
        source_id=SourceId(row.source_id),
        path=row.path,
        observation=Observation(
            locator=row.locator,
            page_url=row.page_url,
            image_url=row.image_url,
            page_title=row.page_title,
            caption=row.caption,
            licence=row.licence,
            captured_at=row.captured_at,
            is_file_time=row.is_file_time,
            record=None
            if row.record_file is None
            else ArchivedRecord(row.record_file, row.record_offset, row.record_id),
            preferences=tuple(Preference(*one) for one in row.preferences),
        ),
        state=CaptureState(row.state),
        state_at=row.state_at,
        state_detail=row.state_detail,
    )


def provenance_noun(row: Row) -> Provenance:
    """A capture and its source, from the columns of `capture` with the source's name, basis and licence."""
    return Provenance(
        capture=capture_noun(row),
        source_name=row.name,
        source_basis=LegalBasis(row.basis),
        licence=row.licence or row.source_licence,
    )


def visit_noun(row: Row) -> Visit:
    """A visit from the columns of `visit`."""
    skipped = None
    if row.skip_reason is not None:
        skipped = SkippedPhoto(row.path, SkipReason(row.skip_reason), row.detail)
    return Visit(row.path, row.fingerprint, PhotoId(row.photo_id) if row.photo_id else None, skipped)


def face_row(
    photo_id: PhotoId,
    model: str,
    detection: Detection,
    quality: Quality,
    refusal: RefusalReason | None = None,
    template: Floats | None = None,
) -> dict[str, Any]:
    """The columns of `face`, but for its id."""
    box, points = detection.box, detection.landmarks.points
    numbers = [box.x, box.y, box.width, box.height, *(c for point in points for c in point), detection.score]
    return {
        "photo_id": photo_id,
        "model": model,
        "geometry": [round(float(number), 3) for number in numbers],
        "quality": {name: round(float(value), 4) for name, value in quality.as_dict().items()},
        "refusal": None if refusal is None else refusal.value,
        "template": None if template is None else np.asarray(template, dtype="<f4").tobytes(),
    }


def face_noun(row: Row) -> Face:
    """A face from the columns of `face`."""
    g = row.geometry
    points = [(g[i], g[i + 1]) for i in range(4, 14, 2)]
    return Face(
        id=FaceId(row.id),
        photo_id=PhotoId(row.photo_id),
        detection=Detection(Box(*g[:4]), Landmarks(*points), g[14]),
        quality=Quality(**row.quality),
        refusal=None if row.refusal is None else RefusalReason(row.refusal),
    )


def filters_json(filters: Filters) -> dict[str, Any]:
    """Filters as JSON."""
    return asdict(filters) | {
        "captured_from": _iso(filters.captured_from),
        "captured_until": _iso(filters.captured_until),
    }


def filters_noun(value: dict[str, Any]) -> Filters:
    """Filters back from JSON."""
    return Filters(
        sources=tuple(SourceId(name) for name in value["sources"]),
        captured_from=_time(value["captured_from"]),
        captured_until=_time(value["captured_until"]),
        licence=value["licence"],
        text=value["text"],
    )


def threshold_noun(value: dict[str, Any]) -> Threshold:
    """A threshold back from JSON."""
    return Threshold(**value)


def _facts_json(facts: EmbeddedFacts) -> dict[str, Any]:
    return {name: value for name, value in asdict(facts).items() if value} | (
        {"taken_at": _iso(facts.taken_at)} if facts.taken_at else {}
    )


def _facts_noun(value: dict[str, Any]) -> EmbeddedFacts:
    gps = value.get("gps")
    read = {
        "taken_at": _time(value.get("taken_at")),
        "gps": tuple(gps) if gps else None,
        "training_mining": tuple(Preference(**one) for one in value.get("training_mining", ())),
    }
    return EmbeddedFacts(**value | read)


def _iso(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
