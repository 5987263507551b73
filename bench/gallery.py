"""Galleries by size: a query's time, what it finds, memory, and time to build; `embedded`, `exact`, FAISS Flat.

`make bench NAME=gallery`; `--sizes 100000 1000000` says other sizes, `--queries` how many probes. Templates are
drawn as `../shared/eval/README.md` says: people with 1 to 20 photos each, few with many. `mates_at_10` is the
share that an engine has among its first ten of what `exact` has: the probe's mates and, in `same_at_10`, anybody.
Engines take turns at each probe, so that all of them meet the same machine.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.accuracy import EVALUATION, Floats
from bench.results_file import write_results
from facewitness.gallery import EmbeddedGallery, ExactGallery, FaceIds, Gallery, Shape, Snapshot
from facewitness.terms.template import ModelId, Template, TemplateRole

MODEL = ModelId("bench")
DIMENSION = 128
SIZES = (100_000, 1_000_000)
MOST_PHOTOS = 20
AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Population:
    """People who do not exist: `templates` (n, 128) of `person` (n,), and probes with whom they show."""

    templates: Floats
    person: npt.NDArray[np.int64]
    probes: Floats
    sought: npt.NDArray[np.int64]

    def batches(self) -> Iterator[tuple[FaceIds, Floats]]:
        """As a catalogue gives them."""
        for begin in range(0, len(self.templates), AT_ONCE):
            part = self.templates[begin : begin + AT_ONCE]
            yield np.arange(begin, begin + len(part)) + 1, part


@dataclass(slots=True)
class Contender:
    """An engine, ready: how it answers, and what its row says of it."""

    engine: str
    threads: int
    code_bytes: int
    build_s: float
    ram_bytes_per_face: float
    search: Callable[[Floats], list[int]]
    """The ids of the ten best of a probe."""
    open_s: float = 0
    taken: list[float] = field(default_factory=list)
    found: list[list[int]] = field(default_factory=list)

    def answer(self, probe: Floats) -> None:
        """One probe, timed."""
        began = time.perf_counter()
        ids = self.search(probe)
        self.taken.append((time.perf_counter() - began) * 1000)
        self.found.append(ids)


def drawn(size: int, probes: int, seed: int = 1) -> Population:
    """People with 1 to 20 photos, as many as make `size`; the probes are further photos of such as have one."""
    stats = np.load(EVALUATION / "template_stats.npz")
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(stats["cov"] + 1e-9 * np.eye(DIMENSION)).astype(np.float32)
    mean = stats["mean"].astype(np.float32)
    spread = np.float32(np.sqrt(stats["within_person_variance"] / DIMENSION))
    photos = np.minimum(rng.zipf(2.0, size), MOST_PHOTOS)
    people = int(np.searchsorted(np.cumsum(photos), size)) + 1
    person = np.repeat(np.arange(people), photos[:people])[:size]

    def unit(rows: Floats) -> Floats:
        scaled: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return scaled

    def noise(count: int) -> Floats:
        return rng.standard_normal((count, DIMENSION), np.float32) * spread

    centres = unit(rng.standard_normal((people, DIMENSION), np.float32) @ root.T + mean)
    templates = np.empty((size, DIMENSION), np.float32)
    for begin in range(0, size, AT_ONCE):
        some = person[begin : begin + AT_ONCE]
        templates[begin : begin + AT_ONCE] = unit(centres[some] + noise(len(some)))
    rng.shuffle(person_order := np.arange(size))
    templates, person = templates[person_order], person[person_order]
    sought = rng.choice(people, probes, replace=False)
    return Population(templates, person, unit(centres[sought] + noise(probes)), sought)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--opened", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.opened:
        engine, folder, threads = given.opened
        print_opened(engine, Path(folder), int(threads))
        return
    rows: list[dict[str, Any]] = []
    for size in given.sizes:
        people = drawn(size, given.queries)
        with tempfile.TemporaryDirectory() as home:
            contenders = list(ready(people, Path(home)))
            for probe in people.probes:
                for one in contenders:
                    one.answer(probe)
            rows += [row(people, one, contenders[0]) for one in contenders]
            for added in rows[-len(contenders) :]:
                print(added, file=sys.stderr)
    write_results("gallery", "make bench NAME=gallery", rows)


def ready(people: Population, home: Path) -> Iterator[Contender]:
    """Each engine, filled; `exact`, which the others are held against, first."""
    yield built("exact", home / "exact", 1, 4 * DIMENSION, people)
    yield flat(people)
    for code_bytes in (16, 32):
        for threads in (1, os.cpu_count() or 1):
            folder = home / f"embedded-{code_bytes}-{threads}"
            yield built("embedded", folder, threads, code_bytes, people)


def built(engine: str, folder: Path, threads: int, code_bytes: int, people: Population) -> Contender:
    """A gallery of the product, built as `gallery rebuild` does, through to the disk."""
    gallery = made(engine, folder, threads, code_bytes)
    began = time.perf_counter()
    gallery.refill(people.batches(), 0)
    gallery.save()
    taken = time.perf_counter() - began
    opened = subprocess.run(
        [sys.executable, "-m", "bench.gallery", "--opened", engine, str(folder), str(threads)],
        capture_output=True,
        check=True,
    )
    each, open_s = json.loads(opened.stdout)

    def search(probe: Floats) -> list[int]:
        return [one.face_id for one in gallery.search(Template(MODEL, TemplateRole.SEARCH, probe), 10).scored]

    return Contender(engine, threads, code_bytes, taken, each / len(people.templates), search, open_s)


def print_opened(engine: str, folder: Path, threads: int) -> None:
    """In a process of its own: the memory that the gallery in a folder takes, a search included, and its opening.

    FAISS's own memory, some MB, is not counted.
    """
    made(engine, folder / "none", threads, 16)
    import faiss  # noqa: F401

    probe = Template(MODEL, TemplateRole.SEARCH, np.full(DIMENSION, DIMENSION**-0.5, np.float32))
    before, began = resident(), time.perf_counter()
    gallery = made(engine, folder, threads, 16)
    open_s = time.perf_counter() - began
    gallery.search(probe, 10)
    print(json.dumps([resident() - before, round(open_s, 3)]))


def made(engine: str, folder: Path, threads: int, code_bytes: int) -> Gallery:
    """A gallery of the product in that folder."""
    if engine == "exact":
        return ExactGallery(MODEL, DIMENSION, Snapshot(folder))
    return EmbeddedGallery(MODEL, DIMENSION, folder, Shape(code_bytes=code_bytes), threads)


def flat(people: Population) -> Contender:
    """FAISS's own exact index, on one thread."""
    import faiss

    faiss.omp_set_num_threads(1)
    before, began = resident(), time.perf_counter()
    index = faiss.IndexFlatIP(DIMENSION)
    index.add(people.templates)
    taken = time.perf_counter() - began
    each = (resident() - before) / len(people.templates)

    def search(probe: Floats) -> list[int]:
        return [int(one) + 1 for one in index.search(probe[None], 10)[1][0]]

    return Contender("faiss Flat", 1, 4 * DIMENSION, taken, each, search)


