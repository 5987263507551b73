"""Time to the first result: a search from the command line, start-up included, and a warm one, by bank size.

`make bench NAME=search`. Each bank holds the sample portraits and drawn templates of people who do not exist
(`../shared/eval/README.md`), twenty faces to a photo; every search is a whole one, with its ledger entry. The
probe's own share (decode, find, embed) is measured beside it.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.accuracy import distractors
from bench.photo_set import PORTRAITS
from bench.results_file import write_results
from facewitness import Service
from facewitness.batches import batched
from facewitness.faces import load_models
from facewitness.store import Catalogue, FolderBlobs
from facewitness.terms.face import Box, Detection, Landmarks, Quality
from facewitness.terms.provenance import EmbeddedFacts, Observation, Photo, PhotoId, SourceId
from facewitness.terms.template import EmbeddedFace, Floats, ModelId, Template, TemplateRole

SIZES = (1_000, 10_000, 100_000, 1_000_000)
COLD_RUNS, WARM_RUNS = 5, 31
FACES_A_PHOTO = 20
PROBE = PORTRAITS / "obama2.jpg"
PURPOSE = "measure a search"


def main() -> None:
    rows: list[dict[str, Any]] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as home:
            bank = Path(home) / "bank"
            fill(bank, size)
            rows += [cold(bank, size), warm(bank, size)]
            print(json.dumps(rows[-2]), json.dumps(rows[-1]), sep="\n", file=sys.stderr)
    write_results("search", "make bench NAME=search", rows)


def cold(bank: Path, size: int) -> dict[str, Any]:
    """A new process for each search: Python, models, gallery, search, printing."""
    command = [sys.executable, "-m", "facewitness", "search", str(PROBE), "--purpose", PURPOSE, "--json"]
    environment = os.environ | {"FACEWITNESS_BANK": str(bank)}

    def search() -> None:
        subprocess.run(command, env=environment, check=True, capture_output=True)

    taken = [once(search) for _ in range(COLD_RUNS + 1)][1:]
    return {"n": size, "warm": False, "ms": round(median(taken), 2), "runs": COLD_RUNS}


def warm(bank: Path, size: int) -> dict[str, Any]:
    """One open service; `ms` is the whole search, `ms_above_probe` what is left without the probe's share."""
    data = PROBE.read_bytes()
    with Service.open(bank) as service:
        reader = service._bank.faces()  # noqa: SLF001  (the probe's share cannot be seen from outside)

        def probe() -> None:
            [face] = service.examine(data).faces
            reader.embed([face.found], TemplateRole.SEARCH)

        def search() -> None:
            service.search(data, purpose=PURPOSE)

        # In turns, for a machine that others use too is faster in one second than in the next.
        pairs = [(once(probe), once(search)) for _ in range(WARM_RUNS + 1)][1:]
    return {
        "n": size,
        "warm": True,
        "ms": round(median(whole for _, whole in pairs), 2),
        "probe_ms": round(median(share for share, _ in pairs), 2),
        "ms_above_probe": round(median(whole - share for share, whole in pairs), 2),
        "runs": WARM_RUNS,
    }


def once(function: Callable[[], None]) -> float:
    """Milliseconds that one call takes."""
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000


def fill(bank: Path, size: int) -> None:
    """A bank of the sample portraits and as many drawn templates as make `size` faces."""
    with Service.open(bank) as service:
        service.enrol(PORTRAITS, name="portraits", steward="bench", basis="licence")
        there = service.status().totals["faces"]
    add_drawn(bank, np.concatenate(distractors(size - there)), FACES_A_PHOTO)


def add_drawn(bank: Path, drawn: Floats, faces_a_photo: int, *, with_bytes: bool = False) -> None:
    """Add drawn templates (n, dimension) to the source `portraits`, so many to a photo."""
    catalogue = Catalogue(f"sqlite:///{bank / 'catalogue.sqlite'}")
    blobs = FolderBlobs(bank / "photos")
    model = load_models(None).id
    for some in batched(batched(drawn, faces_a_photo), 500):
        with catalogue.writing() as writer:
            for templates in some:
                photo = _photo(templates[0].tobytes())
                if with_bytes:
                    blobs.put(photo.id, templates[0].tobytes())
                writer.add_photo(photo, photo.id)
                writer.add_captures(photo.id, SourceId("portraits"), photo.id, [Observation(photo.id)])
                writer.add_faces(photo.id, model, [_face(model, one) for one in templates], [])
    catalogue.close()
    with Service.open(bank) as service:
        service.rebuild()


def _photo(name: bytes) -> Photo:
    digest = PhotoId(hashlib.sha256(name).hexdigest())
    return Photo(digest, 1, "JPEG", 1280, 960, b"", EmbeddedFacts(), datetime.now(UTC))


def _face(model: ModelId, values: Any) -> EmbeddedFace:
    points = [(float(x), 10.0) for x in range(5)]
    detection = Detection(Box(0, 0, 100, 120), Landmarks(*points), 0.9)
    quality = Quality(100, 40, 0, 0, 0, 100, 128, 0, 0)
    return EmbeddedFace(detection, quality, Template(model, TemplateRole.ENROLMENT, values))


if __name__ == "__main__":
    main()
