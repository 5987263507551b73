"""The gallery is made from the catalogue, and may be made again at any time."""

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from facewitness import Service
from facewitness.terms.candidate import CandidateList

from .banks import photo_id

PURPOSE = "test the gallery"


def answers(service: Service, portraits: Path) -> list[tuple[int, float]]:
    """Faces and scores of a search that every face answers."""
    result: CandidateList = service.search(portraits / "obama.jpg", purpose=PURPOSE, threshold=-1.0)
    return [(one.face.id, one.score) for one in result.candidates]


def test_a_rebuilt_gallery_answers_as_before(bank: Service, portraits: Path) -> None:
    before = answers(bank, portraits)
    assert bank.rebuild() == len(before) == bank.status().totals["faces"]
    assert answers(bank, portraits) == before


def test_a_gallery_rebuilt_after_a_withdrawal_does_not_bring_back(bank: Service, portraits: Path) -> None:
    bank.withdraw(photo_id(portraits / "biden.jpg"))
    before = answers(bank, portraits)
    assert bank.rebuild() == len(before)
    assert answers(bank, portraits) == before


@pytest.mark.parametrize("opened_before", [True, False])
def test_the_gallerys_folder_may_be_deleted(
    bank: Service, portraits: Path, opened_before: bool, tmp_path: Path
) -> None:
    before = answers(bank, portraits)
    if opened_before:
        shutil.rmtree(bank.settings.bank / "gallery")
        assert answers(bank, portraits) == before
        bank.withdraw(photo_id(portraits / "biden.jpg"))  # writes its snapshot anew
        assert len(answers(bank, portraits)) == len(before) - 1
        return
    bank.close()
    shutil.rmtree(bank.settings.bank / "gallery")
    with Service.open(bank.settings.bank, actor="tester") as service:
        assert answers(service, portraits) == before


def test_an_empty_bank_has_an_empty_gallery(service: Service) -> None:
    assert service.rebuild() == 0


def test_a_gallery_of_another_catalogue_is_noticed_and_made_again(portraits: Path, tmp_path: Path) -> None:
    """A backup of the catalogue alone gives its ids to other faces than the gallery knows by them."""
    photos, folder = tmp_path / "photos", tmp_path / "bank"
    photos.mkdir()

    def enrolled(name: str) -> None:
        shutil.copy(portraits / name, photos)
        with Service.open(folder) as service:
            service.enrol(photos, name="Photos", steward="A. Steward", basis="own-work")

    enrolled("obama.jpg")
    with (
        sqlite3.connect(folder / "catalogue.sqlite") as catalogue,
        sqlite3.connect(tmp_path / "kept") as kept,
    ):
        catalogue.backup(kept)
    enrolled("biden.jpg")
    (photos / "biden.jpg").unlink()
    for path in folder.glob("catalogue.sqlite*"):
        path.unlink()
    shutil.copy(tmp_path / "kept", folder / "catalogue.sqlite")
    enrolled("astronaut.png")
    with Service.open(folder) as service:
        assert service.search(portraits / "biden.jpg", purpose="look for him").candidates == ()
        [found] = service.search(portraits / "astronaut.png", purpose="look for her").candidates
        assert found.captures[0].capture.path == "astronaut.png"


def test_a_search_during_a_rebuild_sees_the_whole_gallery(bank: Service, portraits: Path) -> None:
    probe = (portraits / "obama2.jpg").read_bytes()
    whole = len(bank.search(probe, purpose="before").candidates)
    stop = threading.Event()

    def rebuild() -> None:
        while not stop.is_set():
            bank.rebuild()

    thread = threading.Thread(target=rebuild)
    thread.start()
    try:
        found = [len(bank.search(probe, purpose="meanwhile").candidates) for _ in range(15)]
    finally:
        stop.set()
        thread.join()
    assert found == [whole] * 15
