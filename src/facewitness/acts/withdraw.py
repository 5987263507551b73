"""Take a photo or a whole source out of the bank: record, templates and bytes."""

import shutil
from dataclasses import dataclass

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank, now
from facewitness.errors import NotFound
from facewitness.sources import erase, own_records
from facewitness.store import View, names_photo
from facewitness.terms.actor import ActKind, Actor
from facewitness.terms.provenance import ArchivedRecord, PhotoId, SourceId


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was taken out."""

    name: str
    photos: int
    templates: int


def withdraw(bank: Bank, actor: Actor, name: str, reason: str = "") -> Withdrawal:
    """Withdraw the source of that id, or the photo of that digest, at once and for every search.

    A photo goes for good: an enrolment that meets it again skips it. A source takes along the photos that
    no other source holds. NotFound where there is neither.
    """
    with accountable(bank.catalogue, ActKind.WITHDRAW, actor) as account, bank.changing():
        account.seals |= {"name": name, "reason": reason}
        with bank.view(actor.scope) as view:
            source = next((one for one in view.sources() if one.id == name), None)
            if source is None and not names_photo(name):
                raise NotFound(
                    f"There is no source {name!r} in the bank, and no photo can be called that.",
                    "`facewitness sources` lists the sources.",
                )
            photo = None if source else view.held_photo(name)
            fetched = _fetched(bank, view, photo.id) if photo else []
        with account.writing() as writer:
            gone = [photo.id] if photo else writer.withdraw_source(SourceId(name), now())
            templates = writer.withdraw_photos(gone, now(), for_good=photo is not None)
            for source_id, record in fetched:
                writer.doom_record(source_id, record)
            account.facts |= {
                "kind": "photo" if photo else "source",
                "photos": len(gone),
                "templates": templates,
            }
        sweep(bank)
    return Withdrawal(name, len(gone), templates)


def _fetched(bank: Bank, view: View, photo: PhotoId) -> list[tuple[SourceId, ArchivedRecord]]:
    """Where the bank's own archives hold a photo, whether or not it came in from there."""
    return [
        (one.id, record)
        for one in view.sources()
        for record in own_records(one.kind, bank.keep(one.id), [photo])
    ]


def sweep(bank: Bank) -> None:
    """Delete the bytes of what was withdrawn; also what a killed process had no time for.

    Photos' templates in the gallery's files, photos' bytes, their records in archives that the bank itself wrote,
    and all that a withdrawn source kept.
    """
    doomed, records = bank.catalogue.doomed(), bank.catalogue.doomed_records()
    if doomed:
        bank.followed_gallery().save()
    for photo_id in doomed:
        bank.blobs.delete(photo_id)
    for one in records:
        erase(one.kind, bank.keep(one.source_id), one.record)
    if doomed or records:
        with bank.catalogue.writing() as writer:
            writer.forget_doomed(doomed)
            writer.forget_doomed_records(records)
    for source_id in bank.catalogue.withdrawn_sources():
        shutil.rmtree(bank.keep(source_id), ignore_errors=True)
