"""Photos' bytes are kept whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from facewitness.errors import BankError, NotFound
from facewitness.store import FolderBlobs
from facewitness.terms.provenance import PhotoId

DATA = b"a photo"
PHOTO = PhotoId(hashlib.sha256(DATA).hexdigest())


def test_bytes_come_back_until_they_are_deleted(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    blobs.put(PHOTO, DATA)
    blobs.put(PHOTO, DATA)
    assert blobs.get(PHOTO) == DATA
    assert list(blobs.ids()) == [PHOTO]
    blobs.delete(PHOTO)
    blobs.delete(PHOTO)
    assert list(blobs.ids()) == []
    with pytest.raises(NotFound, match="not in the bank"):
        blobs.get(PHOTO)


def test_a_half_written_file_of_a_killed_writer_is_no_photo(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    blobs.put(PHOTO, DATA)
    (tmp_path / PHOTO[:2] / f"{PHOTO[2:]}.99.part").write_bytes(b"a ph")
    assert list(blobs.ids()) == [PHOTO]


def test_a_full_disk_is_a_clear_error_and_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_path: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_space)
    with pytest.raises(BankError, match="No space left"):
        FolderBlobs(tmp_path).put(PHOTO, DATA)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
