"""What one scope may see. Every read of photos and faces goes through a view; there is no unscoped one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVarTuple

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from facewitness.batches import batched
from facewitness.errors import BadInput, NotFound
from facewitness.store import rows
from facewitness.store.conditions import COUNTS, IN_FORCE, IN_LIST, OUT, WITHIN, bound, filtered, held, seen
from facewitness.store.tables import (
    capture,
    face,
    photo,
    run,
    search,
    search_candidate,
    source,
    source_reference,
    visit,
    withdrawn_photo,
)
from facewitness.terms.actor import ActKind, Scope, SearchId
from facewitness.terms.candidate import Filters, Provenance
from facewitness.terms.face import Face, FaceId
from facewitness.terms.pages import SKIPPED, SourceReport
from facewitness.terms.provenance import (
    Appearance,
    CaptureId,
    CaptureState,
    Photo,
    PhotoId,
    SourceId,
    SourceRecord,
    Validity,
    Visit,
)
from facewitness.terms.template import Floats, ModelId

Columns = TypeVarTuple("Columns")

# What a search asks is built here, once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_PHOTOS = sa.select(photo).where(photo.c.id.in_(_IDS), seen(photo.c.id))
_FACES = sa.select(face).where(face.c.id.in_(_IDS), seen(face.c.photo_id))
_PROVENANCE = (
    sa.select(capture, source.c.name, source.c.basis, source.c.licence.label("source_licence"))
    .join(source)
    .where(COUNTS)
)
_CAPTURE = _PROVENANCE.where(capture.c.id == sa.bindparam("capture"))
_CAPTURES = _PROVENANCE.where(capture.c.photo_id.in_(_IDS)).order_by(capture.c.captured_at, capture.c.id)
_MINE, _OTHER = photo.alias(), photo.alias()
_NEAR_COPIES = (
    sa.select(_MINE.c.id, _OTHER.c.id.label("other"))
    .join(_OTHER, _OTHER.c.near_group == _MINE.c.near_group)
    .where(_MINE.c.id.in_(_IDS), _MINE.c.id != _OTHER.c.id, seen(_OTHER.c.id))
    .order_by(_OTHER.c.enrolled_at, _OTHER.c.id)
)
_ANY_OTHER = sa.or_(
    sa.select(source.c.id)
    .where(source.c.withdrawn_at.is_(None), sa.not_(sa.and_(WITHIN, IN_FORCE)))
    .exists(),
    sa.select(capture.c.id).where(OUT).exists(),
)
"""That there may be faces in the bank which do not count."""

MIN_PREFIX = 6
"""Digits of a photo's digest that name it, as with git."""


def names_photo(name: str) -> bool:
    """Whether a photo may be called that: by its digest or the beginning of it."""
    prefix = _prefix(name)
    return len(prefix) >= MIN_PREFIX and set(prefix) <= set("0123456789abcdef")


def _prefix(name: str) -> str:
    return name.lower().removeprefix("sha256:")