def row(people: Population, one: Contender, exact: Contender) -> dict[str, Any]:
    """What a contender did, beside what `exact` found."""
    mates = same = 0
    for sought, ids in zip(people.sought, one.found, strict=True):
        mates += int(np.count_nonzero(people.person[np.array(ids) - 1] == sought))
    found = sum(
        int(np.count_nonzero(people.person[np.array(ids) - 1] == sought))
        for sought, ids in zip(people.sought, exact.found, strict=True)
    )
    same = sum(len({*ours} & {*theirs}) for ours, theirs in zip(one.found, exact.found, strict=True))
    size = len(people.templates)
    return {
        "engine": one.engine,
        "n": size,
        "threads": one.threads,
        "code_bytes": one.code_bytes,
        "ms": round(median(one.taken), 2),
        "ns_per_face": round(median(one.taken) * 1e6 / size, 2),
        "mates_at_10": round(mates / found, 4),
        "same_at_10": round(same / sum(map(len, exact.found)), 4),
        "ram_bytes_per_face": round(one.ram_bytes_per_face, 1),
        "build_s": round(one.build_s, 2),
        "open_s": one.open_s,
        "queries": len(one.taken),
        "load": round(os.getloadavg()[0], 1),
    }


def resident() -> int:
    """Bytes of this process's memory that are no file's: memory-mapped templates are the system's to keep."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    main()
