"""Enrolment takes each photo in once, says what it turned away, and may be run again at any time."""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partialmethod
from itertools import permutations
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from facewitness import Service
from facewitness.acts import Bank, Enrolled, Outcome, Progress, TurnedAway, enrol
from facewitness.acts.near_groups import NearGroups
from facewitness.errors import BadInput, BankError
from facewitness.store import Catalogue, Writer
from facewitness.terms.actor import Scope
from facewitness.terms.policy import Policy
from facewitness.terms.provenance import EmbeddedFacts, Photo, PhotoId, Preference, SkippedPhoto
from facewitness.terms.template import ModelId

from ...assets.manifests import in_jpeg, saying
from .banks import DETAILS, entries, found, held, photo_id, shrunk

RESERVED = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"><rdf:Description plus:DataMining="DMI-PROHIBITED"/>'
    "</rdf:RDF></x:xmpmeta>"
)


def totals(service: Service) -> tuple[int, int, int]:
    """Photos, captures and faces in the bank."""
    counted = service.status().totals
    return counted["photos"], counted["captures"], counted["faces"]


def test_photos_captures_and_faces_are_counted(service: Service, photos: Path) -> None:
    done = service.enrol(photos, **DETAILS)
    assert done == Progress(seen=4, already=0, photos=4, captures=4, faces=4, skipped={}, refused={})
    assert totals(service) == (4, 4, 4)


def test_a_second_run_enrols_nothing_and_says_what_was_done_already(service: Service, photos: Path) -> None:
    service.enrol(photos, **DETAILS)
    again = service.enrol(photos)
    assert again == Progress(seen=4, already=4, photos=0, captures=0, faces=0, skipped={}, refused={})
    assert totals(service) == (4, 4, 4)


def test_a_changed_file_is_read_again(service: Service, photos: Path) -> None:
    service.enrol(photos, **DETAILS)
    before = photo_id(photos / "biden.jpg")
    shutil.copy(photos / "astronaut.jpg", photos / "new.jpg")
    shrunk(photos / "biden.jpg", 200).save(photos / "biden.jpg")
    again = service.enrol(photos)
    assert (again.already, again.photos, again.captures) == (3, 1, 2)
    assert {before, photo_id(photos / "biden.jpg")} <= held(service)


def test_a_file_that_was_only_touched_is_not_one_more_photo(service: Service, photos: Path) -> None:
    service.enrol(photos, **DETAILS)
    os.utime(photos / "biden.jpg", (1, 1))
    again = service.enrol(photos)
    assert (again.already, again.photos, again.captures, again.faces) == (3, 0, 0, 0)


def test_one_photo_at_several_places_is_one_photo_with_several_captures(
    service: Service, photos: Path
) -> None:
    (photos / "below").mkdir()
    shutil.copy(photos / "biden.jpg", photos / "below/again.jpg")
    done = service.enrol(photos, **DETAILS)
    assert (done.seen, done.photos, done.captures, done.faces) == (5, 4, 5, 4)
    page = service.show(photo_id(photos / "biden.jpg"))
    assert {one.capture.path for one in page.captures} == {"biden.jpg", "below/again.jpg"}
    assert len(page.faces) == 1


def test_each_row_of_a_manifest_is_a_capture(service: Service, photos: Path) -> None:
    rows = [f"biden.jpg,https://example.org/{number},Page {number}" for number in range(3)]
    (photos / "manifest.csv").write_text("\n".join(["file,page_url,page_title", *rows]))
    done = service.enrol(photos, **DETAILS)
    assert (done.photos, done.captures) == (4, 6)
    page = service.show(photo_id(photos / "biden.jpg"))
    assert {one.capture.observation.page_title for one in page.captures} == {"Page 0", "Page 1", "Page 2"}


def test_the_same_photo_from_two_sources_is_kept_once(service: Service, photos: Path, tmp_path: Path) -> None:
    service.enrol(photos, **DETAILS)
    done = service.enrol(shutil.copytree(photos, tmp_path / "twin"), **DETAILS)
    assert (done.photos, done.captures, done.faces) == (0, 4, 0)
    assert totals(service) == (4, 8, 4)


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it was": lambda picture: picture,
    "halved": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "grey": lambda picture: picture.convert("L"),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.2),
    "cropped": lambda picture: picture.crop((3, 4, picture.width - 3, picture.height - 4)),
}


