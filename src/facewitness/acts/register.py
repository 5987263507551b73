"""Register a source: whose photos, under whose care, on what ground and on what terms."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank, now
from facewitness.errors import BadInput
from facewitness.sources import Source, UrlScope
from facewitness.store import View
from facewitness.terms.actor import ActKind, Actor
from facewitness.terms.dates import span
from facewitness.terms.provenance import LegalBasis, MinorsPolicy, SourceId, SourceKind, SourceRecord, Terms

NOT_A_BASIS = re.compile(r"public(?!.*archive)|internet|online|found|scrap|none|unknown", re.IGNORECASE)
"""What people write who have no ground: answered with the reason rather than with a list."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source's photos arrive from."""

    kind: SourceKind
    location: str


@dataclass(frozen=True, slots=True)
class SourceDetails:
    """What a steward says of a source, as it was typed."""

    name: str
    steward: str
    basis: str
    licence: str = ""
    note: str = ""
    owner: str = ""
    citation: str = ""
    agreement: str = ""
    """The agreement in words, or the path of its document, of which the digest is kept."""
    minors: str = ""
    starts: str = ""
    expires: str = ""
    review_by: str = ""
    scope: tuple[str, ...] = ()


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
    bank: Bank,
    actor: Actor,
    place: Place,
    details: SourceDetails,
    open_source: Callable[[SourceRecord], Source],
) -> SourceRecord:
    """Register a source without enrolling from it.

    BadInput where it is registered already, details are missing, or nothing of its kind lies there.
    """
    with accountable(bank.catalogue, ActKind.REGISTER, actor) as account:
        account.seals |= {"location": place.location, "name": details.name}
        with bank.view(actor.scope) as view:
            if there := registered(view, place):
                raise BadInput(
                    f"{place.location} is registered already, as {there.id!r}.",
                    f"`facewitness sources show {there.id}` says on which terms.",
                )
            record = new_record(view, actor, place, details)
        open_source(record)
        account.facts |= {"source": record.id, "kind": record.kind, "basis": record.basis}
        with account.writing() as writer:
            writer.add_source(record)
    return record


def registered(view: View, place: Place) -> SourceRecord | None:
    """The source that lies there, where there is one in scope."""
    at = (place.kind, place.location)
    return next((one for one in view.sources() if (one.kind, one.location) == at), None)


def new_record(view: View, actor: Actor, place: Place, details: SourceDetails) -> SourceRecord:
    """The record of a source that is to be registered; BadInput where something is missing or wrong."""
    for field in ("name", "steward"):
        if not getattr(details, field).strip():
            raise BadInput(f"A source needs a {field}.", "No photo is held without one who answers for it.")
    basis = legal_basis(details.basis)
    UrlScope(details.scope)  # BadInput where an entry cannot be understood
    return SourceRecord(
        id=_free_id(details.name, view.source_ids()),
        name=details.name.strip(),
        kind=place.kind,
        location=place.location,
        steward=details.steward.strip(),
        basis=basis,
        licence=details.licence.strip(),
        note=details.note.strip(),
        organisation=actor.scope.organisation,
        registered_at=now(),
        scope=tuple(entry.strip() for entry in details.scope),
        terms=_terms(basis, details),
    )


def moment(field: str, text: str, *, end: bool = False) -> datetime | None:
    """A date as it was typed, its beginning or its end; None where nothing was, BadInput where it is none."""
    if not text.strip():
        return None
    try:
        return span(text)[1 if end else 0]
    except ValueError:
        raise BadInput(f"{field}: {text!r} is not a date.", "Write 2027, 2027-05 or 2027-05-01.") from None


def _terms(basis: LegalBasis, details: SourceDetails) -> Terms:
    citation = details.citation.strip()
    if basis is LegalBasis.STATUTORY_MANDATE and not citation:
        raise BadInput(
            "A statutory mandate needs its citation.", "Name the law that charges you with it: citation."
        )
    starts, expires = moment("starts", details.starts), moment("expires", details.expires, end=True)
    if starts and expires and starts >= expires:
        raise BadInput("The source would expire before it begins.", "Set `expires` after `starts`.")
    if expires and expires <= now():
        raise BadInput(f"The source would have expired on {expires:%Y-%m-%d}.", "Set a last day to come.")
    agreement, digest = _agreement(details.agreement.strip())
    return Terms(
        owner=details.owner.strip(),
        citation=citation,
        agreement=agreement,
        agreement_digest=digest,
        minors=_minors(details.minors),
        starts=starts,
        expires=expires,
        review_by=moment("review by", details.review_by, end=True),
    )


def _agreement(text: str) -> tuple[str, str]:
    """What is kept of an agreement, and a digest: of its document where `text` is a file, else of the words."""
    if not text:
        return "", ""
    try:
        path = Path(text).expanduser()
        if not path.is_file():  # words, or what may never end
            return text, hashlib.sha256(text.encode()).hexdigest()
        with path.open("rb") as document:
            return text, hashlib.file_digest(document, "sha256").hexdigest()
    except PermissionError:
        raise BadInput(f"The agreement {text} cannot be read.", "Its SHA-256 is kept beside it.") from None
    except (OSError, ValueError, RuntimeError):  # no path of a file: words
        return text, hashlib.sha256(text.encode()).hexdigest()


def _minors(text: str) -> MinorsPolicy:
    if not text.strip():
        return MinorsPolicy.NOT_STATED
    try:
        return MinorsPolicy(text.strip().lower().replace(" ", "-"))
    except ValueError:
        choices = ", ".join(one.value for one in MinorsPolicy)
        raise BadInput(f"{text!r} says nothing known of minors.", f"Choose one of {choices}.") from None


def _free_id(name: str, taken: set[SourceId]) -> SourceId:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "source"
    number, found = 2, SourceId(stem)
    while found in taken:
        found, number = SourceId(f"{stem}-{number}"), number + 1
    return found
