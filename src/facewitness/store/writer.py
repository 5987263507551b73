"""What can be written, all of it inside one transaction that the catalogue opened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from facewitness.batches import batched
from facewitness.store import rows
from facewitness.store.conditions import HAS_PHOTO, IN_LIST
from facewitness.store.ledger_rows import LedgerTables
from facewitness.store.tables import (
    capture,
    doomed,
    doomed_record,
    face,
    photo,
    run,
    search,
    search_candidate,
    source,
    source_reference,
    visit,
    withdrawn_face,
    withdrawn_photo,
)
from facewitness.terms.actor import ActKind, Actor, SearchId
from facewitness.terms.candidate import Candidate, CandidateList
from facewitness.terms.face import RefusedFace
from facewitness.terms.provenance import (
    ArchivedRecord,
    CaptureState,
    DoomedRecord,
    Observation,
    Photo,
    PhotoId,
    Recheck,
    SkipReason,
    SourceId,
    SourceRecord,
    Visit,
)
from facewitness.terms.template import EmbeddedFace, ModelId, Template


class Writer:
    """One writing transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.ledger = LedgerTables(connection)
        """The ledger's rows in this same transaction."""

    # Sources and runs

    def add_source(self, noun: SourceRecord) -> None:
        """Register a source."""
        self._connection.execute(sa.insert(source), rows.source_row(noun))

    def amend_source(self, noun: SourceRecord) -> None:
        """Write what is said of a source now."""
        self._connection.execute(sa.update(source).where(source.c.id == noun.id), rows.source_row(noun))

    def set_reference(self, source_id: SourceId, template: Template, at: datetime) -> None:
        """Keep the template of the person who gave a source, in place of an earlier one."""
        self._drop_reference(source_id)
        values = {
            "source_id": source_id,
            "model": template.model,
            "template": np.asarray(template.values, "<f4").tobytes(),
            "given_at": at,
        }
        self._connection.execute(sa.insert(source_reference), values)

    def _drop_reference(self, source_id: SourceId) -> None:
        self._connection.execute(sa.delete(source_reference).where(source_reference.c.source_id == source_id))

    def start_run(self, act: ActKind, source_id: SourceId, actor: Actor, model: ModelId, at: datetime) -> int:
        """Note that an act begins which takes long; gives its number."""
        values: dict[str, Any] = {
            "act": act.value,
            "source_id": source_id,
            "actor": actor.name,
            "door": actor.door,
            "model": model,
            "started_at": at,
            "counts": {},
        }
        return int(self._connection.execute(sa.insert(run).returning(run.c.id), values).scalar_one())

    def count_run(self, run_id: int, counts: Mapping[str, int]) -> None:
        """Bring the counts of a run up to date, so that a killed one can still be accounted for."""
        self._connection.execute(sa.update(run).where(run.c.id == run_id), {"counts": dict(counts)})

    def end_run(self, run_id: int, at: datetime) -> sa.Row[Any]:
        """Close a run; gives its row."""
        chosen = run.c.id == run_id
        self._connection.execute(sa.update(run).where(chosen), {"ended_at": at})
        return self._connection.execute(sa.select(run).where(chosen)).one()

    # Photos

    def add_photo(self, noun: Photo, near_group: PhotoId) -> None:
        """Add a photo; nothing happens where it is there already."""
        self._add_missing(photo, [rows.photo_row(noun, near_group)])

    def join_near_groups(self, into: PhotoId, others: Iterable[PhotoId]) -> None:
        """Make one group of near-copies out of several."""
        self._connection.execute(
            sa.update(photo).where(photo.c.near_group.in_(list(others))), {"near_group": into}
        )

    def has_photo(self, photo_id: PhotoId) -> bool:
        """Whether the photo is in the bank."""
        return self._connection.scalar(HAS_PHOTO, {"id": photo_id}) is not None

    def add_captures(
        self, photo_id: PhotoId, source_id: SourceId, path: str, seen: Sequence[Observation]
    ) -> int:
        """Add the captures that are not there yet, and correct those that are; gives how many were new.

        A photo that is reserved in the source is so wherever else it is found there, until a recheck or the path
        that was reserved says otherwise.
        """
        self._lift(source_id, path)
        reserved, new = self._reserved(photo_id, source_id), 0
        for row in (rows.capture_row(photo_id, source_id, path, one) for one in seen):
            if self._add_missing(capture, [row | reserved]):
                new += 1
                continue
            key = [capture.c[name] == row[name] for name in ("source_id", "locator", "photo_id")]
            self._connection.execute(sa.update(capture).where(*key), row)
        return new

    def reserve(self, source_id: SourceId, photo_id: PhotoId, at: datetime, detail: str) -> None:
        """Note that a source reserves a photo by now that was enrolled from it."""
        of = [capture.c.source_id == source_id, capture.c.photo_id == photo_id]
        self._connection.execute(sa.update(capture).where(*of), _state(CaptureState.RESERVED, at, detail))

    def _lift(self, source_id: SourceId, path: str) -> None:
        """A path that the source reserved when it was enrolled last comes in again: its photo is there."""
        was_reserved = sa.select(visit.c.photo_id).where(
            visit.c.source_id == source_id,
            visit.c.path == path,
            visit.c.skip_reason == SkipReason.RESERVED.value,
        )
        of = [capture.c.source_id == source_id, capture.c.photo_id.in_(was_reserved)]
        self._connection.execute(sa.update(capture).where(*of), _state(CaptureState.THERE, None, ""))

    def _reserved(self, photo_id: PhotoId, source_id: SourceId) -> dict[str, Any]:
        """The state of a photo's captures in a source where it is reserved; empty where it is not."""
        chosen = (
            sa.select(capture.c.state, capture.c.state_at, capture.c.state_detail)
            .where(capture.c.photo_id == photo_id, capture.c.source_id == source_id)
            .where(capture.c.state == CaptureState.RESERVED.value)
            .limit(1)
        )
        found = self._connection.execute(chosen).mappings().first()
        return dict(found) if found else {}

    def note_rechecks(self, found: Iterable[Recheck]) -> None:
        """Write what has become of captures, with the time and what said so."""
        changed = sa.update(capture).where(capture.c.id == sa.bindparam("capture"))
        for some in batched(found, IN_LIST):
            values = [{"capture": one.capture_id, **_state(one.state, one.at, one.detail)} for one in some]
            self._connection.execute(changed, values)

    def add_faces(
        self, photo_id: PhotoId, model: ModelId, faces: Sequence[EmbeddedFace], refused: Sequence[RefusedFace]
    ) -> None:
        """Add a photo's faces: those with a template, and those refused with their reason."""

        def row(one: EmbeddedFace | RefusedFace, **rest: Any) -> dict[str, Any]:
            return rows.face_row(photo_id, model, one.detection, one.quality, **rest)

        values = [row(one, template=one.template.values) for one in faces]
        values += [row(one, refusal=one.reason) for one in refused]
        if values:
            self._connection.execute(sa.insert(face), values)

    def note_visits(self, source_id: SourceId, model: ModelId, visits: Sequence[Visit]) -> None:
        """Remember what came of each path, replacing what was remembered before."""
        key = visit.c.source_id == source_id, visit.c.path == sa.bindparam("at")
        if visits:
            self._connection.execute(sa.delete(visit).where(*key), [{"at": one.path} for one in visits])
        values = {
            one.path: {
                "source_id": source_id,
                "path": one.path,
                "fingerprint": one.fingerprint,
                "model": model,
                "photo_id": one.photo_id,
                "skip_reason": one.skipped.reason.value if one.skipped else None,
                "detail": one.skipped.detail if one.skipped else "",
            }
            for one in visits
        }
        if values:
            self._connection.execute(sa.insert(visit), list(values.values()))

    # Withdrawal

    def withdraw_photos(self, photo_ids: Sequence[PhotoId], at: datetime, *, for_good: bool) -> int:
        """Drop photos with their captures and faces; `for_good` also keeps them from coming back.

        Gives how many faces had a template.
        """
        templates = 0
        for some in batched(photo_ids, IN_LIST):
            own = sa.select(face.c.id).where(face.c.photo_id.in_(some), face.c.template.is_not(None))
            gone = self._connection.execute(sa.insert(withdrawn_face).from_select(["face_id"], own))
            templates += gone.rowcount
            if for_good:
                self._doom_records(some)
            for table in (face, capture, visit):
                self._connection.execute(sa.delete(table).where(table.c.photo_id.in_(some)))
            self._connection.execute(sa.delete(photo).where(photo.c.id.in_(some)))
            self._add_missing(doomed, [{"photo_id": one} for one in some])
            if for_good:
                self._add_missing(withdrawn_photo, [{"id": one, "at": at} for one in some])
        return templates

    def _doom_records(self, photo_ids: Sequence[PhotoId]) -> None:
        """Note which archived records hold these photos, before their captures go."""
        where = (capture.c.source_id, capture.c.record_file, capture.c.record_offset, capture.c.record_id)
        chosen = (
            sa.select(*where).where(capture.c.photo_id.in_(photo_ids), capture.c.record_id != "").distinct()
        )
        for source_id, *record in self._connection.execute(chosen).all():
            self.doom_record(source_id, ArchivedRecord(*record))

    def doom_record(self, source_id: SourceId, record: ArchivedRecord) -> None:
        """Note that an archived record holds a photo that was withdrawn."""
        self._add_missing(doomed_record, [{"source_id": source_id, **_where(record)}])

    def forget_doomed_records(self, records: Iterable[DoomedRecord]) -> None:
        """Note that these archived records are erased."""
        for one in records:
            of = [doomed_record.c.source_id == one.source_id, doomed_record.c.file == one.record.file]
            self._connection.execute(
                sa.delete(doomed_record).where(*of, doomed_record.c.offset == one.record.offset)
            )

    def forget_doomed(self, photo_ids: Sequence[PhotoId]) -> None:
        """Note that the bytes of these photos are gone."""
        for some in batched(photo_ids, IN_LIST):
            self._connection.execute(sa.delete(doomed).where(doomed.c.photo_id.in_(some)))

    def withdraw_source(self, source_id: SourceId, at: datetime) -> list[PhotoId]:
        """Close a source and drop its captures; gives the photos that no other source holds any more."""
        held = sa.select(capture.c.photo_id).where(capture.c.source_id == source_id).distinct()
        elsewhere = sa.select(capture.c.photo_id).where(capture.c.source_id != source_id)
        orphans = [PhotoId(one) for one in self._connection.scalars(held.except_(elsewhere))]
        self._connection.execute(sa.delete(capture).where(capture.c.source_id == source_id))
        self._connection.execute(sa.delete(visit).where(visit.c.source_id == source_id))
        self._drop_reference(source_id)
        self._connection.execute(sa.update(source).where(source.c.id == source_id), {"withdrawn_at": at})
        return orphans

    # Searches

    def add_search(self, found: CandidateList) -> None:
        """Keep what a search was shown: ids and scores, never the probe."""
        self._connection.execute(
            sa.insert(search),
            {
                "id": found.search_id,
                "organisation": found.actor.scope.organisation,
                "actor": found.actor.name,
                "door": found.actor.door,
                "purpose": found.purpose,
                "searched_at": found.searched_at,
                "model": found.model,
                "probe_digests": [digest.hex for digest in found.probe_digests],
                "probe_notes": list(found.probe_notes),
                "filters": rows.filters_json(found.filters),
                "threshold": asdict(found.threshold),
                "policy": found.policy.hex,
                "ledger_index": found.ledger_index,
                "plan": asdict(found.plan) if found.plan else None,
            },
        )
        shown = [_candidate_row(found.search_id, one) for one in found.candidates]
        if shown:
            self._connection.execute(sa.insert(search_candidate), shown)

    def _add_missing(self, table: sa.Table, values: list[dict[str, Any]]) -> int:
        """Insert the rows whose key is not there yet; gives how many those were."""
        if not values:
            return 0
        if self._connection.dialect.name == "sqlite":
            from sqlalchemy.dialects.sqlite import insert
        else:
            from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
        statement = insert(table).on_conflict_do_nothing()
        return sum(self._connection.execute(statement, one).rowcount for one in values)


def _where(record: ArchivedRecord) -> dict[str, Any]:
    return {"file": record.file, "offset": record.offset, "record_id": record.record_id}


def _state(state: CaptureState, at: datetime | None, detail: str) -> dict[str, Any]:
    return {"state": state.value, "state_at": at, "state_detail": detail}


def _candidate_row(search_id: SearchId, one: Candidate) -> dict[str, Any]:
    return {
        "search_id": search_id,
        "rank": one.rank,
        "face_id": one.face.id,
        "score": one.score,
        "expected_false": one.expected_false,
        "near_copy_of": one.near_copy_of,
    }
