"""Withdrawing a source of 100,000 photos, and the search that proves it.

`make bench NAME=withdraw`. The source holds the sample portraits, and drawn templates of people who do not exist,
one to a photo, each with bytes on disk. Before, a search finds the portraits; afterwards nothing, and nothing is
left: no row of a photo, capture, face or visit, no template in the gallery, no file.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy import distractors
from bench.photo_set import PORTRAITS
from bench.results_file import write_results
from bench.search import PROBE, PURPOSE, add_drawn
from facewitness import Service

PHOTOS = 100_000


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        bank = Path(home) / "bank"
        with Service.open(bank) as service:
            service.enrol(PORTRAITS, name="portraits", steward="bench", basis="licence")
            there = service.status().totals["photos"]
        add_drawn(bank, np.concatenate(distractors(PHOTOS - there)), faces_a_photo=1, with_bytes=True)
        write_results("withdraw", "make bench NAME=withdraw", [row(bank)])


def row(bank: Path) -> dict[str, Any]:
    """One withdrawal, with what was there before and is there afterwards."""
    with Service.open(bank) as service:
        before = service.search(PROBE, purpose=PURPOSE)
        began = time.perf_counter()
        done = service.withdraw("portraits")
        taken = time.perf_counter() - began
        after = service.search(PROBE, purpose=PURPOSE)
        totals = service.status().totals
    return {
        "photos": done.photos,
        "templates": done.templates,
        "seconds": round(taken, 1),
        "photos_per_s": round(done.photos / taken),
        "candidates_before": len(before.candidates),
        "candidates_after": len(after.candidates),
        "searched_after": after.threshold.gallery_size,
        "rows_after": totals["photos"] + totals["captures"] + totals["faces"] + totals["refused_faces"],
        "files_after": sum(1 for one in (bank / "photos").rglob("*") if one.is_file()),
    }


if __name__ == "__main__":
    main()
