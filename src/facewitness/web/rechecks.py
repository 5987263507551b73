"""Rechecks that were asked for on a page or through REST: they may take hours, and run beside the requests."""

import threading
from dataclasses import dataclass, field

from pydantic import BaseModel, Field

from facewitness.errors import BankError, FacewitnessError
from facewitness.service import Service

PATIENCE = 2.0
"""Seconds for which a request waits: what cannot be done at all is said at once, and small sources are done."""


class RecheckOut(BaseModel):
    """How far a recheck is."""

    source: str
    under_way: bool
    problem: str = Field(description="why the last one stopped; empty where it did not")


class _Job(threading.Thread):
    """One recheck. A daemon: the server stops when it is told to, and the next opening accounts for the rest."""

    def __init__(self, service: Service, source: str) -> None:
        super().__init__(name=f"recheck {source}", daemon=True)
        self._service, self._source = service, source
        self.error: FacewitnessError | None = None

    def run(self) -> None:
        try:
            self._service.recheck_source(self._source)
        except FacewitnessError as error:
            self.error = error
        except Exception as error:
            self.error = BankError(f"The recheck failed: {error}.")
            raise


@dataclass(frozen=True, slots=True)
class Rechecks:
    """Those that were asked for since the server started."""

    service: Service
    _jobs: dict[str, _Job] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, source: str) -> RecheckOut:
        """Begin one, unless it is under way; raises what stops it at once."""
        self.service.source_report(source)  # NotFound where there is none
        with self._lock:
            job = self._jobs.get(source)
            if job is None or not job.is_alive():
                job = self._jobs[source] = _Job(self.service, source)
                job.start()
        job.join(PATIENCE)
        if job.error is not None:
            raise job.error
        return self.state(source)

    def state(self, source: str) -> RecheckOut:
        """How far that of a source is; one that nobody asked for is not under way."""
        job = self._jobs.get(source)
        problem = job.error.what if job is not None and job.error is not None else ""
        return RecheckOut(source=source, under_way=job is not None and job.is_alive(), problem=problem)
