"""JUMBF: labelled boxes are found wherever they lie, and hostile ones cost little."""

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.photos.jumbf import MAX_BOXES, MAX_DEPTH, MAX_INFLATED, boxes, superboxes

from ...assets.manifests import box, compressed, superbox


def labels(data: bytes) -> list[str]:
    return [one.label for one in superboxes(memoryview(data))]


def test_superboxes_come_in_the_order_of_their_beginnings() -> None:
    inner = superbox(b"json", "inner", box(b"json", b"{}"))
    data = superbox(b"c2pa", "first", inner, box(b"free", b"")) + superbox(b"c2pa", "second")
    found = list(superboxes(memoryview(data)))
    assert [one.label for one in found] == ["first", "inner", "second"]
    assert [(kind, bytes(content)) for kind, content in found[1].boxes] == [(b"json", b"{}")]


def test_lengths_are_read_in_all_three_ways() -> None:
    data = box(b"one1", b"1") + box(b"two2", b"22", long=True) + b"\0\0\0\0restto the end"
    found = [(kind, bytes(content)) for kind, content in boxes(memoryview(data))]
    assert found == [(b"one1", b"1"), (b"two2", b"22"), (b"rest", b"to the end")]


@pytest.mark.parametrize("header", [b"\0\0\0\2", b"\0\0\0\7", b"\0\0\0\1"])
def test_boxes_end_at_a_length_that_cannot_be(header: bytes) -> None:
    data = box(b"good", b"") + header + b"badd" + bytes(8) + box(b"lost", b"")
    assert [kind for kind, _ in boxes(memoryview(data))] == [b"good"]


def test_a_box_that_is_cut_short_is_read_as_far_as_it_goes() -> None:
    whole = superbox(b"c2pa", "outer", superbox(b"json", "inner", box(b"json", b"0123456789")))
    [_, inner] = superboxes(memoryview(whole[:-5]))
    assert bytes(inner.boxes[0].content) == b"01234"


@pytest.mark.parametrize("flags", [0, 1, 0b11101])
def test_a_box_that_does_not_say_that_it_has_a_label_has_none(flags: int) -> None:
    assert labels(box(b"jumb", box(b"jumd", bytes(16) + bytes([flags]) + b"label\0"))) == [""]


def test_boxes_within_boxes_are_followed_to_a_depth() -> None:
    data = superbox(b"c2pa", "innermost")
    for _ in range(1000):
        data = superbox(b"c2pa", "outer", data)
    assert labels(data) == ["outer"] * MAX_DEPTH


def test_compressed_boxes_are_looked_into() -> None:
    assert labels(compressed(superbox(b"c2ma", "within"), "outer")) == ["outer", "within"]


def test_a_compressed_box_that_is_damaged_holds_nothing() -> None:
    assert labels(superbox(b"c2cm", "outer", box(b"brob", b"no brotli"))) == ["outer"]


def test_bombs_do_not_go_off() -> None:
    bomb = compressed(box(b"free", bytes(8 * MAX_INFLATED)))
    start = time.process_time()
    tracemalloc.start()
    labels(bomb * 100)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * MAX_INFLATED
    assert time.process_time() - start < 2


@pytest.mark.parametrize("piece", [box(b"free", b""), box(b"jumb", b""), box(b"jumb", box(b"jumb", b""))])
def test_a_great_many_boxes_cost_little(piece: bytes) -> None:
    start = time.process_time()
    assert len(labels(piece * 20 * MAX_BOXES)) <= MAX_BOXES
    assert time.process_time() - start < 1


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    labels(data)
    labels(superbox(b"c2pa", "outer", data))
    labels(superbox(b"c2cm", "outer", box(b"brob", data)))
