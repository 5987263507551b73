"""The embedded gallery: growing and shrinking, damage, what is gone, and two of them on one folder."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facewitness.errors import BankError
from facewitness.gallery import EmbeddedGallery, ExactGallery, Position, Snapshot
from facewitness.gallery.embedded.codes import Codes
from facewitness.gallery.embedded.files import Files
from facewitness.terms.template import Floats
from facewitness.testing import DIMENSION, MODEL, NONE, agree, fill, held_in, probe, random_templates

from .log import SMALL, open_small


def filled(folder: Path, count: int = 2500) -> EmbeddedGallery:
    gallery = open_small(folder)
    fill(gallery, count)
    gallery.save()
    return gallery


def oracle(count: int = 2500, gone: list[int] = []) -> ExactGallery:  # noqa: B006  (never changed)
    exact = ExactGallery(MODEL, DIMENSION)
    fill(exact, count)
    exact.take(
        NONE, np.empty((0, DIMENSION), np.float32), np.array(gone, np.int64), Position(count, len(gone))
    )
    return exact


def withdraw(gallery: EmbeddedGallery, *gone: int) -> None:
    face, withdrawn = gallery.position
    position = Position(face, withdrawn + len(gone))
    gallery.take(NONE, np.empty((0, DIMENSION), np.float32), np.array(gone, np.int64), position)


def sizes(gallery: EmbeddedGallery) -> list[tuple[int, bool]]:
    """Each segment's rows, and whether it has codes."""
    return [(len(one), one.codes is not None) for one in gallery._state.segments]


# Growing and shrinking


def test_codes_come_with_enough_faces_and_go_with_too_few(tmp_path: Path) -> None:
    gallery = open_small(tmp_path)
    templates = random_templates(2600)
    for end, wanted in (
        (639, [(639, False)]),
        (640, [(639, False), (1, False)]),
        (1300, [(639, False), (661, True)]),
        (2600, [(639, False), (661, True), (1000, True), (300, False)]),
    ):
        gallery.take(np.arange(1, end + 1), templates[:end], NONE, Position(end, 0))
        gallery.save()
        assert sizes(gallery) == wanted
    withdraw(gallery, *range(1, 2201))
    gallery.save()
    assert not any(coded for _, coded in sizes(gallery))
    assert len(gallery) == len(open_small(tmp_path)) == 400
    agree(gallery, oracle(2600, list(range(1, 2201))), templates[2300], 20, None)


def test_a_bank_that_exact_served_goes_on_and_back_without_loss(tmp_path: Path) -> None:
    """Each finds nothing of its own in the other's folder, follows the catalogue, and drops what it replaces."""
    exact = ExactGallery(MODEL, DIMENSION, Snapshot(tmp_path))
    templates = fill(exact, 2500)
    exact.save()
    gallery = open_small(tmp_path)
    assert gallery.position == Position(0, 0)
    fill(gallery, 2500)
    withdraw(gallery, 42)
    gallery.save()
    assert not held_in(tmp_path, templates[41])
    assert len(ExactGallery(MODEL, DIMENSION, Snapshot(tmp_path))) == 0
    exact.take(NONE, templates[:0], np.array([42, 43]), Position(2500, 2))
    exact.save()
    assert not held_in(tmp_path, templates[42])
    assert len(ExactGallery(MODEL, DIMENSION, Snapshot(tmp_path))) == 2498
    assert len(open_small(tmp_path)) == 0


def test_a_head_grown_large_goes_to_disk_by_itself(tmp_path: Path) -> None:
    gallery = open_small(tmp_path)
    templates = random_templates(3000)
    for begin in range(0, 3000, 100):
        ids = np.arange(begin, begin + 100) + 1
        gallery.take(ids, templates[begin : begin + 100], NONE, Position(begin + 100, 0))
        assert sum(len(block) for block in gallery._state.head) < SMALL.head_rows
    assert open_small(tmp_path).position.face == 3000
    agree(gallery, oracle(3000), templates[5], 20, None)


# Withdrawal


