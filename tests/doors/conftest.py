"""A bank behind the web door."""

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from facewitness import Service
from facewitness.web import make_app

TOKEN = "the-token-of-this-test"
BASE = "http://127.0.0.1:8738"
OWN = {"Origin": BASE}


def client_of(service: Service) -> TestClient:
    """A browser that has not opened the link yet."""
    return TestClient(make_app(service, TOKEN), base_url=BASE, follow_redirects=False)


def let_in(client: TestClient) -> TestClient:
    """The same after it has opened the link; its forms are sent from its own pages."""
    assert client.get(f"/?token={TOKEN}").status_code == 303
    client.headers.update(OWN)
    return client


@pytest.fixture(scope="module")
def read_only_bank(portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The sample portraits, enrolled once for a module whose tests withdraw nothing."""
    folder = tmp_path_factory.mktemp("web")
    copied = shutil.copytree(portraits, folder / "portraits")
    with Service.open(folder / "bank", actor="tester") as service:
        service.enrol(copied, name="Sample portraits", steward="A. Steward", basis="licence", licence="free")
        yield service


@pytest.fixture
def stranger(read_only_bank: Service) -> TestClient:
    """A browser without the link."""
    return client_of(read_only_bank)


@pytest.fixture
def browser_of(read_only_bank: Service) -> TestClient:
    """A browser that is let in."""
    return let_in(client_of(read_only_bank))


@pytest.fixture(scope="session")
def portrait(portraits: Path) -> bytes:
    """A probe with one face."""
    return (portraits / "obama2.jpg").read_bytes()


@pytest.fixture(scope="session")
def group(portraits: Path) -> bytes:
    """A probe with two faces: two portraits side by side."""
    left, right = (Image.open(portraits / name).convert("RGB") for name in ("obama.jpg", "biden.jpg"))
    height = min(left.height, right.height, 700)
    pair = [one.resize((one.width * height // one.height, height)) for one in (left, right)]
    whole = Image.new("RGB", (sum(one.width for one in pair), height))
    whole.paste(pair[0], (0, 0))
    whole.paste(pair[1], (pair[0].width, 0))
    out = BytesIO()
    whole.save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture(scope="session")
def empty_picture() -> bytes:
    """A photo without a face."""
    out = BytesIO()
    Image.new("RGB", (320, 240), "teal").save(out, "PNG")
    return out.getvalue()
