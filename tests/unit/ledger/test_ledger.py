"""The ledger finds and names each way of tampering with it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from facewitness.errors import BadInput, LedgerError
from facewitness.ledger import Event, Ledger, TreeHead, seal
from facewitness.terms.actor import ActKind, Outcome
from facewitness.terms.entry import Entry, Seal


class Rows:
    """The smallest keeper of rows."""

    def __init__(self) -> None:
        self.kept: list[Entry] = []
        self.nodes: dict[tuple[int, int], bytes] = {}

    def size(self) -> int:
        return 1 + max((index for level, index in self.nodes if level == 0), default=-1)

    def add_entry(self, entry: Entry) -> None:
        self.kept.append(entry)

    def add_nodes(self, nodes: list[tuple[int, int, bytes]]) -> None:
        self.nodes |= {(level, index): value for level, index, value in nodes}

    def node(self, level: int, index: int) -> bytes:
        try:
            return self.nodes[level, index]
        except KeyError:
            raise LedgerError(f"tree node {level}/{index} is missing") from None

    def entries(self, start: int = 0) -> Iterator[Entry]:
        return iter(self.kept[start:])


def event(number: int) -> Event:
    return Event(
        ActKind.SEARCH,
        Outcome.DONE,
        "someone",
        "test",
        "home",
        datetime(2026, 1, 1, tzinfo=UTC),
        "allowed",
        {"number": number},
        seal({"purpose": f"reason {number}"}),
    )


@pytest.fixture
def rows() -> Rows:
    rows = Rows()
    ledger = Ledger(rows)
    for number in range(11):
        assert ledger.append(event(number)) == number
    return rows


def test_an_untouched_ledger_verifies(rows: Rows) -> None:
    checked = Ledger(rows).verify()
    assert checked.defects == ()
    assert checked.head == Ledger(rows).head()
    assert checked.head.size == 11


def test_an_empty_ledger_verifies() -> None:
    assert Ledger(Rows()).verify(Ledger(Rows()).head()).defects == ()


def flip(rows: Rows) -> None:
    entry = rows.kept[5]
    rows.kept[5] = replace(entry, leaf=entry.leaf.replace(b'"number":5', b'"number":6'))


def drop(rows: Rows) -> None:
    del rows.kept[5]


def swap(rows: Rows) -> None:
    five, six = rows.kept[5:7]
    rows.kept[5:7] = [replace(six, index=5), replace(five, index=6)]


def shorten(rows: Rows) -> None:
    del rows.kept[9:]


def unseal(rows: Rows) -> None:
    entry = rows.kept[5]
    rows.kept[5] = replace(entry, seals=(Seal("purpose", entry.seals[0].salt, "a better reason"),))


def fell(rows: Rows) -> None:
    rows.nodes[2, 1] = bytes(32)


def scribble(rows: Rows) -> None:
    rows.kept[5] = replace(rows.kept[5], leaf=b"not json")


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (flip, "entry 5 was altered"),
        (drop, "entry 5 is missing"),
        (swap, "entry 6 was altered"),
        (shorten, "11 entries are counted in the tree, 9 are there"),
        (unseal, "entry 5: 'purpose' is not what was committed to"),
        (fell, "tree node 2/1 does not follow"),
        (scribble, "entry 5 is not an entry"),
    ],
)
def test_tampering_is_found_and_named(rows: Rows, tamper: Callable[[Rows], None], named: str) -> None:
    tamper(rows)
    assert named in " / ".join(Ledger(rows).verify().defects)


def test_an_erased_detail_leaves_the_ledger_whole(rows: Rows) -> None:
    rows.kept[5] = replace(rows.kept[5], seals=(Seal("purpose", None, None),))
    assert Ledger(rows).verify().defects == ()


def test_a_ledger_rewritten_together_with_its_tree_is_found_by_a_kept_head(rows: Rows) -> None:
    kept = Ledger(rows).head()
    forged = Rows()
    for number in range(12):
        Ledger(forged).append(event(number if number != 5 else 99))
    assert Ledger(forged).verify().defects == ()
    assert "history was rewritten" in Ledger(forged).verify(kept).defects[0]


def test_a_ledger_shortened_together_with_its_tree_is_found_by_a_kept_head(rows: Rows) -> None:
    kept = Ledger(rows).head()
    shorter = Rows()
    for number in range(8):
        Ledger(shorter).append(event(number))
    assert Ledger(shorter).verify(kept).defects == (
        "the ledger was shortened: 11 entries were seen before, 8 are left",
    )


def test_a_ledger_that_only_grew_agrees_with_a_kept_head(rows: Rows) -> None:
    kept = Ledger(rows).head()
    Ledger(rows).append(event(11))
    assert Ledger(rows).verify(kept).defects == ()


def test_a_tree_head_is_read_back_from_its_text(rows: Rows) -> None:
    head = Ledger(rows).head()
    assert TreeHead.parse(f" {head}\n") == head


@pytest.mark.parametrize("text", ["", "11", "11:abc", "x:" + "0" * 64, "-1:" + "0" * 64, "11:" + "z" * 64])
def test_what_is_not_a_tree_head_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is not a tree head"):
        TreeHead.parse(text)
