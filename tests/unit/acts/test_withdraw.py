"""What is withdrawn is gone at once: from searches, pages and disk."""

import shutil
from pathlib import Path

import pytest

from facewitness import Service
from facewitness.errors import BadInput, NotFound
from facewitness.gallery import EmbeddedGallery
from facewitness.terms.face import FaceId
from facewitness.testing import held_in

from .banks import DETAILS, entries, found, held, photo_id, seals


@pytest.fixture
def album(service: Service, photos: Path) -> Path:
    """The small photos, enrolled as the source `album`."""
    service.enrol(photos, **DETAILS)
    return photos


def test_a_withdrawn_photo_is_gone_from_search_page_and_disk(service: Service, album: Path) -> None:
    photo = photo_id(album / "obama.jpg")
    assert found(service, album / "obama.jpg") == {"obama.jpg", "obama3.jpg"}
    done = service.withdraw(photo, "asked for by the person shown")
    assert (done.photos, done.templates) == (1, 1)
    assert found(service, album / "obama.jpg") == {"obama3.jpg"}
    with pytest.raises(NotFound):
        service.show(photo)
    with pytest.raises(NotFound):
        service.photo_bytes(photo)
    assert photo not in held(service)
    assert len(held(service)) == 3


def test_a_photo_that_is_not_searched_now_can_be_withdrawn(service: Service, album: Path) -> None:
    service.expire_source("album")
    assert service.withdraw(photo_id(album / "obama.jpg")).photos == 1
    assert photo_id(album / "obama.jpg") not in held(service)


def test_a_withdrawn_photo_does_not_come_back(service: Service, album: Path) -> None:
    service.withdraw(photo_id(album / "obama.jpg"))
    shutil.copy(album / "obama.jpg", album / "under another name.jpg")
    done = service.enrol(album)
    assert done.skipped == {"withdrawn from the bank earlier": 2}
    assert (done.photos, done.already) == (0, 3)
    assert photo_id(album / "obama.jpg") not in held(service)
    assert service.enrol(album).skipped == done.skipped


def test_a_photo_may_be_named_by_the_first_digits_of_its_digest(service: Service, album: Path) -> None:
    assert service.withdraw(photo_id(album / "obama.jpg")[:6].upper()).photos == 1


def test_a_withdrawn_source_takes_its_photos_with_it(service: Service, album: Path) -> None:
    done = service.withdraw("album")
    assert (done.photos, done.templates) == (4, 4)
    assert service.sources() == []
    assert held(service) == set()
    assert found(service, album / "obama.jpg") == set()
    assert not any(value for name, value in service.status().totals.items() if name != "searches")


def test_photos_that_another_source_holds_stay(service: Service, album: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(album / "obama.jpg", other / "portrait.jpg")
    service.enrol(other, **(DETAILS | {"name": "Other"}))
    assert service.withdraw("album").photos == 3
    assert held(service) == {photo_id(album / "obama.jpg")}
    assert found(service, album / "obama.jpg") == {"portrait.jpg"}


def test_a_withdrawn_source_may_be_registered_anew(service: Service, album: Path) -> None:
    service.withdraw("album")
    with pytest.raises(BadInput, match="not registered"):
        service.enrol(album)
    assert service.enrol(album, **(DETAILS | {"basis": "consent"})).photos == 4
    [(record, counts)] = service.sources()
    assert (record.id, record.basis, counts["faces"]) == ("album-2", "consent", 4)
    assert found(service, album / "biden.jpg") == {"biden.jpg"}


@pytest.mark.parametrize("name", ["no-such-source", "abcdef", "f" * 64, "", "../album", "é"])
def test_an_unknown_name_is_not_found(service: Service, album: Path, name: str) -> None:
    with pytest.raises(NotFound, match="There is no"):
        service.withdraw(name)
    assert service.status().totals["photos"] == 4


def test_another_service_on_the_same_bank_does_not_find_it_either(service: Service, album: Path) -> None:
    with Service.open(service.settings.bank, actor="another") as other:
        assert found(other, album / "obama.jpg") == {"obama.jpg", "obama3.jpg"}
        service.withdraw(photo_id(album / "obama.jpg"))
        assert found(other, album / "obama.jpg") == {"obama3.jpg"}


def test_bytes_that_a_killed_withdrawal_left_are_deleted_when_the_bank_is_opened(
    service: Service, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(service._bank.blobs), "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            service.withdraw("album")
    assert len(held(service)) == 4
    with Service.open(service.settings.bank, actor="another") as other:
        assert held(other) == set()


def test_templates_that_a_killed_withdrawal_left_leave_the_disk_when_the_bank_is_opened(
    service: Service, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(_: EmbeddedGallery) -> None:
        raise Killed

    last = service._bank.followed_gallery().last()
    assert last is not None
    face, gallery = last, service.settings.bank / "gallery"
    with service._bank.view(service.actor.scope) as view:
        photo = view.faces([FaceId(face[0])])[FaceId(face[0])].photo_id
    monkeypatch.setattr(EmbeddedGallery, "save", die)
    with pytest.raises(Killed):
        service.withdraw(photo)
    monkeypatch.undo()
    assert held_in(gallery, face[1])
    with Service.open(service.settings.bank, actor="tester"):
        assert not held_in(gallery, face[1])


def test_the_reason_is_sealed_and_the_numbers_are_open(service: Service, album: Path) -> None:
    photo = photo_id(album / "obama.jpg")
    service.withdraw(photo, "asked for")
    entry = entries(service)[-1]
    assert entry["facts"] == {"kind": "photo", "photos": 1, "templates": 1}
    assert seals(service) == {"name": photo, "reason": "asked for"}
    assert photo not in str(entry)
