"""HEIC photos are decoded apart: whatever becomes of the decoder, this process and the next photo are unharmed."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from facewitness.photos import heif, read_facts, read_photo
from facewitness.terms.provenance import EmbeddedFacts, SkippedPhoto, SkipReason

from .pictures import ASSETS, COLOURS, alike, read, refused, shown

GOOD = (ASSETS / "turned.heic").read_bytes()
CRASHES = GOOD.replace(b"\0Exif\0", b"\0\xffxif\0")
"""The name of an item is not text, at which pi-heif 1.4.0 follows a null pointer."""


@pytest.fixture
def helper() -> int:
    """The process that will be given the next photo."""
    read(GOOD)
    return heif._helpers._idle[-1].pid


def test_a_photo_that_crashes_its_decoder_is_refused_and_the_next_one_is_read() -> None:
    skipped = refused(CRASHES, path="a.heic")
    assert (skipped.path, skipped.reason) == ("a.heic", SkipReason.TRUNCATED)
    assert read_facts(CRASHES) == EmbeddedFacts()
    assert alike(shown(read(GOOD).picture.pixels), list(COLOURS))


def test_a_decoder_that_hangs_is_given_up(helper: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heif, "PATIENCE", 0.2)
    os.kill(helper, signal.SIGSTOP)
    assert "crashed, or took longer" in refused(GOOD).detail
    with pytest.raises(ProcessLookupError):
        os.kill(helper, 0)


def test_a_decoder_that_died_while_it_was_idle_costs_no_photo(helper: int) -> None:
    os.kill(helper, signal.SIGKILL)
    os.waitid(os.P_PID, helper, os.WEXITED | os.WNOWAIT)
    read(GOOD)


def test_one_decoder_serves_photo_after_photo(helper: int) -> None:
    read(GOOD)
    refused(GOOD[:400])
    read(GOOD)
    assert heif._helpers._idle[-1].pid == helper


def test_threads_decode_side_by_side() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read_photo, [GOOD, CRASHES] * 8))
    assert [isinstance(one, SkippedPhoto) for one in found] == [False, True] * 8
