"""Enrol the photos of a source: resumable, idempotent, every refusal counted.

Worker threads read, decode, detect, align and embed; this thread writes what they made, a batch to a
transaction. Killed between two batches, an enrolment has lost no more than work: the next run passes over
every path whose outcome is written down and whose file has not changed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank, now
from facewitness.acts.near_groups import NearGroups
from facewitness.acts.pipeline import Enrolled, Outcome, TurnedAway, read_all
from facewitness.acts.register import SourceDetails, register
from facewitness.acts.withdraw import sweep
from facewitness.batches import batched
from facewitness.ledger import Event, Ledger, seal
from facewitness.sources import Source
from facewitness.store import Writer
from facewitness.terms.actor import ActKind, Actor, Scope
from facewitness.terms.actor import Outcome as ActOutcome
from facewitness.terms.provenance import Arrival, SkippedPhoto, SourceRecord, Visit

BATCH = 64
"""Photos a transaction: a commit costs a few milliseconds, a lost batch a few seconds of work."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an enrolment is."""

    seen: int
    """Paths dealt with in this run, those already done included."""
    already: int
    """Paths that an earlier run had dealt with."""
    photos: int
    """Photos new to the bank."""
    captures: int
    """Appearances new to the bank: of new photos, and of photos that it held already."""
    faces: int
    """Faces given a template."""
    skipped: dict[str, int]
    """Photos turned away, by reason; those that an earlier run turned away too."""
    refused: dict[str, int]
    """Faces given no template, by reason."""


OnProgress = Callable[[Progress, Outcome | SkippedPhoto | None], None]
"""Called for each path with its outcome, None where an earlier run had dealt with it."""


@dataclass(slots=True)
class _Tally:
    """The counts while they grow."""

    counts: Counter[str]
    skipped: Counter[str]
    refused: Counter[str]

    def progress(self) -> Progress:
        c = self.counts
        return Progress(
            c["seen"],
            c["already"],
            c["photos"],
            c["captures"],
            c["faces"],
            dict(self.skipped),
            dict(self.refused),
        )

    def as_counts(self) -> dict[str, int]:
        skipped = {f"skipped: {reason}": count for reason, count in self.skipped.items()}
        refused = {f"refused: {reason}": count for reason, count in self.refused.items()}
        return dict(self.counts) | skipped | refused


class _Enrolment:
    """One run over one source."""

    def __init__(self, bank: Bank, actor: Actor, record: SourceRecord, run_id: int, tell: OnProgress) -> None:
        self._bank, self._actor, self._record, self._run_id, self._tell = bank, actor, record, run_id, tell
        with bank.catalogue.view(actor.scope) as view:
            self._groups = NearGroups(view.near_hashes())
            self._withdrawn = view.withdrawn_photos()
        self.tally = _Tally(Counter(), Counter(), Counter())

    def run(self, source: Source) -> None:
        for batch in batched(read_all(self._bank, self._undone(source), self._withdrawn), BATCH):
            self._write(batch)

    def _undone(self, source: Source) -> Iterator[Arrival]:
        """The arrivals that no earlier run has dealt with; the others are counted and told."""
        for some in batched(source.arrivals(), BATCH):
            arrivals = [one for one in some if isinstance(one, Arrival)]
            with self._bank.catalogue.view(self._actor.scope) as view:
                visits = view.visits(self._record.id, self._bank.model, [one.path for one in arrivals])
            for one in some:
                if isinstance(one, SkippedPhoto):
                    self._count(one)
                    continue
                before = visits.get(one.path)
                if before is None or before.fingerprint != one.fingerprint:
                    yield one
                    continue
                self.tally.counts["already"] += 1
                self._count(before.skipped)

    def _count(self, outcome: Outcome | SkippedPhoto | None) -> None:
        tally = self.tally
        tally.counts["seen"] += 1
        if isinstance(outcome, Enrolled):
            tally.counts["faces"] += len(outcome.faces)
            tally.refused.update(one.reason.value for one in outcome.refused)
        elif isinstance(outcome, TurnedAway):
            tally.skipped[outcome.skipped.reason.value] += 1
        elif isinstance(outcome, SkippedPhoto):
            tally.skipped[outcome.reason.value] += 1
        self._tell(tally.progress(), outcome)

    def _write(self, batch: Sequence[Outcome]) -> None:
        with self._bank.catalogue.writing() as writer:
            visits = [self._write_one(writer, outcome) for outcome in batch]
            writer.note_visits(self._record.id, self._bank.model, visits)
            for outcome in batch:
                self._count(outcome)
            writer.count_run(self._run_id, self.tally.as_counts())

    def _write_one(self, writer: Writer, outcome: Outcome) -> Visit:
        arrival = outcome.arrival
        if isinstance(outcome, TurnedAway):
            return Visit(arrival.path, arrival.fingerprint, None, outcome.skipped)
        photo_id = outcome.photo.id if isinstance(outcome, Enrolled) else outcome.photo_id
        if isinstance(outcome, Enrolled) and not writer.has_photo(photo_id):
            writer.add_photo(outcome.photo, self._groups.place(outcome.photo, writer))
            writer.add_faces(photo_id, self._bank.model, outcome.faces, outcome.refused)
            self.tally.counts["photos"] += 1
        self.tally.counts["captures"] += writer.add_captures(
            photo_id, self._record.id, arrival.path, arrival.observations
        )
        return Visit(arrival.path, arrival.fingerprint, photo_id, None)


