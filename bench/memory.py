"""Peak memory while 5,000 photos are enrolled.

`make bench NAME=memory`. The photos are links to 200 scenes of 1280 pixels with a comment of their own at the
end, so that each is another photo to the bank. The peak is that of the whole process, models included.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.photo_set import scenes
from bench.results_file import write_results
from facewitness import Service

PHOTOS, SCENES, CORES = 5_000, 200, 2
EVERY = 500


def main() -> None:
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "photos"
        originals = [path.read_bytes() for path in _scenes(Path(home) / "scenes")]
        folder.mkdir()
        for number in range(PHOTOS):
            # After the end of a JPEG anything may follow: same pixels, another digest.
            data = originals[number % SCENES] + f"{number:08}".encode()
            (folder / f"{number:05}.jpg").write_bytes(data)
        with Service.open(Path(home) / "bank", threads=CORES) as service:
            began = time.perf_counter()

            def tell(progress: Any, _outcome: Any) -> None:
                if progress.seen >= EVERY * (len(rows) + 1):
                    rows.append(
                        {
                            "photos": progress.seen,
                            "faces": progress.faces,
                            "peak_mb": peak_mb(),
                            "photos_per_s": round(progress.seen / (time.perf_counter() - began), 1),
                        }
                    )
                    print(rows[-1], file=sys.stderr)

            service.enrol(folder, name="bench", steward="bench", basis="own-work", tell=tell)
    write_results("memory", "make bench NAME=memory", rows)


def peak_mb() -> int:
    """The largest resident set of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _scenes(folder: Path) -> list[Path]:
    return [folder / name for name in scenes(folder, SCENES, 1280)]


if __name__ == "__main__":
    main()
