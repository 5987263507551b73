"""An enrolment may be killed at any moment: the next one goes on, and nothing is in the bank twice."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from PIL import ImageOps

from facewitness import Service

from .banks import DETAILS, entries, held, shrunk

KILLS = 8
PROGRAM = """
import sys
from facewitness.__main__ import main
sys.modules["facewitness.acts.enrol"].BATCH = 2  # many transactions of few photos
main()
"""


@pytest.fixture(scope="module")
def many(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four files: near-copies, some of them twice, one that is no photo."""
    folder = tmp_path_factory.mktemp("many")
    originals = sorted(small.iterdir())
    for number in range(20):
        picture = shrunk(originals[number % 4], 160 + 4 * (number // 4))
        (ImageOps.mirror(picture) if number % 3 else picture).save(folder / f"{number:02}.jpg", quality=90)
    for number in (0, 7, 13):
        shutil.copy(folder / f"{number:02}.jpg", folder / f"{number:02}-twin.jpg")
    (folder / "05-words.jpg").write_text("not a photo")
    return folder


def contents(bank: Path) -> dict[str, list[tuple[object, ...]]]:
    """Photos, captures and faces, without what depends on when they came."""
    wanted = {
        "photos": "SELECT id, width, height, near_hash FROM photo",
        "captures": "SELECT photo_id, source_id, path, locator FROM capture",
        "faces": "SELECT photo_id, model, geometry, refusal FROM face",
        "visits": "SELECT path, fingerprint, photo_id, skip_reason FROM visit",
    }
    with closing(sqlite3.connect(bank / "catalogue.sqlite")) as raw:
        return {name: sorted(raw.execute(query), key=repr) for name, query in wanted.items()}


def runs(bank: Path) -> int:
    """How many enrolments began."""
    with closing(sqlite3.connect(bank / "catalogue.sqlite")) as raw:
        return int(raw.execute("SELECT count(*) FROM run").fetchone()[0])


def start(bank: Path, folder: Path) -> subprocess.Popen[str]:
    """The terminal's enrolment, in a process of its own."""
    words = ["enrol", str(folder), "--name", "Album", "--steward", "A. Steward", "--basis", "own-work"]
    return subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM, *words, "--json", "--bank", str(bank)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"FACEWITNESS_THREADS": "2"},
    )


def kill_during(process: subprocess.Popen[str], chance: random.Random, past_start: bool) -> None:
    """`kill -9`, a random while after it began or after some photo was told of."""
    assert process.stdout is not None
    if past_start:
        for _ in range(chance.randint(1, 2)):
            process.stdout.readline()
        time.sleep(chance.uniform(0, 0.015))
    else:
        time.sleep(chance.uniform(0.3, 1.2))
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_bank_whose_enrolment_was_killed_again_and_again_is_as_one_that_was_left_in_peace(
    tmp_path: Path, many: Path
) -> None:
    with Service.open(tmp_path / "undisturbed", actor="tester") as service:
        service.enrol(many, **DETAILS)
        expected_bytes = held(service)
    expected = contents(tmp_path / "undisturbed")

    bank, chance = tmp_path / "bank", random.Random(20240501)
    for number in range(KILLS):
        kill_during(start(bank, many), chance, past_start=number not in (0, 4))

    with start(bank, many) as last:
        assert last.stdout is not None
        events = [json.loads(line) for line in last.stdout]
    assert last.returncode == 0
    assert events[-1]["event"] == "summary"
    assert events[-1]["seen"] == 24

    assert contents(bank) == expected
    with Service.open(bank, actor="tester") as service:
        assert held(service) == expected_bytes
        outcomes = Counter(one["outcome"] for one in entries(service))
        counted = sum(one["facts"].get("photos", 0) for one in entries(service))
        assert outcomes["done"] + outcomes["interrupted"] == runs(bank) == len(entries(service))
        assert outcomes["interrupted"] >= KILLS // 2
        assert counted == len(expected["photos"])
        assert service.verify_ledger().defects == ()
        assert service.rebuild() == sum(refusal is None for *_, refusal in expected["faces"])


def test_a_killed_enrolment_is_entered_before_anybody_searches_what_it_left(
    tmp_path: Path, many: Path
) -> None:
    process = start(tmp_path / "bank", many)
    kill_during(process, random.Random(1), past_start=True)
    with Service.open(tmp_path / "bank", actor="another") as service:
        [entry] = entries(service)
    assert (entry["act"], entry["outcome"], entry["door"]) == ("enrol", "interrupted", "cli")
    assert "killed" in entry["reason"]
    assert entry["facts"]["photos"] == len(contents(tmp_path / "bank")["photos"])
