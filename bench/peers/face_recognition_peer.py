"""face_recognition 1.3.0 (dlib, hog) over a folder, a process for each core: every face found and encoded.

Run in the peers' environment: `python face_recognition_peer.py FOLDER PROCESSES` prints JSON.
"""

import json
import sys
import time
from multiprocessing import Pool
from pathlib import Path


def read(path: str) -> list[list[float]]:
    import face_recognition

    pixels = face_recognition.load_image_file(path)
    places = face_recognition.face_locations(pixels, model="hog")
    face_recognition.face_encodings(pixels, places)
    return [[left, top, right - left, bottom - top] for top, right, bottom, left in places]


if __name__ == "__main__":
    paths = sorted(str(path) for path in Path(sys.argv[1]).glob("*.jpg"))
    with Pool(int(sys.argv[2])) as pool:
        pool.map(read, paths[:2], 1)
        began = time.perf_counter()
        boxes = pool.map(read, paths, 1)
        seconds = time.perf_counter() - began
    found = {Path(path).name: box for path, box in zip(paths, boxes, strict=True)}
    print(json.dumps({"seconds": seconds, "boxes": found}))