def test_neither_code_nor_template_of_a_withdrawn_face_is_in_any_file_after_saving(tmp_path: Path) -> None:
    """No two of these templates are alike: a code that comes near to one is its own."""
    gallery = open_small(tmp_path)
    secret = fill(gallery, 900)[500]
    gallery.save()
    assert nearest_code(tmp_path, secret) > 0.9
    withdraw(gallery, 501)
    assert len(gallery.search(probe(secret), 1000, floor=0.8).scored) == 0  # before it is saved
    gallery.save()
    assert nearest_code(tmp_path, secret) < 0.8
    assert not held_in(tmp_path, secret)
    assert [len(Codes.read(path.read_bytes())) for path in tmp_path.glob("*.codes")] == [899]


def nearest_code(folder: Path, template: Floats) -> float:
    """How near any code in any file comes to a template."""
    return max(
        float(Codes.read(path.read_bytes()).nearest(template, 1)[1][0]) for path in folder.glob("*.codes")
    )


def test_a_withdrawal_writes_anew_only_the_segment_that_it_touches(tmp_path: Path) -> None:
    gallery = filled(tmp_path)
    before = {path.name for path in tmp_path.glob("*.templates")}
    withdraw(gallery, 1500)
    gallery.save()
    after = {path.name for path in tmp_path.glob("*.templates")}
    assert len(before) == len(after) == 3
    assert len(before & after) == 2


# Damage


@pytest.mark.parametrize("kind", ["ids", "codes", "templates"])
@pytest.mark.parametrize("damage", ["missing", "truncated", "longer", "altered"])
def test_a_damaged_segment_is_noticed_at_opening_and_made_again(
    tmp_path: Path, kind: str, damage: str
) -> None:
    """What comes before it is kept, and what it held is followed from the catalogue once more."""
    gallery = filled(tmp_path)
    entry = gallery._state.segments[1].entry
    path = (
        tmp_path
        / {"ids": entry.ids, "templates": entry.templates, "codes": entry.codes or entry.ids}[kind].name
    )
    spoil(path, damage)
    assert gallery.damaged() == [path.name]
    again = open_small(tmp_path)
    if (kind, damage) == ("templates", "altered"):  # too much to be read at every opening
        assert len(again) == 2500
        return
    assert again.position == Position(1000, 0)
    fill(again, 2500)
    agree(again, oracle(), random_templates(1, seed=3)[0], 20, None)
    again.save()
    assert again.damaged() == []
    assert len(open_small(tmp_path)) == 2500


@pytest.mark.parametrize("damage", ["missing", "truncated", "altered"])
def test_a_damaged_manifest_is_as_good_as_none(tmp_path: Path, damage: str) -> None:
    filled(tmp_path)
    spoil(tmp_path / "segments.json", damage)
    again = open_small(tmp_path)
    assert (len(again), again.position) == (0, Position(0, 0))
    fill(again, 2500)
    again.save()
    assert len(open_small(tmp_path)) == 2500
    assert len(list(tmp_path.glob("*.templates"))) == 3  # nothing lies about


def spoil(path: Path, damage: str) -> None:
    data = path.read_bytes()
    path.unlink()
    if damage == "truncated":
        path.write_bytes(data[:-8])
    elif damage == "longer":
        path.write_bytes(data + b"\0" * 8)
    elif damage == "altered":
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])


def test_templates_that_were_altered_are_noticed_where_there_are_no_codes(tmp_path: Path) -> None:
    gallery = filled(tmp_path, 300)
    spoil(tmp_path / gallery._state.segments[0].entry.templates.name, "altered")
    assert len(open_small(tmp_path)) == 0


def test_a_folder_that_cannot_be_written_costs_no_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery = open_small(tmp_path)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Files, "write", full)
    fill(gallery, 2500)
    gallery.save()
    agree(gallery, oracle(), random_templates(1, seed=3)[0], 20, None)
    with pytest.raises(BankError, match="No space left"):
        gallery.refill([(np.arange(1, 10), random_templates(9))], 0)
    agree(gallery, oracle(), random_templates(1, seed=3)[0], 20, None)


# Others


