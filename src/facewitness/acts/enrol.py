"""Enrol the photos of a source: resumable, idempotent, every refusal counted.

Worker threads read, decode, detect, align and embed; this thread writes what they made, a batch to a
transaction. Killed between two batches, an enrolment has lost no more than work: the next run passes over
every path whose outcome is written down and whose file has not changed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank, now
from facewitness.acts.near_groups import NearGroups
from facewitness.acts.pipeline import Enrolled, Known, Outcome, TurnedAway, read_all
from facewitness.acts.reference import Holder, holder_of
from facewitness.acts.register import Place, SourceDetails, legal_basis, new_record, registered
from facewitness.acts.runs import close_orphans, drop_unnamed, hear_nothing, must_be_in_force, run
from facewitness.acts.withdraw import sweep
from facewitness.batches import batched
from facewitness.errors import BadInput
from facewitness.sources import Source, own_records
from facewitness.store import View, Writer
from facewitness.terms.actor import ActKind, Actor
from facewitness.terms.pages import REFUSED, SKIPPED
from facewitness.terms.provenance import (
    Arrival,
    PhotoId,
    SkippedPhoto,
    SkipReason,
    SourceId,
    SourceRecord,
    Visit,
)

BATCH = 16
"""Photos a transaction: a commit costs a few milliseconds, a lost batch about a second of work."""


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

    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Outcome | SkippedPhoto | None) -> None:
        self.counts["seen"] += 1
        if isinstance(outcome, Enrolled):
            self.counts["photos"] += 1
            self.counts["faces"] += len(outcome.faces)
            self.refused.update(one.reason.value for one in outcome.refused)
        elif isinstance(outcome, TurnedAway):
            self.skipped[outcome.skipped.reason.value] += 1
        elif isinstance(outcome, SkippedPhoto):
            self.skipped[outcome.reason.value] += 1

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
        skipped = {f"{SKIPPED}{reason}": count for reason, count in self.skipped.items()}
        refused = {f"{REFUSED}{reason}": count for reason, count in self.refused.items()}
        return dict(self.counts) | skipped | refused


class _Enrolment:
    """One run over one source."""

    def __init__(
        self, bank: Bank, actor: Actor, record: SourceRecord, holder: Holder, run_id: int, tell: OnProgress
    ) -> None:
        self._bank, self._actor, self._record, self._holder = bank, actor, record, holder
        self._run_id, self._tell = run_id, tell
        with bank.view(actor.scope) as view:
            self._groups = NearGroups(view.near_hashes())
            self._withdrawn = view.withdrawn_photos()
        self.tally = _Tally()

    def run(self, source: Source) -> None:
        read = read_all(self._bank, self._undone(source), self._withdrawn, self._holder)
        try:
            for batch in batched(read, BATCH):
                self._write(batch)
        except BaseException:
            read.close()  # no thread keeps another photo from here on
            drop_unnamed(self._bank)
            raise

    def doom_withdrawn(self) -> None:
        """What was withdrawn and has been fetched all the same, or before that, goes from the bank's archives."""
        kind, keep = self._record.kind, self._bank.keep(self._record.id)
        found = own_records(kind, keep, self._withdrawn)
        if found:
            with self._bank.catalogue.writing() as writer:
                for record in found:
                    writer.doom_record(self._record.id, record)

    def _undone(self, source: Source) -> Iterator[Arrival]:
        """The arrivals that no earlier run has dealt with; the others are counted and told."""
        for some in batched(source.arrivals(), BATCH):
            with self._bank.view(self._actor.scope) as view:
                visits = view.visits(self._record.id, self._bank.model, [one.path for one in some])
            for one in some:
                before = visits.get(one.path)
                if isinstance(one, SkippedPhoto):
                    self._heed(one, before)
                    self._count(one)
                    continue
                if before is None or before.fingerprint != one.fingerprint:
                    yield one
                    continue
                self.tally.counts["already"] += 1
                self._count(before.skipped)

    def _heed(self, skipped: SkippedPhoto, before: Visit | None) -> None:
        """A photo that was enrolled and whose source reserves it by now leaves the search, as after a recheck."""
        if skipped.reason is not SkipReason.RESERVED or before is None or before.skipped is not None:
            return
        if before.photo_id is not None:
            with self._bank.catalogue.writing() as writer:
                writer.reserve(self._record.id, before.photo_id, now(), skipped.detail)
                visit = Visit(skipped.path, "", before.photo_id, skipped)
                writer.note_visits(self._record.id, self._bank.model, [visit])

    def _count(self, outcome: SkippedPhoto | None) -> None:
        self.tally.count(outcome)
        self._tell(self.tally.progress(), outcome)

    def _write(self, batch: Sequence[Outcome]) -> None:
        """One transaction. Nothing of it is counted or told before it is committed."""
        tally = deepcopy(self.tally)
        with self._bank.catalogue.writing() as writer:
            written = [self._write_one(writer, outcome, tally) for outcome in batch]
            visits = [_visit(outcome) for outcome in written]
            writer.note_visits(self._record.id, self._bank.model, visits)
            writer.count_run(self._run_id, tally.as_counts())
        self.tally = tally
        for outcome in written:
            self._tell(tally.progress(), outcome)

    def _write_one(self, writer: Writer, outcome: Outcome, tally: _Tally) -> Outcome:
        """Write what became of a photo; Known in place of Enrolled where its twin was written meanwhile."""
        if isinstance(outcome, Enrolled):
            if writer.has_photo(outcome.photo.id):
                outcome = Known(outcome.arrival, outcome.photo.id)
            else:
                writer.add_photo(outcome.photo, self._groups.place(outcome.photo, writer))
                writer.add_faces(outcome.photo.id, self._bank.model, outcome.faces, outcome.refused)
        if isinstance(outcome, TurnedAway) and outcome.skipped.reason is SkipReason.WITHDRAWN:
            for record in filter(None, (one.record for one in outcome.arrival.observations)):
                writer.doom_record(self._record.id, record)
        tally.count(outcome)
        if (photo_id := _photo_id(outcome)) is not None:
            path, seen = outcome.arrival.path, outcome.arrival.observations
            tally.counts["captures"] += writer.add_captures(photo_id, self._record.id, path, seen)
        return outcome