class View:
    """One consistent snapshot, bound to a scope, and of photos to what counts at a moment."""

    def __init__(self, connection: sa.Connection, scope: Scope, validity: Validity) -> None:
        self._connection = connection
        self.scope, self.validity = scope, validity
        self._bound = bound(scope, validity)

    # Sources

    def sources(self) -> list[SourceRecord]:
        """The sources in scope that were not withdrawn, in order of registration."""
        chosen = sa.select(source).where(WITHIN).order_by(source.c.registered_at, source.c.id)
        return [rows.source_noun(row) for row in self._execute(chosen)]

    def source(self, source_id: SourceId) -> SourceRecord:
        """One source by its id; NotFound where it is not in scope."""
        for one in self.sources():
            if one.id == source_id:
                return one
        raise NotFound(f"There is no source {source_id!r}.", "`facewitness sources` lists them.")

    def source_ids(self) -> set[SourceId]:
        """Every id ever given to a source, withdrawn ones too: none is given twice."""
        return {SourceId(one) for one in self._connection.scalars(sa.select(source.c.id))}

    def counts_by_source(self) -> dict[SourceId, dict[str, int]]:
        """Captures, photos and searchable faces of each source in scope."""
        held = (
            sa.select(
                capture.c.source_id,
                sa.func.count().label("captures"),
                sa.func.count(capture.c.photo_id.distinct()).label("photos"),
            )
            .join(source)
            .where(WITHIN)
            .group_by(capture.c.source_id)
        )
        pairs = sa.select(capture.c.source_id, capture.c.photo_id).distinct().subquery()
        faces = (
            sa.select(pairs.c.source_id, sa.func.count())
            .join(face, face.c.photo_id == pairs.c.photo_id)
            .where(face.c.template.is_not(None))
            .group_by(pairs.c.source_id)
        )
        templates = {row[0]: row[1] for row in self._execute(faces)}
        return {
            SourceId(row.source_id): {
                "photos": row.photos,
                "captures": row.captures,
                "faces": templates.get(row.source_id, 0),
            }
            for row in self._execute(held)
        }

    def skipped_by_reason(self) -> dict[str, int]:
        """Photos turned away at the last enrolment of each source, by reason."""
        total: Counter[str] = Counter()
        for one in self.sources():
            total.update(self._skipped(one.id))
        return dict(total)

    def refused_by_reason(self) -> dict[str, int]:
        """Faces that were found and given no template, by reason."""
        chosen = (
            sa.select(face.c.refusal, sa.func.count())
            .where(face.c.refusal.is_not(None), seen(face.c.photo_id))
            .group_by(face.c.refusal)
        )
        return {row[0]: row[1] for row in self._execute(chosen)}

    def reference(self, source_id: SourceId, model: ModelId) -> Floats | None:
        """The template (dimension,) of the person who gave a source, by that model; None where there is none."""
        chosen = (
            sa.select(source_reference.c.template)
            .join(source)
            .where(source.c.id == source_id, source_reference.c.model == model, WITHIN)
        )
        kept = self._execute(chosen).scalar()
        return None if kept is None else np.frombuffer(kept, "<f4")

    def report(self, source_id: SourceId) -> SourceReport:
        """A source in figures, in force or not; NotFound where it is not in scope."""
        record, ours = self.source(source_id), capture.c.source_id == source_id
        held = face.c.photo_id.in_(sa.select(capture.c.photo_id).where(ours))
        sums = {
            "photos": sa.select(sa.func.count(capture.c.photo_id.distinct())).where(ours),
            "captures": sa.select(sa.func.count()).select_from(capture).where(ours),
            "faces": sa.select(sa.func.count()).select_from(face).where(held, face.c.template.is_not(None)),
            "refused_faces": sa.select(sa.func.count())
            .select_from(face)
            .where(held, face.c.template.is_(None)),
        }
        collected = self._last_run(source_id, ActKind.COLLECT)
        rechecked = self._last_run(source_id, ActKind.RECHECK)
        return SourceReport(
            source=record,
            out_of_force=record.terms.out_of_force(self.validity),
            totals={name: int(self._execute(query).scalar() or 0) for name, query in sums.items()},
            skipped=self._skipped(source_id),
            refused=self._counted(face.c.refusal, held, face.c.refusal.is_not(None)),
            states=self.capture_states(source_id),
            rechecked_at=rechecked.ended_at if rechecked else None,
            fetched=collected.counts if collected else {},
            fetched_at=collected.ended_at if collected else None,
        )

    def capture_states(self, source_id: SourceId) -> dict[str, int]:
        """How many captures of a source are in each state."""
        return self._counted(capture.c.state, capture.c.source_id == source_id)

    def appearances(self, source_id: SourceId) -> list[Appearance]:
        """The captures of a source that have addresses, in the order in which they were enrolled."""
        columns = (capture.c.id, capture.c.photo_id, capture.c.image_url, capture.c.page_url, capture.c.state)
        chosen = (
            sa.select(*columns)
            .join(source)
            .where(WITHIN, source.c.id == source_id)
            .where((capture.c.image_url != "") | (capture.c.page_url != ""))
            .order_by(capture.c.id)
        )
        return [
            Appearance(row.id, row.photo_id, row.image_url, row.page_url, CaptureState(row.state))
            for row in self._execute(chosen)
        ]

    def _skipped(self, source_id: SourceId) -> dict[str, int]:
        """What the last enrolment turned away, by reason: what the source itself kept back too."""
        last = self._last_run(source_id, ActKind.ENROL)
        counts = last.counts if last else {}
        return {name.removeprefix(SKIPPED): n for name, n in counts.items() if name.startswith(SKIPPED)}

    def _last_run(self, source_id: SourceId, act: ActKind) -> sa.Row[*tuple[Any, ...]] | None:
        """The last run of that act over a source that has ended."""
        chosen = (
            sa.select(run.c.ended_at, run.c.counts)
            .where(run.c.source_id == source_id, run.c.act == act, run.c.ended_at.is_not(None))
            .order_by(run.c.id.desc())
            .limit(1)
        )
        return self._execute(chosen).one_or_none()

    def _counted(self, column: sa.Column[Any], *conditions: sa.ColumnElement[bool]) -> dict[str, int]:
        """How many rows have each value of a column."""
        chosen = sa.select(column, sa.func.count()).where(*conditions).group_by(column)
        return {row[0]: row[1] for row in self._execute(chosen)}

    def visits(self, source_id: SourceId, model: ModelId, paths: Sequence[str]) -> dict[str, Visit]:
        """What came of those paths the last time, with this model."""
        found: dict[str, Visit] = {}
        for some in batched(paths, IN_LIST):
            chosen = sa.select(visit).where(
                visit.c.source_id == source_id, visit.c.model == model, visit.c.path.in_(some)
            )
            found |= {row.path: rows.visit_noun(row) for row in self._execute(chosen)}
        return found

    # Photos and faces

    def photo(self, name: str) -> Photo:
        """A photo by its digest or the beginning of it; NotFound, or BadInput where that is ambiguous."""
        return self._photo(name, seen(photo.c.id))

    def held_photo(self, name: str) -> Photo:
        """The same, also of a photo that is not searched now: it is in the bank, and can be withdrawn."""
        return self._photo(name, held(photo.c.id))

    def _photo(self, name: str, condition: sa.Exists) -> Photo:
        if not names_photo(name):
            raise BadInput(
                f"{name!r} does not name a photo.",
                f"Give at least {MIN_PREFIX} hexadecimal digits of its SHA-256.",
            )
        chosen = sa.select(photo).where(photo.c.id.startswith(_prefix(name)), condition).limit(2)
        found = self._execute(chosen).all()
        if not found:
            raise NotFound(f"There is no photo {name!r} in the bank.")
        if len(found) > 1:
            raise BadInput(f"{name!r} names more than one photo.", "Give more digits.")
        return rows.photo_noun(found[0])

    def photos(self, ids: Iterable[PhotoId]) -> dict[PhotoId, Photo]:
        """Photos by id; those out of scope are left out."""
        found: dict[PhotoId, Photo] = {}
        for some in batched(ids, IN_LIST):
            found |= {PhotoId(row.id): rows.photo_noun(row) for row in self._execute(_PHOTOS, ids=some)}
        return found

    def capture(self, capture_id: CaptureId) -> Provenance:
        """One capture that counts; NotFound where it does not, or is not in scope."""
        row = self._execute(_CAPTURE, capture=capture_id).one_or_none()
        if row is None:
            raise NotFound(f"There is no capture {capture_id} in the bank.")
        return rows.provenance_noun(row)

    def captures(self, ids: Iterable[PhotoId]) -> dict[PhotoId, tuple[Provenance, ...]]:
        """Every capture of those photos that counts, the oldest first."""
        found: dict[PhotoId, list[Provenance]] = {}
        for some in batched(ids, IN_LIST):
            for row in self._execute(_CAPTURES, ids=some):
                found.setdefault(PhotoId(row.photo_id), []).append(rows.provenance_noun(row))
        return {photo_id: tuple(captures) for photo_id, captures in found.items()}

    def faces(self, ids: Iterable[FaceId]) -> dict[FaceId, Face]:
        """Faces by id; those out of scope are left out."""
        found: dict[FaceId, Face] = {}
        for some in batched(ids, IN_LIST):
            found |= {FaceId(row.id): rows.face_noun(row) for row in self._execute(_FACES, ids=some)}
        return found

    def faces_of(self, photo_id: PhotoId) -> list[Face]:
        """The faces of a photo in scope, refused ones too, from left to right."""
        chosen = sa.select(face).where(face.c.photo_id == photo_id, seen(face.c.photo_id))
        found = [rows.face_noun(row) for row in self._execute(chosen)]
        return sorted(found, key=lambda one: one.detection.box.x)

    def near_copies(self, ids: Iterable[PhotoId]) -> dict[PhotoId, tuple[PhotoId, ...]]:
        """For each photo, the others in scope that are near-copies of it."""
        found: dict[PhotoId, tuple[PhotoId, ...]] = {}
        for some in batched(ids, IN_LIST):
            for row in self._execute(_NEAR_COPIES, ids=some):
                found[row.id] = (*found.get(row.id, ()), PhotoId(row.other))
        return found

    def near_hashes(self) -> list[tuple[PhotoId, bytes, PhotoId]]:
        """Photo, perceptual hash and near-copy group of every photo in scope that has a hash."""
        chosen = sa.select(photo.c.id, photo.c.near_hash, photo.c.near_group).where(photo.c.near_hash != b"")
        return [(PhotoId(row.id), row.near_hash, PhotoId(row.near_group)) for row in self._execute(chosen)]

    def withdrawn_photos(self) -> set[PhotoId]:
        """Photos that were withdrawn for good and must not come back."""
        return {PhotoId(one) for one in self._connection.scalars(sa.select(withdrawn_photo.c.id))}

    # Searching

    def searchable(self, model: ModelId, filters: Filters) -> npt.NDArray[np.int64] | None:
        """The faces that a search may look at, ascending; None where that is every face of the model."""
        if filters == Filters() and self._sees_everything():
            return None
        chosen = (
            sa.select(face.c.id)
            .where(
                face.c.model == model,
                face.c.template.is_not(None),
                seen(face.c.photo_id, *filtered(filters)),
            )
            .order_by(face.c.id)
        )
        return np.array(self._execute(chosen).scalars().all(), dtype=np.int64)

    def search(self, search_id: SearchId) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
        """A search as kept, with its candidates' rows; NotFound where another organisation made it."""
        chosen = sa.select(search).where(
            search.c.id == search_id, search.c.organisation == self.scope.organisation
        )
        found = self._execute(chosen).mappings().one_or_none()
        if found is None:
            raise NotFound(f"There is no search {search_id!r}.")
        shown = (
            sa.select(search_candidate)
            .where(search_candidate.c.search_id == search_id)
            .order_by(search_candidate.c.rank)
        )
        return dict(found), [dict(row) for row in self._execute(shown).mappings()]

    def totals(self) -> dict[str, int]:
        """How many sources, photos, captures, faces and searches are in scope."""
        photos = sa.select(sa.func.count()).select_from(photo).where(seen(photo.c.id))
        faces = sa.select(sa.func.count()).select_from(face).where(seen(face.c.photo_id))
        counts = {
            "sources": sa.select(sa.func.count()).select_from(source).where(WITHIN),
            "photos": photos,
            "captures": sa.select(sa.func.count()).select_from(capture.join(source)).where(WITHIN),
            "faces": faces.where(face.c.template.is_not(None)),
            "refused_faces": faces.where(face.c.template.is_(None)),
            "searches": sa.select(sa.func.count())
            .select_from(search)
            .where(search.c.organisation == self.scope.organisation),
        }
        return {name: int(self._execute(query).scalar() or 0) for name, query in counts.items()}

    def _sees_everything(self) -> bool:
        """Whether every face of the bank may be searched: then a search need not name those that may."""
        return self.scope.sources is None and not self._execute(sa.select(_ANY_OTHER)).scalar()

    def _execute(self, statement: sa.Select[*Columns], **values: object) -> sa.CursorResult[*Columns]:
        return self._connection.execute(statement, self._bound | values)
