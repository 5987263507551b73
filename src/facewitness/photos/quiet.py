"""Pillow's warnings kept in: a damaged file is a refusal or nothing, never a line on somebody's terminal."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
_saved: "warnings.catch_warnings[None] | None" = None


@contextmanager
def pillow_quiet() -> Iterator[None]:
    """Silence the warnings of Pillow and pi-heif while any thread is inside; all others stay as they were.

    Python 3.11 keeps one list of filters for the whole process, so two threads that save and restore it
    on their own would restore each other's. Here the first one in saves it and the last one out restores it.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _saved
    with _lock:
        if _inside == 0:
            _saved = warnings.catch_warnings()
            _saved.__enter__()
            warnings.filterwarnings("ignore", module=r"(PIL|pi_heif)(\.|$)")
        _inside += 1


def _leave() -> None:
    global _inside, _saved
    with _lock:
        _inside -= 1
        if _inside == 0 and _saved is not None:
            _saved.__exit__(None, None, None)
            _saved = None