def _photo_id(outcome: Outcome) -> PhotoId | None:
    if isinstance(outcome, TurnedAway):
        return None
    return outcome.photo.id if isinstance(outcome, Enrolled) else outcome.photo_id


def _visit(outcome: Outcome) -> Visit:
    skipped = outcome.skipped if isinstance(outcome, TurnedAway) else None
    return Visit(outcome.arrival.path, outcome.arrival.fingerprint, _photo_id(outcome), skipped)


def enrol(
    bank: Bank,
    actor: Actor,
    named: SourceId | Place,
    open_source: Callable[[SourceRecord], Source],
    details: SourceDetails | None = None,
    tell: OnProgress = hear_nothing,
) -> Progress:
    """Enrol every photo of a source, by its id or its place; one new to the bank is registered with `details`.

    One ledger entry, with the counts, in the transaction that closes the run; `close_orphans` writes that
    of a run that was killed. BadInput where details are missing, no ground is named or the source is not in
    force, BankError where another process is changing the bank.
    """
    with accountable(bank.catalogue, ActKind.ENROL, actor) as account, bank.changing():
        account.seals["location"] = named.location if isinstance(named, Place) else named
        close_orphans(bank, actor.scope)
        with bank.view(actor.scope) as view:
            record, is_new = _record(view, actor, named, details)
        source, holder = open_source(record), holder_of(bank, actor, record)
        account.facts |= {"source": record.id, "registered": int(is_new), "model": bank.model}
        account.seals["name"] = record.name
        bank.catalogue.adopt_model(bank.model)
        with run(bank, actor, account, ActKind.ENROL, record, is_new=is_new) as under_way:
            enrolment = _Enrolment(bank, actor, record, holder, under_way.id, tell)
            under_way.counts = lambda: enrolment.tally.as_counts()
            enrolment.run(source)
            enrolment.doom_withdrawn()
        sweep(bank)
        bank.followed_gallery().save()
    return enrolment.tally.progress()


def _record(
    view: View, actor: Actor, named: SourceId | Place, details: SourceDetails | None
) -> tuple[SourceRecord, bool]:
    """The source, and whether it is new. One that is registered keeps what was said of it."""
    if isinstance(named, Place):
        there = registered(view, named)
        if there is None:
            if details is None:
                raise BadInput(
                    f"{named.location} is not registered as a source yet.",
                    "Say its name, its steward and its legal basis: name, steward, basis.",
                )
            return new_record(view, actor, named, details), True
    else:
        there = view.source(named)
    if details and legal_basis(details.basis) is not there.basis:
        raise BadInput(
            f"{there.location} is registered as {there.id!r} on the ground {there.basis.value!r}.",
            f"Leave the details out, or `facewitness withdraw {there.id}` first.",
        )
    must_be_in_force(there, view)
    return there, False
