"""Iterables in batches, until Python 3.12's `itertools.batched` can be counted on."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of `size`, the last one shorter."""
    left = iter(values)
    while some := list(islice(left, size)):
        yield some
