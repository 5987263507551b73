"""Every act leaves exactly one ledger entry, whatever becomes of it; without an entry nothing is done."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from facewitness import Service
from facewitness.acts import SourceDetails
from facewitness.errors import BadInput, BankError, NotAllowed, NotFound
from facewitness.gallery import EmbeddedGallery
from facewitness.sources import FolderSource
from facewitness.store import View, Writer
from facewitness.store.ledger_rows import LedgerTables
from facewitness.terms.actor import ActKind, Actor, Verdict
from facewitness.terms.collecting import Collected, Revisited

from .banks import DETAILS, entries, held, photo_id, seals

PURPOSE = "look for a missing person"
NEW = SourceDetails("Another", "A. Steward", "own-work")

Act = Callable[[Service, Path, str], object]
"""An act on a bank of the sample portraits, in their folder, with the name of an earlier search."""


class Web:
    """A website on which nothing is new. `test_collect` has a real one; here only the entries matter."""

    def collect(self, tell: Callable[[Collected], None]) -> Collected:
        return Collected()

    def revisit(self, addresses: Iterable[str]) -> Iterator[Revisited]:
        return iter(())


ACTS: dict[ActKind, Act] = {
    ActKind.REGISTER: lambda bank, folder, _: bank.add_source("folder", str(folder.parent), NEW),
    ActKind.AMEND: lambda bank, _folder, _: bank.approve_source(bank.sources()[0][0].id),
    ActKind.COLLECT: lambda bank, _folder, _: bank.collect_source("sample-portraits"),
    ActKind.ENROL: lambda bank, folder, _: bank.enrol(folder),
    ActKind.RECHECK: lambda bank, _folder, _: bank.recheck_source("sample-portraits"),
    ActKind.SEARCH: lambda bank, folder, _: bank.search(folder / "biden.jpg", purpose=PURPOSE),
    ActKind.RECALL: lambda bank, _, search: bank.recall(search),
    ActKind.SHOW: lambda bank, folder, _: bank.show(photo_id(folder / "biden.jpg")),
    ActKind.WITHDRAW: lambda bank, folder, _: bank.withdraw(photo_id(folder / "biden.jpg")),
    ActKind.REBUILD: lambda bank, _folder, _: bank.rebuild(),
    ActKind.CHECK: lambda bank, _folder, _: bank.check_gallery(),
}
FAULTS: dict[ActKind, tuple[type, str]] = {
    ActKind.REGISTER: (Writer, "add_source"),
    ActKind.AMEND: (Writer, "amend_source"),
    ActKind.COLLECT: (Web, "collect"),
    ActKind.ENROL: (FolderSource, "arrivals"),
    ActKind.RECHECK: (Web, "revisit"),
    ActKind.SEARCH: (EmbeddedGallery, "search"),
    ActKind.RECALL: (View, "search"),
    ActKind.SHOW: (View, "photo"),
    ActKind.WITHDRAW: (Writer, "withdraw_photos"),
    ActKind.REBUILD: (EmbeddedGallery, "refill"),
    ActKind.CHECK: (EmbeddedGallery, "damaged"),
}
"""For each act a step that it cannot do without."""

every_act = pytest.mark.parametrize("kind", ActKind)


@pytest.fixture(autouse=True)
def web(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Service, "_collector", lambda *_: Web())


@pytest.fixture
def earlier(bank: Service, portraits: Path) -> str:
    """The name of a search that was made before."""
    return bank.search(portraits / "biden.jpg", purpose=PURPOSE).search_id


@pytest.fixture
def added(bank: Service, earlier: str) -> Callable[[], list[dict[str, Any]]]:
    """The entries that came since, in a ledger that verifies."""
    before = len(entries(bank))

    def since() -> list[dict[str, Any]]:
        assert bank.verify_ledger().defects == ()
        return entries(bank)[before:]

    return since


Added = Callable[[], list[dict[str, Any]]]


def test_every_act_is_put_to_these_tests() -> None:
    assert set(ACTS) == set(FAULTS) == set(ActKind)


@every_act
def test_an_act_that_is_done_leaves_one_entry(
    bank: Service, portraits: Path, earlier: str, added: Added, kind: ActKind
) -> None:
    ACTS[kind](bank, portraits, earlier)
    [entry] = added()
    assert (entry["act"], entry["outcome"], entry["actor"], entry["door"]) == (
        kind,
        "done",
        "tester",
        "python",
    )


@every_act
def test_an_act_that_is_refused_leaves_one_entry_and_does_nothing(
    bank: Service,
    portraits: Path,
    earlier: str,
    added: Added,
    kind: ActKind,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_actor: Actor, _act: ActKind, _purpose: str = "") -> Verdict:
        return Verdict(False, "the house is closed")

    before = bank.status().totals
    monkeypatch.setattr("facewitness.acts.accountable.decide", refuse)
    with pytest.raises(NotAllowed, match="the house is closed"):
        ACTS[kind](bank, portraits, earlier)
    [entry] = added()
    assert (entry["act"], entry["outcome"], entry["reason"]) == (kind, "refused", "the house is closed")
    assert bank.status().totals == before


@every_act
@pytest.mark.parametrize(
    ("error", "outcome"),
    [(RuntimeError, "failed"), (BankError, "failed"), (KeyboardInterrupt, "interrupted")],
)
def test_an_act_that_fails_leaves_one_entry_and_does_nothing(
    bank: Service,
    portraits: Path,
    earlier: str,
    added: Added,
    kind: ActKind,
    error: type[BaseException],
    outcome: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise error("in /home/anna/secret")

    before = bank.status().totals
    with monkeypatch.context() as patch:
        patch.setattr(*FAULTS[kind], fail)
        with pytest.raises(error, match="secret"):
            ACTS[kind](bank, portraits, earlier)
    [entry] = added()
    assert (entry["act"], entry["outcome"]) == (kind, outcome)
    assert "anna" not in str(entry)  # the words of an error may name files and people: they are sealed
    assert bank.status().totals == before


@every_act
def test_an_act_that_cannot_be_entered_is_not_done(
    bank: Service,
    portraits: Path,
    earlier: str,
    added: Added,
    kind: ActKind,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise BankError("The disk is full.")

    before, bytes_before = bank.status().totals, held(bank)
    with monkeypatch.context() as patch:
        patch.setattr(LedgerTables, "add_entry", full)
        with pytest.raises(BankError, match="disk is full"):
            ACTS[kind](bank, portraits, earlier)
    assert added() == []
    assert bank.status().totals == before
    assert held(bank) == bytes_before


@pytest.mark.parametrize("opened_again", [True, False])
def test_an_enrolment_whose_entry_could_not_be_written_is_entered_at_the_next_opening_or_enrolment(
    bank: Service, portraits: Path, monkeypatch: pytest.MonkeyPatch, opened_again: bool
) -> None:
    def full(*_: object) -> None:
        raise BankError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(LedgerTables, "add_entry", full)
        with pytest.raises(BankError, match="disk is full"):
            bank.enrol(portraits)
    if opened_again:
        Service.open(bank.settings.bank, actor="another").close()
    else:
        bank.enrol(portraits)
    outcomes = [(one["act"], one["outcome"], one["actor"]) for one in entries(bank)[1:]]
    assert outcomes[0] == ("enrol", "interrupted", "tester")
    assert outcomes[1:] == ([] if opened_again else [("enrol", "done", "tester")])


def test_nobody_acts_without_a_name(tmp_path: Path) -> None:
    with Service.open(tmp_path / "bank", actor="") as service:
        with pytest.raises(NotAllowed, match="nobody is named"):
            service.rebuild()
        assert [one["outcome"] for one in entries(service)] == ["refused"]


def test_a_refused_search_keeps_its_purpose_sealed(bank: Service, portraits: Path) -> None:
    with pytest.raises(NotAllowed):
        bank.search(portraits / "biden.jpg", purpose="me")
    assert seals(bank)["purpose"] == "me"


def test_an_unknown_search_is_asked_for_on_record(bank: Service) -> None:
    with pytest.raises(NotFound, match="no search"):
        bank.recall("0123456789abcdef")
    last = entries(bank)[-1]
    assert (last["act"], last["outcome"], last["reason"]) == ("recall", "failed", "NotFound")


def test_text_that_cannot_be_written_is_turned_away_on_record(
    bank: Service, portraits: Path, tmp_path: Path
) -> None:
    text = os.fsdecode(b"why \xff\xfe\xfd")  # as a terminal hands over what is not UTF-8
    (tmp_path / text).mkdir()
    before = len(entries(bank))
    acts: list[Callable[[], object]] = [
        lambda: bank.search(portraits / "biden.jpg", purpose=text),
        lambda: bank.show(text),
        lambda: bank.withdraw(text),
        lambda: bank.enrol(tmp_path / text, **DETAILS),
        lambda: bank.enrol(portraits / text),
    ]
    for act in acts:
        with pytest.raises((BadInput, NotFound)):
            act()
    assert [one["outcome"] for one in entries(bank)[before:]] == ["failed"] * len(acts)
    assert bank.verify_ledger().defects == ()


@pytest.mark.parametrize("threshold", [float("nan"), float("inf"), -1.1, 1.1])
def test_a_threshold_that_no_score_can_have_is_turned_away_on_record(
    bank: Service, portraits: Path, threshold: float
) -> None:
    before = len(entries(bank))
    with pytest.raises(BadInput, match="from -1 to 1"):
        bank.search(portraits / "biden.jpg", purpose=PURPOSE, threshold=threshold)
    assert [one["reason"] for one in entries(bank)[before:]] == ["BadInput"]


TAMPERED = {
    "an entry's words": "UPDATE ledger_entry SET leaf = replace(leaf, 'tester', 'nobody') WHERE position = 0",
    "an entry's kind": "UPDATE ledger_entry SET leaf = '{\"commitments\": []}' WHERE position = 1",
    "an entry taken away": "DELETE FROM ledger_entry WHERE position = 0",
    "the last entry taken away": "DELETE FROM ledger_entry WHERE position = 1",
    "a node of the tree": "UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 1",
    "a salt": "UPDATE ledger_seal SET salt = 'salt' WHERE name = 'purpose'",
    "a sealed detail": "UPDATE ledger_seal SET value = 'another' WHERE name = 'purpose'",
}


@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED.keys())
def test_tampering_with_the_ledger_is_found(bank: Service, earlier: str, statement: str) -> None:
    assert bank.verify_ledger().defects == ()
    with sqlite3.connect(bank.settings.bank / "catalogue.sqlite") as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        assert raw.execute(statement).rowcount == 1
    raw.close()
    assert bank.verify_ledger().defects


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_node"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET position = 99"])
def test_the_database_itself_refuses_to_change_what_was_entered(
    bank: Service, table: str, change: str
) -> None:
    raw = sqlite3.connect(bank.settings.bank / "catalogue.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(change.format(table))
    raw.close()


def test_a_ledger_cut_off_cleanly_is_found_by_a_head_kept_elsewhere(bank: Service, earlier: str) -> None:
    kept = str(bank.ledger_head())
    with sqlite3.connect(bank.settings.bank / "catalogue.sqlite") as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("DELETE FROM ledger_seal WHERE position = 1")
        raw.execute("DELETE FROM ledger_entry WHERE position = 1")
        raw.execute("DELETE FROM ledger_node WHERE position = 1 OR level > 0")
    raw.close()
    assert bank.verify_ledger().defects == ()
    [defect] = bank.verify_ledger(kept).defects
    assert "the ledger was shortened" in defect
