"""Open a photo: everything the bank knows of it, and where it came from; or the original of one capture."""

import hashlib
from collections.abc import Callable

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank
from facewitness.errors import NotFound
from facewitness.terms.actor import ActKind, Actor
from facewitness.terms.pages import ArchivedCopy, OpenedCopy, PhotoPage
from facewitness.terms.provenance import ArchivedRecord, CaptureId, SourceRecord


def show(bank: Bank, actor: Actor, name: str) -> PhotoPage:
    """The photo whose SHA-256 is or begins with `name`; NotFound where it is not in the actor's scope."""
    with accountable(bank.catalogue, ActKind.SHOW, actor) as account:
        account.seals["name"] = name
        with bank.view(actor.scope) as view:
            photo = view.photo(name)
            copies = view.near_copies([photo.id]).get(photo.id, ())
            page = PhotoPage(
                photo=photo,
                captures=view.captures([photo.id])[photo.id],
                faces=tuple(view.faces_of(photo.id)),
                near_copies=tuple(view.photos(copies).values()),
            )
        account.seals["photo"] = photo.id
    return page


def open_copy(
    bank: Bank,
    actor: Actor,
    capture_id: CaptureId,
    read: Callable[[SourceRecord, ArchivedRecord], ArchivedCopy],
) -> OpenedCopy:
    """The archived copy of a capture; NotFound where it is not in scope, or no archive has it as it was."""
    with accountable(bank.catalogue, ActKind.SHOW, actor) as account:
        account.seals["capture"] = str(capture_id)
        with bank.view(actor.scope) as view:
            origin = view.capture(capture_id)
            source = view.source(origin.capture.source_id)
        account.seals["photo"] = origin.capture.photo_id
        record = origin.capture.observation.record
        if record is None:
            raise NotFound(
                f"No archived copy of capture {capture_id} is kept.",
                f"Photos of the kind {source.kind} come without one; the photo itself is in the bank.",
            )
        copy = read(source, record)
        if copy.is_whole and hashlib.sha256(copy.body).hexdigest() != origin.capture.photo_id:
            raise NotFound(
                f"The record at byte {record.offset} of {record.file} holds another photo than the one enrolled.",
                "Put the archive back as it was when its photos were enrolled.",
            )
        return OpenedCopy(origin, record, copy)
