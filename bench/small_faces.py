"""Which faces are found, by their width in the photo, and what finding costs: 1.2 and 12 megapixels.

`make bench NAME=small_faces`. Evaluation faces pasted into composed scenes (`bench/photo_set.py`); a face
counts as found where a detection holds its middle and is of about its size.
"""

import itertools
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.photo_set import Placed, scenes
from bench.results_file import write_results
from facewitness.faces import load_models
from facewitness.photos import ReadPhoto, read_photo
from facewitness.settings import read_settings

SCENES = {1280: 120, 4000: 40}
WIDTHS = (24, 32, 40, 60, 120, 10_000)


def main() -> None:
    settings = read_settings()
    reader = load_models(None).reader(settings.cache, 1)
    rows: list[dict[str, Any]] = []
    for width, count in SCENES.items():
        with tempfile.TemporaryDirectory() as home:
            placed = scenes(Path(home), count, width, seed=7)
            outcome: list[tuple[Placed, bool]] = []
            taken, extra = [], 0
            for name, faces in placed.items():
                read = read_photo((Path(home) / name).read_bytes())
                assert isinstance(read, ReadPhoto)
                began = time.perf_counter()
                boxes = [face.detection.box for face in reader.find(read.picture.pixels)]
                taken.append(time.perf_counter() - began)
                outcome += [(face, any(face.in_box(box) for box in boxes)) for face in faces]
                extra += sum(not any(face.in_box(box) for face in faces) for box in boxes)
        rows.append(
            {
                "megapixels": round(width * width * 0.75 / 1e6, 1),
                "photos": count,
                "ms_median": round(median(taken) * 1000),
                "ms_largest": round(max(taken) * 1000),
                "false_detections": extra,
            }
        )
        for low, high in itertools.pairwise(WIDTHS):
            some = [found for face, found in outcome if low <= face.width < high]
            rows.append(
                {
                    "megapixels": rows[-1]["megapixels"],
                    "face_px_from": low,
                    "faces": len(some),
                    "found": sum(some),
                }
            )
    write_results("small_faces", "make bench NAME=small_faces", rows)


if __name__ == "__main__":
    main()
