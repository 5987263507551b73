"""What a photo's C2PA manifest says of its use is shown at every door, and that nobody checked who says it."""

import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from facewitness import Service
from facewitness.__main__ import cli
from tests.assets.manifests import in_jpeg, saying

from .conftest import TOKEN, client_of, let_in

SAID = "cawg.training-mining: cawg.ai_inference"


@pytest.fixture
def photo(service: Service, portraits: Path, tmp_path: Path) -> str:
    """A photo in the bank whose manifest allows inference."""
    (tmp_path / "album").mkdir()
    data = in_jpeg((portraits / "biden.jpg").read_bytes(), saying(ai_inference="allowed"))
    (tmp_path / "album/biden.jpg").write_bytes(data)
    assert service.enrol(tmp_path / "album", name="Album", steward="A. Steward", basis="own-work").photos == 1
    return hashlib.sha256(data).hexdigest()


def test_the_page_shows_it(service: Service, photo: str) -> None:
    page = let_in(client_of(service)).get(f"/photos/{photo}").text
    assert f"<dt>C2PA, not validated</dt><dd>{SAID} is allowed</dd>" in page


def test_rest_gives_it(service: Service, photo: str) -> None:
    answer = client_of(service).get(f"/api/v1/photos/{photo}", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.json()["photo"]["training_mining"] == [
        {"signal": SAID, "value": "allowed", "reserves": False}
    ]


def test_the_terminal_prints_it(service: Service, photo: str, tmp_path: Path) -> None:
    service.close()
    done = CliRunner().invoke(cli, ["show", photo, "--bank", str(tmp_path / "bank")], env={"COLUMNS": "200"})
    assert f"{SAID} is allowed (C2PA, not validated)" in done.output
