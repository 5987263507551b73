"""Permission and ledger entry, once for each act, whatever becomes of it.

    with accountable(bank, ActKind.WITHDRAW, actor) as account:
        account.seals["reason"] = reason
        with account.writing() as writer:   # the act's changes and its entry: one transaction
            writer.withdraw_photos(...)

An act that changes nothing may leave `writing` out: its entry is written when the block ends. A refusal or
a failure leaves an entry too, and then the error goes on. Nothing is done without an entry: where the entry
cannot be written, the transaction fails and with it the act.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from facewitness.access import decide
from facewitness.acts.bank import now
from facewitness.errors import FacewitnessError, LedgerError, NotAllowed
from facewitness.ledger import Event, Ledger, seal
from facewitness.store import Catalogue, Writer
from facewitness.terms.actor import ActKind, Actor, Outcome


class Account:
    """What one act tells of itself; open facts and sealed details are added as they become known."""

    def __init__(self, catalogue: Catalogue, kind: ActKind, actor: Actor, reason: str) -> None:
        self._catalogue, self._kind, self._actor, self._reason = catalogue, kind, actor, reason
        self.facts: dict[str, str | int | float] = {}
        self.seals: dict[str, str] = {}
        self.index: int | None = None
        """The entry's index in the ledger; known inside `writing` and after it."""
        self.entered = False

    @contextmanager
    def writing(self, outcome: Outcome = Outcome.DONE, reason: str = "") -> Iterator[Writer]:
        """A transaction that ends with this act's entry. May be used once."""
        if self.entered:
            raise LedgerError(f"The {self._kind} act has its ledger entry already.")
        with self._catalogue.writing() as writer:
            ledger = Ledger(writer.ledger)
            self.index = len(ledger)
            yield writer
            ledger.append(self._event(outcome, reason or self._reason))
        self.entered = True

    def _event(self, outcome: Outcome, reason: str) -> Event:
        return Event(
            act=self._kind,
            outcome=outcome,
            actor=self._actor.name,
            door=self._actor.door,
            organisation=self._actor.scope.organisation,
            at=now(),
            reason=reason,
            facts=self.facts,
            seals=seal(self.seals),
        )


@contextmanager
def accountable(
    catalogue: Catalogue,
    kind: ActKind,
    actor: Actor,
    purpose: str = "",
    facts: dict[str, str | int | float] | None = None,
) -> Iterator[Account]:
    """Decide, act, and write exactly one ledger entry; NotAllowed where the decision is no."""
    verdict = decide(actor, kind, purpose)
    account = Account(catalogue, kind, actor, verdict.reason)
    account.facts |= facts or {}
    if purpose:
        account.seals["purpose"] = purpose
    if not verdict.allowed:
        with account.writing(Outcome.REFUSED):
            pass
        raise NotAllowed(f"Refused: {verdict.reason}.")
    try:
        yield account
        if not account.entered:
            with account.writing():
                pass
    except BaseException as error:
        if not account.entered:
            _enter_failure(account, error)
        raise


def _enter_failure(account: Account, error: BaseException) -> None:
    """The kind of error in the open, its words sealed: they may name files and people."""
    account.seals["error"] = error.what if isinstance(error, FacewitnessError) else str(error)
    outcome = Outcome.FAILED if isinstance(error, Exception) else Outcome.INTERRUPTED
    try:
        with account.writing(outcome, type(error).__name__):
            pass
    except FacewitnessError as second:
        error.add_note(f"Nor could its ledger entry be written: {second}")
