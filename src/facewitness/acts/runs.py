"""Acts that take long: noted when they begin, so that one that was killed can still be accounted for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from facewitness.acts.accountable import Account
from facewitness.acts.bank import Bank, now
from facewitness.acts.withdraw import sweep
from facewitness.errors import BadInput
from facewitness.ledger import Event, Ledger, seal
from facewitness.store import View
from facewitness.terms.actor import ActKind, Actor, Outcome, Scope
from facewitness.terms.provenance import SourceRecord


def hear_nothing(*_told: object) -> None:
    """Listen to nothing of how far a run is."""


@dataclass(slots=True)
class Run:
    """A run that is under way."""

    id: int
    counts: Callable[[], dict[str, int]] = dict
    """The counts of its ledger entry, asked for when it ends, however it does."""


@contextmanager
def run(
    bank: Bank, actor: Actor, account: Account, act: ActKind, record: SourceRecord, *, is_new: bool = False
) -> Iterator[Run]:
    """A run over a source, which is registered with it where it is new.

    Its ledger entry is written by the transaction that ends it; `close_orphans` writes that of a killed one.
    """
    with bank.catalogue.writing() as writer:
        if is_new:
            writer.add_source(record)
        begun = Run(writer.start_run(act, record.id, actor, bank.model, now()))
    outcome, reason = Outcome.FAILED, "stopped by an error"
    try:
        yield begun
        outcome, reason = Outcome.DONE, ""
    except KeyboardInterrupt:
        outcome, reason = Outcome.INTERRUPTED, "stopped by the operator"
        raise
    finally:
        account.facts |= begun.counts()
        with account.writing(outcome, reason) as writer:
            writer.count_run(begun.id, begun.counts())
            writer.end_run(begun.id, now())


def close_orphans(bank: Bank, scope: Scope) -> int:
    """Write the ledger entries of runs whose process was killed, and finish withdrawals cut short.

    Call it while holding the bank: then a run that has not ended has nobody to end it. Gives their number.
    """
    sweep(bank)
    orphans = bank.catalogue.open_runs()
    if orphans:
        drop_unnamed(bank)
    for run_id in orphans:
        with bank.catalogue.writing() as writer:
            row = writer.end_run(run_id, now())
            Ledger(writer.ledger).append(
                Event(
                    act=ActKind(row.act),
                    outcome=Outcome.INTERRUPTED,
                    actor=row.actor,
                    door=row.door,
                    organisation=scope.organisation,
                    at=now(),
                    reason="killed before its end; entered when the bank was opened next",
                    facts={"source": row.source_id, "model": row.model, **row.counts},
                    seals=seal({}),
                )
            )
    return len(orphans)


def drop_unnamed(bank: Bank) -> None:
    """Delete the bytes that no photo of the bank has: they are kept before the catalogue names them, and those of a
    batch that was lost would stay, whatever is withdrawn later."""
    bank.blobs.keep_only(bank.catalogue.photo_ids())


def must_be_in_force(record: SourceRecord, view: View) -> None:
    """BadInput where the source's terms do not let it be used at this moment."""
    if why := record.terms.out_of_force(view.validity):
        raise BadInput(
            f"The source {record.id!r} {why}.",
            f"`facewitness sources renew {record.id}`, or `approve` it where nobody has.",
        )