def test_what_comes_and_goes_while_a_save_writes_is_there_and_gone_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer never holds up a search or a taking in."""
    gallery = EmbeddedGallery(MODEL, DIMENSION, tmp_path, replace(SMALL, head_rows=9000))
    templates = fill(gallery, 2500)
    write, more = Files.write, random_templates(1, seed=11)

    def slowly(files: Files, *arguments: Any) -> Any:
        if len(gallery) == 2500:
            gallery.take(np.array([2501]), more, np.array([7, 2400]), Position(2501, 2))
            assert gallery.search(probe(more[0]), 1).scored[0].face_id == 2501
        return write(files, *arguments)

    monkeypatch.setattr(Files, "write", slowly)
    gallery.save()
    assert (len(gallery), gallery.position) == (2499, Position(2501, 2))
    assert gallery.search(probe(more[0]), 1).scored[0].face_id == 2501
    assert {7, 2400} & {one.face_id for one in gallery.search(probe(templates[6]), 2500).scored} == set()
    gallery.save()
    again = open_small(tmp_path)
    assert (len(again), again.position) == (2499, Position(2501, 2))
    assert not held_in(tmp_path, templates[6])


def test_a_gallery_takes_over_what_another_process_has_saved(tmp_path: Path) -> None:
    """A server that has followed the command line's enrolment need not write it a second time."""
    server, line = open_small(tmp_path), open_small(tmp_path)
    fill(line, 2500)
    line.save()
    fill(server, 2500)
    names = {path.name for path in tmp_path.iterdir()}
    server.save()
    assert {path.name for path in tmp_path.iterdir()} == names
    assert sizes(server) == sizes(line)
    assert server._state.head == ()


def test_a_reader_goes_on_with_files_that_a_writer_has_dropped(tmp_path: Path) -> None:
    server, line = filled(tmp_path), open_small(tmp_path)
    withdraw(line, *range(1, 2001))
    line.save()
    agree(server, oracle(), random_templates(1, seed=3)[0], 20, None)
    withdraw(server, *range(1, 2001))
    server.save()
    assert server.damaged() == []
    assert len(server) == len(open_small(tmp_path)) == 500


def test_a_folder_deleted_under_an_open_gallery_is_written_whole_at_the_next_save(tmp_path: Path) -> None:
    gallery = filled(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    withdraw(gallery, 2400)
    gallery.save()
    assert gallery.damaged() == []
    assert len(open_small(tmp_path)) == 2499


def test_a_manifest_replaced_during_opening_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = filled(tmp_path)
    opened, seen = Files.open, 0

    def late(files: Files, entry: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == 2:
            withdraw(line, *range(1, 2001))
            line.save()
        return opened(files, entry)

    monkeypatch.setattr(Files, "open", late)
    again = open_small(tmp_path)
    assert (len(again), again.position) == (500, Position(2500, 2000))


WRITER = """
import sys, numpy as np
from pathlib import Path
from tests.unit.gallery.embedded.log import open_small
from facewitness.testing import fill
gallery = open_small(Path(sys.argv[1]))
for count in range(100, 3001, 100):
    fill(gallery, count)
    gallery.save()
"""


def test_one_process_writes_while_another_searches(tmp_path: Path) -> None:
    """The reader is never held up, and each opening finds a whole gallery."""
    root = Path(__file__).parents[4]
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], cwd=root, env=_with(root))
    whole = random_templates(3000)
    counts = []
    while writer.poll() is None:
        reader = open_small(tmp_path)
        counts.append(len(reader))
        assert len(reader) == reader.position.face
        if len(reader):
            last = reader.last()
            assert last is not None
            assert reader.search(probe(last[1]), 1).scored[0].face_id == last[0] == len(reader)
    assert writer.returncode == 0
    assert counts == sorted(counts)
    assert len(open_small(tmp_path)) == 3000
    assert open_small(tmp_path).search(probe(whole[2999]), 1).scored[0].face_id == 3000


def _with(root: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(root), *sys.path])}


def test_a_taking_in_does_not_wait_for_another_process_that_writes(tmp_path: Path) -> None:
    gallery, held, done = open_small(tmp_path), threading.Event(), threading.Event()

    def hold() -> None:
        with Files(tmp_path, DIMENSION).writing():
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    began = time.monotonic()
    fill(gallery, 2500)  # more than a head holds
    assert time.monotonic() - began < 5
    assert len(gallery) == 2500
    assert sizes(gallery) == []
    done.set()
    thread.join()
    fill(gallery, 2600)
    gallery.save()
    assert sum(rows for rows, _ in sizes(gallery)) == 2600


def test_the_gallery_never_imports_what_it_has_no_use_for() -> None:
    """FAISS takes a tenth of a second to import: a bank without codes does not pay that."""
    code = "import sys, facewitness.gallery; sys.exit('faiss' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
