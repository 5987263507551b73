"""How rows are cut into segments, and which segments become one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from facewitness.gallery.blocks import Block
from facewitness.gallery.embedded.segment import cut, gathered

SIZES = st.lists(st.integers(0, 40), max_size=12)


def blocks(sizes: list[int], dead: int = 0) -> list[Block]:
    made, start = list[Block](), 0
    for size in sizes:
        ids = np.arange(start, start + size)
        alive = None if not dead else ids % dead != 0
        made.append(Block(ids, np.repeat(ids[:, None], 2, axis=1).astype(np.float32), alive))
        start += size
    return made


@given(SIZES, st.integers(1, 50), st.sampled_from([0, 2, 3]))
def test_every_living_row_is_in_one_lot_in_order_and_lots_are_full(
    sizes: list[int], rows: int, dead: int
) -> None:
    lots = list(cut(blocks(sizes, dead), rows))
    lengths = [sum(len(part) for part in lot) for lot in lots]
    ids = [int(one) for lot in lots for part in lot for one in part.ids]
    assert ids == [one for one in range(sum(sizes)) if not dead or one % dead]
    assert all((part.templates[:, 0] == part.ids).all() for lot in lots for part in lot)
    assert lengths[:-1] == [rows] * (len(lots) - 1)
    assert all(0 < length <= rows for length in lengths)


@given(SIZES, st.integers(1, 100))
def test_every_segment_is_in_one_group_of_neighbours(sizes: list[int], most: int) -> None:
    groups = gathered(sizes, most)
    assert [place for group in groups for place in range(group.start, group.stop)] == list(range(len(sizes)))
    assert all(2 * size <= most for group in groups for size in sizes[group][:-1])


def test_each_row_is_written_again_once_for_every_doubling() -> None:
    sizes, written = list[int](), 0
    for _ in range(1024):
        sizes.append(1)
        groups = gathered(sizes, 512)
        written += sum(sum(sizes[group]) for group in groups if group.stop - group.start > 1) + 1
        sizes = [sum(sizes[group]) for group in groups]
        assert len(sizes) <= 12
    assert sizes == [512, 512]
    assert written <= 1024 * 10
