"""Change the terms of a source: approve it, end it, renew it. Its photos leave the search or come back at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank, now
from facewitness.acts.register import moment
from facewitness.errors import BadInput
from facewitness.terms.actor import ActKind, Actor
from facewitness.terms.provenance import SourceId, SourceRecord, Terms


def approve(bank: Bank, actor: Actor, source: SourceId, reason: str = "") -> SourceRecord:
    """Approve a source, in the actor's name."""
    return _amend(
        bank,
        actor,
        source,
        "approved",
        reason,
        lambda terms: replace(terms, approved_by=actor.name, approved_at=now()),
    )


def expire(bank: Bank, actor: Actor, source: SourceId, reason: str = "") -> SourceRecord:
    """End a source now. Nothing is deleted: what was enrolled comes back with `renew`."""
    return _amend(bank, actor, source, "expired", reason, lambda terms: replace(terms, expires=now()))


def renew(
    bank: Bank, actor: Actor, source: SourceId, expires: str = "", review_by: str = "", reason: str = ""
) -> SourceRecord:
    """Set a source's end and its next review; without a date it has none. BadInput where one has passed."""

    def renewed(terms: Terms) -> Terms:
        return replace(
            terms, expires=_to_come("expires", expires), review_by=_to_come("review by", review_by)
        )

    return _amend(bank, actor, source, "renewed", reason, renewed)


def _to_come(field: str, text: str) -> datetime | None:
    date = moment(field, text, end=True)
    if date is not None and date <= now():
        raise BadInput(f"{date:%Y-%m-%d} has passed.", "A renewal needs a date that is still to come.")
    return date


def _amend(
    bank: Bank, actor: Actor, source: SourceId, change: str, reason: str, new: Callable[[Terms], Terms]
) -> SourceRecord:
    with accountable(bank.catalogue, ActKind.AMEND, actor) as account:
        account.facts |= {"source": source, "change": change}
        account.seals["reason"] = reason
        with account.writing() as writer, bank.view(actor.scope) as view:
            there = view.source(source)
            record = replace(there, terms=new(there.terms))
            writer.amend_source(record)
    return record