@pytest.mark.parametrize("turn", range(len(COPIES)))
def test_near_copies_are_one_group_whatever_the_order_of_arrival(
    service: Service, portraits: Path, tmp_path: Path, turn: int
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    names = [*COPIES][turn:] + [*COPIES][:turn]
    original = shrunk(portraits / "obama.jpg", 400)
    for place, name in enumerate(names):
        quality = 40 if name == "halved" else 92
        COPIES[name](original).save(folder / f"{place}.jpg", quality=quality)
    shrunk(portraits / "biden.jpg").save(folder / "other.jpg")
    service.enrol(folder, **DETAILS)
    ids = {photo_id(folder / f"{place}.jpg") for place in range(len(names))}
    for one in ids:
        assert {copy.id for copy in service.show(one).near_copies} == ids - {one}
    assert service.show(photo_id(folder / "other.jpg")).near_copies == ()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_two_groups_become_one_when_a_photo_links_them(tmp_path: Path, order: tuple[int, ...]) -> None:
    middle = bytes(32)
    hashes = (b"\xff" * 5 + middle[5:], middle, middle[5:] + b"\xff" * 5)  # 40, 40 and 80 bits apart
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    groups = NearGroups([])
    with catalogue.writing() as writer:
        for place in order:
            photo = _photo(str(place) * 64, hashes[place])
            writer.add_photo(photo, groups.place(photo, writer))
    with catalogue.view(Scope("home"), Policy().validity(datetime.now(UTC))) as view:
        assert len({group for _, _, group in view.near_hashes()}) == 1
    catalogue.close()


def _photo(name: str, near_hash: bytes) -> Photo:
    return Photo(PhotoId(name), 1, "JPEG", 1, 1, near_hash, EmbeddedFacts(), datetime.now(UTC))


def test_a_photo_whose_rights_are_reserved_is_passed_over(service: Service, photos: Path) -> None:
    reserved = photos / "reserved.jpg"
    shrunk(photos / "biden.jpg", 200).save(reserved, xmp=RESERVED.encode())
    done = service.enrol(photos, **DETAILS)
    assert done.skipped == {"rights reserved against data mining": 1}
    assert (done.photos, done.faces) == (4, 4)
    assert service.status().skipped == done.skipped
    assert photo_id(reserved) not in held(service)
    assert "reserved.jpg" not in found(service, reserved)


@pytest.mark.parametrize("use", ["notAllowed", "constrained"])
def test_a_photo_whose_manifest_reserves_it_is_passed_over(service: Service, photos: Path, use: str) -> None:
    reserved = photos / "reserved.jpg"
    shrunk(photos / "biden.jpg", 200).save(reserved)
    reserved.write_bytes(in_jpeg(reserved.read_bytes(), saying(ai_training="allowed", ai_inference=use)))
    told: list[SkippedPhoto | Outcome | None] = []
    done = service.enrol(photos, **DETAILS, tell=lambda _, outcome: told.append(outcome))
    assert done.skipped == {"rights reserved against data mining": 1}
    assert (done.photos, done.faces) == (4, 4)
    [away] = [one.skipped for one in told if isinstance(one, TurnedAway)]
    assert away.detail == f"cawg.training-mining: cawg.ai_inference is {use}"
    assert photo_id(reserved) not in held(service)


def test_a_photo_whose_manifest_allows_is_enrolled_with_what_it_says(service: Service, photos: Path) -> None:
    allowed = photos / "allowed.jpg"
    shrunk(photos / "biden.jpg", 200).save(allowed)
    allowed.write_bytes(in_jpeg(allowed.read_bytes(), saying(ai_inference="allowed")))
    done = service.enrol(photos, **DETAILS)
    assert (done.photos, done.skipped) == (5, {})
    facts = service.show(photo_id(allowed)).photo.facts
    assert facts.training_mining == (Preference("cawg.training-mining: cawg.ai_inference", "allowed", False),)


def test_broken_files_are_skipped_with_their_reason_and_the_run_goes_on(
    service: Service, photos: Path, tmp_path: Path
) -> None:
    (photos / "a-empty.jpg").touch()
    (photos / "b-words.jpg").write_text("not a photo")
    (photos / "c-cut.jpg").write_bytes((photos / "biden.jpg").read_bytes()[:2000])
    (photos / "d-link.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    os.mkfifo(photos / "e-pipe.jpg")
    told: list[SkippedPhoto | Outcome | None] = []
    done = service.enrol(photos, **DETAILS, tell=lambda _, outcome: told.append(outcome))
    assert (done.seen, done.photos) == (9, 4)
    assert done.skipped == {
        "empty file": 1,
        "not an image": 1,
        "truncated or damaged": 1,
        "link out of the source": 1,
        "not a regular file": 1,
    }
    assert sum(isinstance(one, Enrolled) for one in told) == 4
    assert service.enrol(photos).skipped == done.skipped  # a second run tells of them again


def test_refused_faces_are_counted_with_their_reason(tmp_path: Path, photos: Path) -> None:
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank/policy.toml").write_text("min_face_px = 300")
    with Service.open(tmp_path / "bank", actor="tester") as service:
        done = service.enrol(photos, **DETAILS)
        assert (done.photos, done.faces, done.refused) == (4, 0, {"too small": 4})
        assert service.status().refused == {"too small": 4}
        [face] = service.show(photo_id(photos / "biden.jpg")).faces
        assert face.refusal == "too small"
        assert found(service, photos / "biden.jpg") == set()


def test_what_is_told_is_in_the_bank_by_then(service: Service, photos: Path) -> None:
    missing: list[str] = []

    def tell(_: Progress, outcome: object) -> None:
        assert isinstance(outcome, Enrolled)
        with service._bank.view(service.actor.scope) as view:
            if not view.photos([outcome.photo.id]):
                missing.append(outcome.arrival.path)

    service.enrol(photos, **DETAILS, tell=tell)
    assert missing == []


@pytest.mark.parametrize("at", [1, 3, 4])
def test_an_enrolment_stopped_by_the_operator_is_entered_with_what_it_did(
    service: Service, photos: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setitem(_enrol_globals(), "BATCH", 2)
    calls = Counter[str]()

    def stop(_: Progress, outcome: object) -> None:
        calls["told"] += 1
        if calls["told"] == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.enrol(photos, **DETAILS, tell=stop)
    [entry] = entries(service)
    assert (entry["outcome"], entry["reason"]) == ("interrupted", "stopped by the operator")
    in_bank = totals(service)
    assert tuple(entry["facts"].get(name, 0) for name in ("photos", "captures", "faces")) == in_bank
    rest = service.enrol(photos)
    assert rest.photos == 4 - in_bank[0]
    assert totals(service) == (4, 4, 4)


def test_an_enrolment_that_fails_is_entered_with_what_it_did(
    service: Service, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise BankError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "note_visits", full)
        with pytest.raises(BankError, match="disk is full"):
            service.enrol(photos, **DETAILS)
    [entry] = entries(service)
    assert entry["outcome"] == "failed"
    assert not {"photos", "captures", "faces"} & set(entry["facts"])
    assert totals(service) == (0, 0, 0)
    assert service.enrol(photos).photos == 4


def test_a_second_enrolment_at_the_same_time_is_told_to_wait(
    service: Service, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bank, "changing", partialmethod(Bank.changing, wait=0.05))
    with Service.open(service.settings.bank, actor="another") as other, service._bank.changing():
        with pytest.raises(BankError, match="Another process is changing this bank") as caught:
            other.enrol(photos, **DETAILS)
        assert "go on where they stopped" in caught.value.advice
    assert [one["outcome"] for one in entries(service)] == ["failed"]
    assert service.enrol(photos, **DETAILS).photos == 4


def test_a_bank_is_bound_to_the_models_that_made_its_templates(bank: Service, photos: Path) -> None:
    bank._bank = replace(bank._bank, model=ModelId("another-model"))
    with pytest.raises(BankError, match="cannot be compared"):
        bank.enrol(photos, **DETAILS)
    with pytest.raises(BankError, match="cannot be compared"):
        bank.search(photos / "biden.jpg", purpose="test the search")


def _enrol_globals() -> dict[str, object]:
    """The names of the module `enrol`, which the package hides behind the function of that name."""
    return enrol.__globals__


def test_a_corrected_manifest_corrects_the_capture(service: Service, portraits: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(portraits / "obama.jpg", folder)
    for caption in ("wrong", "right"):
        (folder / "manifest.csv").write_text(
            f"file,page_url,caption\nobama.jpg,https://x.example/,{caption}\n"
        )
        service.enrol(folder, name="Photos", steward="A. Steward", basis="own-work")
    photo = hashlib.sha256((folder / "obama.jpg").read_bytes()).hexdigest()
    [origin] = service.show(photo).captures
    assert origin.capture.observation.caption == "right"


def test_a_folder_that_holds_the_bank_is_not_enrolled(tmp_path: Path) -> None:
    with Service.open(tmp_path / "all" / "bank") as service, pytest.raises(BadInput, match="into itself"):
        service.enrol(tmp_path / "all", name="All", steward="A. Steward", basis="own-work")
