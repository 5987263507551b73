"""A search gives candidates with their origin, and is written down before anybody sees them."""

import hashlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from facewitness import Service
from facewitness.acts import Probe
from facewitness.errors import BadInput, BankError, ManyFaces, NoFace, NotAllowed, NotFound
from facewitness.reports.wording import copy_of
from facewitness.store import Writer
from facewitness.terms.candidate import CAVEAT, NO_CANDIDATE, NOTHING_COMPARED, CandidateList, Filters
from facewitness.terms.provenance import SourceId

PURPOSE = "test the search"


def names(found: CandidateList) -> list[str]:
    return [one.captures[0].capture.path for one in found.candidates]


def side_by_side(*paths: Path) -> bytes:
    pictures = [Image.open(path).convert("RGB").resize((400, 400)) for path in paths]
    wide = Image.new("RGB", (400 * len(pictures), 400))
    for number, picture in enumerate(pictures):
        wide.paste(picture, (400 * number, 0))
    out = BytesIO()
    wide.save(out, "JPEG", quality=92)
    return out.getvalue()


def test_every_other_photo_of_the_person_ranks_above_anybody_else(bank: Service, portraits: Path) -> None:
    found = bank.search(portraits / "obama2.jpg", purpose=PURPOSE, threshold=-1.0)
    ranked = names(found)
    of_him = {"obama.jpg", "obama2.jpg", "obama3.jpg", "32bit.png"}
    assert ranked.index("biden.jpg") > max(ranked.index(name) for name in of_him)


def test_with_the_policys_threshold_nobody_else_is_on_the_list(bank: Service, portraits: Path) -> None:
    found = bank.search(portraits / "obama2.jpg", purpose=PURPOSE)
    assert {"obama.jpg", "obama2.jpg", "32bit.png"} <= set(names(found))
    assert not {"biden.jpg", "astronaut.png"} & set(names(found))
    assert found.caveat == CAVEAT


def test_a_near_copy_is_not_one_more_photograph(bank: Service, portraits: Path) -> None:
    found = bank.search(portraits / "obama2.jpg", purpose=PURPOSE)
    by_name = dict(zip(names(found), found.candidates, strict=True))
    first, second = sorted((by_name["obama2.jpg"], by_name["32bit.png"]), key=lambda one: one.rank)
    assert first.near_copy_of is None
    assert second.near_copy_of == first.rank
    assert second.photo.id in first.near_copies
    assert found.photographs == len(found.candidates) - 1


def test_each_candidate_says_where_it_came_from(bank: Service, portraits: Path) -> None:
    one = bank.search(portraits / "obama2.jpg", purpose=PURPOSE).candidates[0]
    [origin] = one.captures
    assert origin.source_name == "Sample portraits"
    assert origin.source_basis == "licence"
    assert origin.capture.observation.page_url == "https://pypi.org/project/face-recognition/1.3.0/"
    assert origin.capture.observation.caption.startswith("Barack Obama")
    assert origin.licence == "public domain (work of the US government)"
    assert one.expected_false < 0.01


def test_a_person_who_is_not_in_the_bank_gives_no_candidate_and_its_caveat(
    bank: Service, portraits: Path
) -> None:
    [source] = [record for record, _ in bank.sources()]
    astronaut = (portraits / "astronaut.png").read_bytes()
    bank.withdraw(hashlib.sha256(astronaut).hexdigest())
    found = bank.search(astronaut, purpose=PURPOSE)
    assert found.candidates == ()
    assert found.caveat == NO_CANDIDATE
    assert bank.recall(found.search_id).candidates == ()
    assert source.id == "sample-portraits"


def test_a_bank_without_a_photo_gives_no_candidate(service: Service, portraits: Path) -> None:
    assert service.search(portraits / "biden.jpg", purpose=PURPOSE).candidates == ()


@pytest.mark.parametrize("purpose", ["", "   ", "x"])
def test_a_search_without_a_purpose_is_refused_and_written_down(
    bank: Service, portraits: Path, purpose: str
) -> None:
    before = bank.ledger_head().size
    with pytest.raises(NotAllowed, match="needs a stated purpose"):
        bank.search(portraits / "obama2.jpg", purpose=purpose)
    assert bank.ledger_head().size == before + 1


