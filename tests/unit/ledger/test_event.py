"""The leaf encoding is frozen: what one release wrote, every other has to verify."""

import json
from datetime import UTC, datetime

import pytest

from facewitness.errors import LedgerError
from facewitness.ledger import Event, seal
from facewitness.ledger.event import commitment
from facewitness.ledger.merkle import leaf_hash
from facewitness.terms.actor import ActKind, Outcome
from facewitness.terms.entry import Seal

EVENT = Event(
    act=ActKind.SEARCH,
    outcome=Outcome.DONE,
    actor="Zoë",
    door="cli",
    organisation="home",
    at=datetime(2026, 11, 23, 8, 48, 0, 5, tzinfo=UTC),
    reason="allowed by the personal policy",
    facts={"gallery_size": 1049, "threshold": 0.45},
    seals=(Seal("purpose", bytes(range(32)), "find grandfather’s photos"),),
)


def test_the_leaf_encoding_has_not_changed() -> None:
    assert EVENT.leaf().decode() == (
        '{"act":"search","actor":"Zoë","at":"2026-11-23T08:48:00.000005+00:00",'
        '"commitments":{"purpose":"' + commitment(EVENT.seals[0]) + '"},'
        '"door":"cli","facts":{"gallery_size":1049,"threshold":0.45},"organisation":"home",'
        '"outcome":"done","reason":"allowed by the personal policy","v":1}'
    )
    assert leaf_hash(EVENT.leaf()).hex() == "d1b22656ae3723ba433e41130a8ac621b34b55b8d2c5e1a7d60e2d0ae00dbaf5"


def test_the_open_part_does_not_show_what_is_sealed() -> None:
    assert "grandfather" not in EVENT.leaf().decode()
    assert set(json.loads(EVENT.leaf())["commitments"]) == {"purpose"}


def test_the_same_words_get_different_commitments_each_time() -> None:
    first, second = seal({"purpose": "family album"}), seal({"purpose": "family album"})
    assert commitment(first[0]) != commitment(second[0])


def test_an_erased_detail_has_no_commitment_to_offer() -> None:
    with pytest.raises(LedgerError, match="was erased"):
        commitment(Seal("purpose", None, None))
