"""Fetch a registered source from the web, and ask later what has become of what its photos were taken from."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank
from facewitness.acts.runs import close_orphans, hear_nothing, must_be_in_force, run
from facewitness.errors import NotFound
from facewitness.photos import read_photo
from facewitness.sources import Collector
from facewitness.terms.actor import ActKind, Actor
from facewitness.terms.collecting import Collected, Revisited
from facewitness.terms.pages import REFUSED, ArchivedCopy
from facewitness.terms.provenance import (
    Appearance,
    ArchivedRecord,
    CaptureState,
    PhotoId,
    Recheck,
    SkippedPhoto,
    SourceId,
    SourceRecord,
)

NOTED = 2.0
"""Seconds between two notes of how far fetching is: what is known of a run that is killed."""

_SEVERITY = (CaptureState.THERE, CaptureState.CHANGED, CaptureState.GONE, CaptureState.RESERVED)
"""Of what was found of a capture's image and page, the last in this order holds."""

OnCollected = Callable[[Collected], None]
CollectorOf = Callable[[SourceRecord, set[PhotoId]], Collector]
CopyOf = Callable[[SourceRecord, ArchivedRecord], ArchivedCopy]


def collect(
    bank: Bank, actor: Actor, source_id: SourceId, collector_of: CollectorOf, tell: OnCollected = hear_nothing
) -> Collected:
    """Fetch what is new of a source on the web into its archives; enrolment then reads them.

    BadInput where the source is not on the web or not in force, BankError where the bank is being changed.
    """
    with accountable(bank.catalogue, ActKind.COLLECT, actor) as account, bank.changing():
        close_orphans(bank, actor.scope)
        with bank.view(actor.scope) as view:
            record = view.source(source_id)
            must_be_in_force(record, view)
            collector = collector_of(record, view.withdrawn_photos())
        account.facts["source"] = record.id
        latest, noted = Collected(), time.monotonic()
        with run(bank, actor, account, ActKind.COLLECT, record) as under_way:
            under_way.counts = lambda: _counts(latest)

            def hear(so_far: Collected) -> None:
                nonlocal latest, noted
                latest = so_far
                if time.monotonic() - noted > NOTED:
                    noted = time.monotonic()
                    with bank.catalogue.writing() as writer:
                        writer.count_run(under_way.id, _counts(so_far))
                tell(so_far)

            latest = collector.collect(hear)
        return latest


def recheck(
    bank: Bank, actor: Actor, source_id: SourceId, collector_of: CollectorOf, copy_of: CopyOf
) -> dict[str, int]:
    """Ask again for the pages and images of a source's captures; gives how many captures are in each state.

    What gives no usable answer stays as it was. BadInput where the source is not on the web or not in force,
    BankError where the bank is being changed.
    """
    with accountable(bank.catalogue, ActKind.RECHECK, actor) as account, bank.changing():
        close_orphans(bank, actor.scope)
        with bank.view(actor.scope) as view:
            record = view.source(source_id)
            must_be_in_force(record, view)
            appearances = view.appearances(source_id)
            collector = collector_of(record, view.withdrawn_photos())
        account.facts["source"] = record.id
        with run(bank, actor, account, ActKind.RECHECK, record) as under_way:
            addresses = dict.fromkeys(
                url for one in appearances for url in (one.image_url, one.page_url) if url
            )
            told = _looked_into(collector.revisit(addresses), appearances, partial(copy_of, record))
            answers = {one.url: one for one in told}
            found = list(_rechecks(appearances, answers))
            with bank.catalogue.writing() as writer:
                writer.note_rechecks(found)
            states = Counter(one.state.value for one in found)
            counts = {"addresses": len(addresses), "captures": len(appearances), **states}
            under_way.counts = lambda: counts
        with bank.view(actor.scope) as view:
            return view.capture_states(source_id)


def _looked_into(
    told: Iterable[Revisited],
    appearances: Sequence[Appearance],
    copy_of: Callable[[ArchivedRecord], ArchivedCopy],
) -> Iterator[Revisited]:
    """The answers. A photo is reserved too where another file is at its address by now, and that file says so."""
    held = {(one.image_url, one.photo_id) for one in appearances}
    images = {url for url, _ in held}
    for one in told:
        is_other = one.url in images and (one.url, one.digest) not in held
        because = _reserved_in(one.record, copy_of) if is_other and one.record else ""
        yield replace(one, state=CaptureState.RESERVED, detail=because) if because else one


def _reserved_in(record: ArchivedRecord, copy_of: Callable[[ArchivedRecord], ArchivedCopy]) -> str:
    """What reserves an archived photo in its own file; empty where nothing does, or it is none."""
    try:
        read = read_photo(copy_of(record).body)
    except NotFound:
        return ""
    return "" if isinstance(read, SkippedPhoto) else read.facts.reserved_by


def _rechecks(appearances: Sequence[Appearance], answers: dict[str, Revisited]) -> Iterator[Recheck]:
    """What was found of each capture of which something was.

    What reserves a photo on one page of a source reserves it on all, as when it is enrolled: also where that page
    did it earlier, and has not answered now.
    """
    found = [_recheck(one, answers) for one in appearances]
    reserved: dict[PhotoId, Recheck | None] = {}
    for one, told in zip(appearances, found, strict=True):
        state = one.state if told is None else told.state
        if state is CaptureState.RESERVED:
            reserved[one.photo_id] = reserved.get(one.photo_id) or told
    for one, told in zip(appearances, found, strict=True):
        if because := reserved.get(one.photo_id, told):
            yield replace(because, capture_id=one.capture_id)


def _recheck(one: Appearance, answers: dict[str, Revisited]) -> Recheck | None:
    """The graver of what its image and its page answer; None where nothing can be concluded.

    What was found earlier stands until both answer: it may be the silent one that it came from.
    """
    asked = [answers.get(url) for url in (one.image_url, one.page_url) if url]
    said = [
        Recheck(one.capture_id, _state(answer, answer.state, one), answer.at, answer.detail)
        for answer in asked
        if answer is not None and answer.state is not None
    ]
    told = max(said, key=lambda told: _SEVERITY.index(told.state), default=None)
    if told is not None and len(said) < len(asked):
        return told if _SEVERITY.index(told.state) > _SEVERITY.index(one.state) else None
    return told


def _state(answer: Revisited, state: CaptureState, of: Appearance) -> CaptureState:
    """What an answer says of a capture: other content at its image's address is a change, in a page it is none."""
    is_image = answer.url == of.image_url
    is_other = state is CaptureState.THERE and is_image and answer.digest != of.photo_id
    return CaptureState.CHANGED if is_other else state


def _counts(collected: Collected) -> dict[str, int]:
    counts = asdict(collected)
    refused = counts.pop("refused")
    return counts | {f"{REFUSED}{reason}": count for reason, count in refused.items()}
