"""No photo is held without a name, one who answers for it, and a ground."""

import hashlib
import os
from pathlib import Path

import pytest

from facewitness import Service
from facewitness.acts import SourceDetails
from facewitness.errors import BadInput
from facewitness.terms.provenance import LegalBasis

from .banks import DETAILS, entries


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder without a photo: registering needs none."""
    made = tmp_path / "album"
    made.mkdir()
    return made


def test_a_new_folder_needs_details(service: Service, folder: Path) -> None:
    with pytest.raises(BadInput, match="not registered as a source yet"):
        service.enrol(folder)
    assert service.sources() == []
    assert [one["outcome"] for one in entries(service)] == ["failed"]


@pytest.mark.parametrize("missing", ["name", "steward"])
@pytest.mark.parametrize("given", ["", "  "])
def test_a_source_needs_a_name_and_a_steward(
    service: Service, folder: Path, missing: str, given: str
) -> None:
    with pytest.raises(BadInput, match=f"needs a {missing}"):
        service.enrol(folder, **(DETAILS | {missing: given}))
    assert service.sources() == []


@pytest.mark.parametrize(
    "basis",
    ["public", "It was public", "publicly available", "found on the internet", "online", "scraped", "none"],
)
def test_that_a_photo_could_be_seen_by_anybody_is_no_ground(
    service: Service, folder: Path, basis: str
) -> None:
    with pytest.raises(BadInput, match="gives no leave to search") as caught:
        service.enrol(folder, **(DETAILS | {"basis": basis}))
    assert all(one.value in caught.value.advice for one in LegalBasis)


@pytest.mark.parametrize("basis", ["", "permission", "archive"])
def test_an_unknown_ground_is_answered_with_the_known_ones(
    service: Service, folder: Path, basis: str
) -> None:
    with pytest.raises(BadInput, match="is not a legal basis") as caught:
        service.enrol(folder, **(DETAILS | {"basis": basis}))
    assert "public-archive-mandate" in caught.value.advice


@pytest.mark.parametrize("basis", [*LegalBasis, "Own work", " public_archive_mandate "])
def test_every_legal_basis_is_taken_as_people_write_it(service: Service, folder: Path, basis: str) -> None:
    service.add_source("folder", str(folder), SourceDetails(**(DETAILS | {"basis": basis}), citation="Act"))
    [(record, _)] = service.sources()
    assert record.basis == LegalBasis(basis.strip().lower().replace(" ", "-").replace("_", "-"))


def test_a_registered_folder_keeps_its_details(service: Service, folder: Path) -> None:
    service.enrol(folder, **DETAILS, licence="CC0", note="by the sea")
    service.enrol(folder, **(DETAILS | {"name": "Another", "steward": "B"}))
    service.enrol(folder)
    [(record, _)] = service.sources()
    assert (record.id, record.name, record.steward) == ("album", "Album", "A. Steward")
    assert (record.licence, record.note) == ("CC0", "by the sea")


def test_a_registered_folder_cannot_be_given_another_ground(service: Service, folder: Path) -> None:
    service.enrol(folder, **DETAILS)
    with pytest.raises(BadInput, match="on the ground 'own-work'"):
        service.enrol(folder, **(DETAILS | {"basis": "consent"}))


def test_one_folder_is_one_source_however_it_is_written(
    service: Service, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.enrol(folder, **DETAILS)
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("HOME", str(folder.parent))
    for written in ("album", "./album/../album", "~/album"):
        service.enrol(written)
        assert service.registered(str(written))
    assert len(service.sources()) == 1


@pytest.mark.parametrize(
    ("name", "source_id"), [("Élodie's Álbum 2", "elodie-s-album-2"), ("写真", "source"), ("--", "source")]
)
def test_a_name_in_any_script_gives_an_id(service: Service, folder: Path, name: str, source_id: str) -> None:
    service.enrol(folder, **(DETAILS | {"name": name}))
    [(record, _)] = service.sources()
    assert (record.id, record.name) == (source_id, name)


def test_an_id_is_never_given_twice(service: Service, tmp_path: Path) -> None:
    for number in range(3):
        made = tmp_path / str(number)
        made.mkdir()
        service.enrol(made, **DETAILS)
        service.withdraw("album" if number == 0 else f"album-{number + 1}")
    assert service.sources() == []
    assert [one["facts"]["source"] for one in entries(service)[::2]] == ["album", "album-2", "album-3"]


def test_a_folder_that_is_not_there_is_no_source(service: Service, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a folder"):
        service.enrol(tmp_path / "missing", **DETAILS)
    assert service.sources() == []


@pytest.mark.parametrize("place", ["a\0b", "~nobody-of-that-name/x", "a" * 5000])
@pytest.mark.parametrize("kind", ["folder", "webarchive", "export", "shards"])
def test_what_can_be_no_path_is_no_source(service: Service, kind: str, place: str) -> None:
    with pytest.raises(BadInput, match="cannot be a path"):
        service.add_source(kind, place, SourceDetails("Album", "A. Steward", "own-work"))


def test_an_agreement_that_is_no_file_is_words(service: Service, folder: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # to read it would wait for ever
    details = SourceDetails("Album", "A. Steward", "own-work", agreement=str(pipe))
    terms = service.add_source("folder", str(folder), details).terms
    assert terms.agreement_digest == hashlib.sha256(str(pipe).encode()).hexdigest()
