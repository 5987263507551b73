"""Whenever the process dies, no committed face is lost and no withdrawn one comes back."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from facewitness.acts.bank import follow, refill
from facewitness.gallery import EmbeddedGallery
from facewitness.store import Catalogue
from facewitness.testing import agree, held_in, random_templates

from .log import Log, open_small

KILLS = int(os.environ.get("FACEWITNESS_TEST_KILLS", "20"))
ROOT = Path(__file__).parents[4]


def assert_whole(folder: Path, log: Log) -> EmbeddedGallery:
    """What the next process finds, and what it makes of it."""
    gallery, oracle = open_small(folder), log.oracle()
    assert gallery.damaged() == []
    follow(gallery, cast("Catalogue", log))
    assert len(gallery) == len(oracle)
    assert gallery.position.withdrawn == log.acts
    for wanted in random_templates(3, seed=log.acts):
        agree(gallery, oracle, wanted, 10, None)
    agree(gallery, oracle, random_templates(1)[0], len(oracle) + 10, None)
    return gallery


def test_a_gallery_whose_process_is_killed_again_and_again_holds_what_was_committed(tmp_path: Path) -> None:
    log, chance, cut_short = Log(tmp_path / "log"), random.Random(4), 0
    command = [sys.executable, "-m", "tests.unit.gallery.embedded.lives", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    for number in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as life:
            assert life.stdout is not None
            assert life.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 0.6))
            life.kill()
        cut_short += len(list((tmp_path / "gallery").glob("*"))) > named(tmp_path / "gallery")
        gallery = assert_whole(tmp_path / "gallery", log)
        if number % 5 == 4:
            gallery.save()
            assert not any(held_in(tmp_path / "gallery", secret) for secret in log.secrets())
            assert_whole(tmp_path / "gallery", log)
    assert log.acts > KILLS
    assert KILLS < 100 or cut_short > KILLS // 10, "the killer did not come while files were written"


def named(folder: Path) -> int:
    """How many files there would be had nothing been cut short: those that are named, the manifest, the lock."""
    manifest = open_small(folder)._files.manifest()
    return len(manifest.names) + 2 if manifest else 1


class Dead(BaseException):
    """The process is no more."""


STEPS = [(os, "fsync"), (os, "urandom"), (Path, "replace"), (Path, "unlink"), (np, "memmap")]


@pytest.mark.parametrize("after_step", [False, True])
@pytest.mark.parametrize("step", range(30))
def test_death_at_any_step_of_writing_leaves_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, after_step: bool
) -> None:
    """Each call that changes the disk in its turn, before it and after it."""
    log, gallery = Log(tmp_path / "log"), open_small(tmp_path / "gallery")
    catalogue = cast("Catalogue", log)
    for _ in range(40):
        log.commit()
    follow(gallery, catalogue)
    gallery.save()
    for _ in range(12):
        log.commit()
    left = step

    def dying(call: Any) -> Any:
        def called(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0 and not after_step:
                raise Dead
            done = call(*arguments, **named)
            if left < 0:
                raise Dead
            return done

        return called

    with monkeypatch.context() as patched:
        for owner, name in STEPS:
            patched.setattr(owner, name, dying(getattr(owner, name)))
        try:
            follow(gallery, catalogue)
            gallery.save()
            refill(gallery, catalogue)
        except Dead:
            pass
    gallery = assert_whole(tmp_path / "gallery", log)
    gallery.save()
    assert not any(held_in(tmp_path / "gallery", secret) for secret in log.secrets())
    assert_whole(tmp_path / "gallery", log)
