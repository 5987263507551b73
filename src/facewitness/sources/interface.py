"""What a source is: a place where photos arrive."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from facewitness.terms.collecting import Collected, Revisited
from facewitness.terms.provenance import Arrival, SkippedPhoto


class Source(Protocol):
    """Photos at the door, one after the other, with what the source says of each.

    The contract for every kind:
    - lazy: a photo's bytes are not read before its `Arrival.read` is called, in any thread, once or more;
    - flat: memory does not grow with the number of photos, only with the longest single folder or index;
    - stable: the same order each time as long as nothing has changed, so that a second run can pass over
      what the first one did;
    - complete: what is not given as an `Arrival` and could have been a photo is given as a `SkippedPhoto`;
    - calm: nothing that the place contains raises, neither here nor in `read`.
    """

    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        """Every photo there, and every one that cannot come in, from the beginning each time it is called.

        Within a source `path` is unique among the arrivals, and every `Observation.locator` among all
        observations; both are the same in each run.
        """
        ...


class Collector(Protocol):
    """A source on the web: its photos have to be fetched into an archive before they can arrive.

    Both calls keep what they fetch in WARC files, and ask nothing outside the scope, against robots.txt, or
    on a private network. Whatever the other side answers, neither raises for it.
    """

    def collect(self, tell: Callable[[Collected], None]) -> Collected:
        """Fetch what is new; goes on where an earlier call was killed. `tell` hears the counts so far."""
        ...

    def revisit(self, addresses: Iterable[str]) -> Iterator[Revisited]:
        """Ask again for these addresses, each once, and say what has become of it; in any order."""
        ...