def test_a_search_that_cannot_be_written_down_returns_nothing(
    bank: Service, portraits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise BankError("The disk is full.")

    monkeypatch.setattr(Writer, "add_search", full)
    before = bank.ledger_head().size
    with pytest.raises(BankError, match="disk is full"):
        bank.search(portraits / "obama2.jpg", purpose=PURPOSE)
    assert bank.ledger_head().size == before + 1  # the failure is an entry
    with bank._bank.view(bank.actor.scope) as view:
        assert view.totals()["searches"] == 0


def test_of_several_faces_one_has_to_be_chosen_from_left_to_right(bank: Service, portraits: Path) -> None:
    both = side_by_side(portraits / "biden.jpg", portraits / "obama2.jpg")
    with pytest.raises(ManyFaces, match="2 faces") as caught:
        bank.search(both, purpose=PURPOSE)
    assert caught.value.count == 2
    assert "biden.jpg" in names(bank.search(both, purpose=PURPOSE, face=1))
    assert "obama.jpg" in names(bank.search(both, purpose=PURPOSE, face=2))
    with pytest.raises(BadInput, match="no face 3"):
        bank.search(both, purpose=PURPOSE, face=3)


def test_several_probes_of_one_person_are_one_search(bank: Service, portraits: Path) -> None:
    probes = [Probe((portraits / name).read_bytes()) for name in ("obama.jpg", "obama3.jpg")]
    found = bank.search(probes, purpose=PURPOSE)
    assert len(found.probe_digests) == 2
    assert {"obama.jpg", "obama2.jpg"} <= set(names(found))


def test_the_probe_is_never_enrolled(service: Service, portraits: Path, tmp_path: Path) -> None:
    service.search(portraits / "biden.jpg", purpose=PURPOSE)
    data = (portraits / "biden.jpg").read_bytes()
    assert service.status().totals["photos"] == 0
    assert not any(data[:200] in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_probe_without_a_face_says_so(service: Service) -> None:
    out = BytesIO()
    Image.new("RGB", (300, 300), "grey").save(out, "PNG")
    with pytest.raises(NoFace, match="No face was found"):
        service.search(out.getvalue(), purpose=PURPOSE)


def test_a_probe_that_is_no_photo_says_so(service: Service) -> None:
    with pytest.raises(BadInput, match="not an image"):
        service.search(b"hello", purpose=PURPOSE)


def test_a_missing_probe_file_says_so(service: Service) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        service.search("no-such-file.jpg", purpose=PURPOSE)


@pytest.mark.parametrize("limit", [0, -1, 51])
def test_the_list_is_capped_by_the_policy(bank: Service, portraits: Path, limit: int) -> None:
    with pytest.raises(BadInput, match="allows 1 to 50"):
        bank.search(portraits / "obama2.jpg", purpose=PURPOSE, limit=limit)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(text="speaking"), {"obama3.jpg"}),
        (Filters(sources=(SourceId("sample-portraits"),), text="speaking"), {"obama3.jpg"}),
        (Filters(captured_from=datetime(2100, 1, 1, tzinfo=UTC)), set()),
    ],
)
def test_filters_narrow_the_search_and_the_size_it_is_judged_by(
    bank: Service, portraits: Path, filters: Filters, found: set[str]
) -> None:
    outcome = bank.search(portraits / "obama.jpg", purpose=PURPOSE, filters=filters)
    assert set(names(outcome)) == found
    assert outcome.threshold.gallery_size == len(found)


def test_a_filter_for_a_source_that_is_not_there_says_so(bank: Service, portraits: Path) -> None:
    with pytest.raises(NotFound, match="no source 'another'"):
        bank.search(portraits / "obama.jpg", purpose=PURPOSE, filters=Filters(sources=(SourceId("another"),)))


def test_a_search_that_compared_nothing_says_so(bank: Service, portraits: Path) -> None:
    found = bank.search(portraits / "obama.jpg", purpose=PURPOSE, filters=Filters(text="no such words"))
    assert found.caveat == f"{NO_CANDIDATE} {NOTHING_COMPARED}"


def test_probes_of_two_people_are_remarked_upon(bank: Service, portraits: Path) -> None:
    def notes(*names: str) -> tuple[str, ...]:
        probes = [Probe((portraits / name).read_bytes()) for name in names]
        return bank.search(probes, purpose=PURPOSE).probe_notes

    [note] = notes("obama.jpg", "biden.jpg")
    assert note.startswith("Probes 1 and 2 score")
    assert notes("obama.jpg", "obama3.jpg") == ()


def test_another_face_in_a_photo_is_not_called_a_copy(
    service: Service, portraits: Path, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    twice = side_by_side(portraits / "obama.jpg", portraits / "obama3.jpg")
    (tmp_path / "photos" / "twice.jpg").write_bytes(twice)
    service.enrol(tmp_path / "photos", name="Twice", steward="A. Steward", basis="own-work")
    found = service.search(portraits / "obama2.jpg", purpose=PURPOSE)
    assert [copy_of(one, found) for one in found.candidates] == [
        "",
        "Another face in the photo of candidate 1.",
    ]


def test_a_search_opened_again_shows_what_it_showed(bank: Service, portraits: Path) -> None:
    found = bank.search(portraits / "obama2.jpg", purpose=PURPOSE)
    again = bank.recall(found.search_id)
    assert again.candidates == found.candidates
    assert again.threshold == found.threshold
    assert (again.purpose, again.ledger_index) == (PURPOSE, found.ledger_index)


def test_a_search_opened_again_says_what_was_withdrawn_since(bank: Service, portraits: Path) -> None:
    found = bank.search(portraits / "obama2.jpg", purpose=PURPOSE)
    bank.withdraw(found.candidates[0].photo.id)
    again = bank.recall(found.search_id)
    assert again.withdrawn_ranks == (1,)
    assert [one.rank for one in again.candidates] == [one.rank for one in found.candidates[1:]]


def test_a_picture_is_shown_only_after_an_act_has_accounted_for_it(bank: Service, portraits: Path) -> None:
    with bank._bank.view(bank.actor.scope) as view:
        [photo] = [one for one in view.photos(bank._bank.catalogue.photo_ids()).values() if one.width == 910]
        [face] = view.faces_of(photo.id)
    with pytest.raises(NotFound, match="has not been shown"):
        bank.face_picture(face.id)
    with pytest.raises(NotFound, match="has not been shown"):
        bank.photo_bytes(photo.id)
    bank.show(photo.id)
    assert bank.face_picture(face.id)
    assert bank.photo_bytes(photo.id) == (portraits / "obama.jpg").read_bytes()


def test_the_first_near_copy_that_is_left_is_a_photograph(bank: Service, portraits: Path) -> None:
    found = bank.search(portraits / "obama2.jpg", purpose=PURPOSE)
    assert found.candidates[1].near_copy_of == 1
    bank.withdraw(found.candidates[0].photo.id)
    again = bank.recall(found.search_id)
    assert again.candidates[0].near_copy_of is None
    assert again.photographs == found.photographs
