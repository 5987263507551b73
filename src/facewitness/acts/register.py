"""Register a source: whose photos, under whose care, on what ground."""

import re
import unicodedata
from dataclasses import dataclass

from facewitness.acts.bank import now
from facewitness.errors import BadInput
from facewitness.store import View
from facewitness.terms.actor import Actor
from facewitness.terms.provenance import LegalBasis, SourceId, SourceKind, SourceRecord

NOT_A_BASIS = re.compile(r"public(?!.*archive)|internet|online|found|scrap|none|unknown", re.IGNORECASE)
"""What people write who have no ground: answered with the reason rather than with a list."""


@dataclass(frozen=True, slots=True)
class SourceDetails:
    """What a steward says of a source."""

    name: str
    steward: str
    basis: str
    licence: str = ""
    note: str = ""


def legal_basis(text: str) -> LegalBasis:
    """The ground named by `text`; BadInput where it is none."""
    wanted = text.strip().lower().replace(" ", "-").replace("_", "-")
    try:
        return LegalBasis(wanted)
    except ValueError:
        pass
    choices = ", ".join(basis.value for basis in LegalBasis)
    if NOT_A_BASIS.search(text):
        raise BadInput(
            f"{text!r} is not a legal basis: that photos could be seen by anybody gives no leave to search "
            "the faces in them.",
            f"Name the ground on which you hold them: {choices}.",
        )
    raise BadInput(f"{text!r} is not a legal basis.", f"Choose one of {choices}.")


def register(
    view: View, actor: Actor, location: str, details: SourceDetails | None
) -> tuple[SourceRecord, bool]:
    """The source that lies at `location`, and whether it is new.

    One that is registered keeps what was said of it. BadInput where a new one comes without details.
    """
    for one in view.sources():
        if (one.kind, one.location) == (SourceKind.FOLDER, location):
            if details and legal_basis(details.basis) is not one.basis:
                raise BadInput(
                    f"{location} is registered as {one.id!r} on the ground {one.basis.value!r}.",
                    f"Leave the details out, or `facewitness withdraw {one.id}` first.",
                )
            return one, False
    if details is None:
        raise BadInput(
            f"{location} is not registered as a source yet.",
            "Say its name, its steward and its legal basis: name, steward, basis.",
        )
    for field in ("name", "steward"):
        if not getattr(details, field).strip():
            raise BadInput(f"A source needs a {field}.", "No photo is held without one who answers for it.")
    record = SourceRecord(
        id=_free_id(details.name, view.source_ids()),
        name=details.name.strip(),
        kind=SourceKind.FOLDER,
        location=location,
        steward=details.steward.strip(),
        basis=legal_basis(details.basis),
        licence=details.licence.strip(),
        note=details.note.strip(),
        organisation=actor.scope.organisation,
        registered_at=now(),
    )
    return record, True


def _free_id(name: str, taken: set[SourceId]) -> SourceId:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "source"
    number, found = 2, SourceId(stem)
    while found in taken:
        found, number = SourceId(f"{stem}-{number}"), number + 1
    return found
