"""The truth: what is in the bank. Opens scoped views for reading and one transaction at a time for writing."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from facewitness.errors import BankError
from facewitness.store.conditions import HAS_PHOTO
from facewitness.store.database import Database
from facewitness.store.ledger_rows import LedgerTables
from facewitness.store.tables import bank, doomed, doomed_record, face, photo, run, source, withdrawn_face
from facewitness.store.view import View
from facewitness.store.writer import Writer
from facewitness.terms.actor import Scope
from facewitness.terms.provenance import (
    ArchivedRecord,
    DoomedRecord,
    PhotoId,
    SourceId,
    SourceKind,
    Validity,
)
from facewitness.terms.template import Floats, ModelId

FaceIds = npt.NDArray[np.int64]

BATCH = 50_000
"""Templates read at once into a gallery: 25 MB at 128 dimensions."""

# Asked at every search, so built once.
_MODEL = sa.select(bank.c.value).where(bank.c.key == "model")
_TEMPLATE = sa.select(face.c.template).where(face.c.id == sa.bindparam("id"))
_TEMPLATES = (
    sa.select(face.c.id, face.c.template)
    .where(
        face.c.model == sa.bindparam("model"),
        face.c.id > sa.bindparam("after"),
        face.c.template.is_not(None),
    )
    .order_by(face.c.id)
    .limit(BATCH)
)
_WITHDRAWN = (
    sa.select(withdrawn_face.c.position, withdrawn_face.c.face_id)
    .where(withdrawn_face.c.position > sa.bindparam("after_withdrawal"))
    .order_by(withdrawn_face.c.position)
)
_AHEAD = sa.select(
    _TEMPLATE.scalar_subquery().label("template"),
    _TEMPLATES.exists().label("faces"),
    _WITHDRAWN.exists().label("withdrawals"),
)


class Catalogue:
    """The catalogue of one bank."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._database.migrate()

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    @contextmanager
    def view(self, scope: Scope, validity: Validity) -> Iterator[View]:
        """A consistent snapshot of what `scope` may see. There is no other way to read photos and faces."""
        with self._database.reading() as connection:
            yield View(connection, scope, validity)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction: everything written in it is committed together at its end, or nothing is."""
        with self._database.writing() as connection:
            yield Writer(connection)

    @contextmanager
    def ledger_rows(self) -> Iterator[LedgerTables]:
        """The ledger, for reading."""
        with self._database.reading() as connection:
            yield LedgerTables(connection)

    def adopt_model(self, model: ModelId) -> None:
        """Bind the bank to the model that makes its templates; BankError where it is bound to another."""
        if not self.check_model(model):
            with self._database.writing() as connection:
                connection.execute(sa.insert(bank), {"key": "model", "value": model})

    def check_model(self, model: ModelId) -> bool:
        """Whether the bank is bound to a model yet; BankError where that is another one."""
        with self._database.reading() as connection:
            bound = connection.scalar(_MODEL)
        if bound not in (None, model):
            raise BankError(
                f"This bank's templates were made by {bound}, but {model} is set up now; "
                "templates of two models cannot be compared.",
                "Set the models back, or enrol into a new bank.",
            )
        return bound is not None

    def open_runs(self) -> list[int]:
        """Runs that have not ended: under way now, or killed."""
        with self._database.reading() as connection:
            return list(connection.scalars(sa.select(run.c.id).where(run.c.ended_at.is_(None))))

    def doomed(self) -> list[PhotoId]:
        """Photos that were withdrawn and whose bytes are still to be deleted; never one that came back."""
        with self._database.reading() as connection:
            back = sa.select(photo.c.id)
            return [
                PhotoId(one)
                for one in connection.scalars(
                    sa.select(doomed.c.photo_id).where(doomed.c.photo_id.not_in(back))
                )
            ]

    def doomed_records(self) -> list[DoomedRecord]:
        """Archived records of withdrawn photos that are still to be erased."""
        chosen = sa.select(doomed_record, source.c.kind).join(source)
        with self._database.reading() as connection:
            return [
                DoomedRecord(
                    SourceId(row.source_id),
                    SourceKind(row.kind),
                    ArchivedRecord(row.file, row.offset, row.record_id),
                )
                for row in connection.execute(chosen)
            ]

    def withdrawn_sources(self) -> list[SourceId]:
        """The sources that were withdrawn: nothing of theirs is kept."""
        chosen = sa.select(source.c.id).where(source.c.withdrawn_at.is_not(None))
        with self._database.reading() as connection:
            return [SourceId(one) for one in connection.scalars(chosen)]

    def has_photo(self, photo_id: PhotoId) -> bool:
        """Whether the bank holds the photo: asked by enrolment, which must not read a photo twice."""
        with self._database.reading() as connection:
            return connection.scalar(HAS_PHOTO, {"id": photo_id}) is not None

    # What a gallery is made from. It holds no more than ids and templates, so it is not bound to a scope:
    # every search narrows it to the ids that its view allows.

    def templates(self, model: ModelId, after: int = 0) -> Iterator[tuple[FaceIds, Floats]]:
        """Face ids above `after`, ascending, with their templates (n, dimension), in batches."""
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(_TEMPLATES, {"model": model, "after": after}).all()
            if not rows:
                return
            ids = np.array([row.id for row in rows], dtype=np.int64)
            raw = b"".join(row.template for row in rows)
            yield ids, np.frombuffer(raw, dtype="<f4").reshape(len(rows), -1)
            after = int(ids[-1])

    def is_followed(
        self, model: ModelId, last: tuple[int, Floats] | None, face_id: int, withdrawn: int
    ) -> bool:
        """Whether a gallery that came so far, and whose newest face is `last`, has nothing left to take in."""
        held_id, held = last or (0, None)
        asked = {"id": held_id, "model": model, "after": face_id, "after_withdrawal": withdrawn}
        with self._database.reading() as connection:
            found = connection.execute(_AHEAD, asked).one()
        same = held is None or found.template == held.astype("<f4").tobytes()
        return bool(same and not found.faces and not found.withdrawals)

    def may_hold(self, face_id: int, template: Floats) -> bool:
        """Whether a gallery that holds this face may be of this catalogue: it is here, or was withdrawn."""
        with self._database.reading() as connection:
            kept = connection.scalar(_TEMPLATE, {"id": face_id})
            gone = sa.select(withdrawn_face.c.face_id).where(withdrawn_face.c.face_id == face_id).limit(1)
            if kept is None:
                return connection.scalar(gone) is not None
        return bool(kept == template.astype("<f4").tobytes())

    def photo_ids(self) -> set[PhotoId]:
        """Every photo of the bank: what its bytes are held against after a process was killed."""
        with self._database.reading() as connection:
            return {PhotoId(one) for one in connection.scalars(sa.select(photo.c.id))}

    def withdrawn(self, after: int = 0) -> tuple[FaceIds, int]:
        """Faces withdrawn after that position, and the position reached."""
        with self._database.reading() as connection:
            rows = connection.execute(_WITHDRAWN, {"after_withdrawal": after}).all()
        ids = np.array([row.face_id for row in rows], dtype=np.int64)
        return ids, int(rows[-1].position) if rows else after
