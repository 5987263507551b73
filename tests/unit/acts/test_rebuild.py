"""The gallery is made from the catalogue, and may be made again at any time."""

import shutil
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
