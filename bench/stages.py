"""Where enrolment's time goes: the rooms' functions, timed from outside while a bench runs."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from unittest import mock

from facewitness.acts import pipeline
from facewitness.faces import FaceReader
from facewitness.store import FolderBlobs, Writer

WHERE: dict[str, tuple[Any, str]] = {
    "decode": (pipeline, "read_photo"),
    "near-copy hash": (pipeline, "near_hash"),
    "find faces": (FaceReader, "find"),
    "embed": (FaceReader, "embed"),
    "keep bytes": (FolderBlobs, "put"),
    "write": (Writer, "add_photo"),
}


class Stages:
    """Use it in a `with`: seconds of work by stage, over all threads and all runs."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()
        self._patches: list[Any] = []

    def __enter__(self) -> Self:
        for stage, (owner, name) in WHERE.items():
            patch = mock.patch.object(owner, name, self._timed(stage, getattr(owner, name)))
            patch.start()
            self._patches.append(patch)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._patches:
            self._patches.pop().stop()

    def shares(self) -> dict[str, float]:
        """The share of each stage in all of them, 0 to 1."""
        whole = sum(self._seconds.values())
        return {stage: round(seconds / whole, 3) for stage, seconds in sorted(self._seconds.items())}

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                with self._lock:
                    self._seconds[stage] += time.perf_counter() - began

        return timed