def ignore(_progress: Progress, _outcome: Outcome | SkippedPhoto | None) -> None:
    """Listen to nothing."""


def enrol(
    bank: Bank,
    actor: Actor,
    open_source: Callable[[], Source],
    location: str,
    details: SourceDetails | None,
    tell: OnProgress = ignore,
) -> Progress:
    """Enrol every photo of the source at `location`, registering it with `details` where it is new.

    One ledger entry, with the counts, in the transaction that closes the run; `close_orphans` writes that
    of a run that was killed. BadInput where details are missing or no ground is named, BankError where
    another process is changing the bank.
    """
    with accountable(bank.catalogue, ActKind.ENROL, actor) as account, bank.changing():
        account.seals["location"] = location
        source = open_source()
        close_orphans(bank, actor.scope)
        with bank.catalogue.view(actor.scope) as view:
            record, is_new = register(view, actor, location, details)
        account.facts |= {"source": record.id, "registered": int(is_new), "model": bank.model}
        account.seals["name"] = record.name
        bank.catalogue.adopt_model(bank.model)
        with bank.catalogue.writing() as writer:
            if is_new:
                writer.add_source(record)
            run_id = writer.start_run(record.id, actor, bank.model, now())
        enrolment = _Enrolment(bank, actor, record, run_id, tell)
        outcome, reason = ActOutcome.FAILED, "stopped by an error"
        try:
            enrolment.run(source)
            outcome, reason = ActOutcome.DONE, ""
        except KeyboardInterrupt:
            outcome, reason = ActOutcome.INTERRUPTED, "stopped by the operator"
            raise
        finally:
            account.facts |= enrolment.tally.as_counts()
            with account.writing(outcome, reason) as writer:
                writer.end_run(run_id, now())
        bank.followed_gallery().save()
    return enrolment.tally.progress()


def close_orphans(bank: Bank, scope: Scope) -> int:
    """Write the ledger entries of runs whose process was killed, and finish withdrawals cut short.

    Call it while holding the bank: then a run that has not ended has nobody to end it. Gives their number.
    """
    sweep(bank)
    orphans = bank.catalogue.open_runs()
    for run_id in orphans:
        with bank.catalogue.writing() as writer:
            row = writer.end_run(run_id, now())
            Ledger(writer.ledger).append(
                Event(
                    act=ActKind.ENROL,
                    outcome=ActOutcome.INTERRUPTED,
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
