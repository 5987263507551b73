"""The register of sources through the web door: its pages, its forms and REST."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from facewitness import Service
from tests.doors.conftest import TOKEN, client_of, let_in

DETAILS = {"name": "Album", "steward": "A. Steward", "licence": "CC0", "owner": "The city"}


@pytest.fixture
def client(service: Service) -> TestClient:
    """A browser that is let into an empty bank."""
    return let_in(client_of(service))


@pytest.fixture
def api(service: Service) -> TestClient:
    """A program that knows the token."""
    client = client_of(service)
    client.headers["Authorization"] = f"Bearer {TOKEN}"
    return client


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder to be registered."""
    made = tmp_path / "album"
    made.mkdir()
    return str(made)


def registered(client: TestClient, folder: str, **said: str) -> str:
    """Where the form leads that registers a source."""
    answer = client.post(
        "/sources", data={"kind": "folder", "location": folder, "basis": "own-work"} | DETAILS | said
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_source_is_registered_in_the_browser_and_shown_with_its_terms(
    client: TestClient, folder: str
) -> None:
    assert "Register a source" in client.get("/sources").text
    assert 'name="citation"' in client.get("/sources/new").text
    page = client.get(registered(client, folder, expires="2999-05-01", scope="a.example *.b.example")).text
    for said in ("Album", "The city", "CC0", "own-work", "1 May 2999", "a.example, *.b.example", folder):
        assert said in page


def test_a_form_that_cannot_be_used_comes_back_as_it_was_typed(client: TestClient, folder: str) -> None:
    typed = {"kind": "folder", "location": folder, "basis": "statutory-mandate"} | DETAILS
    answer = client.post("/sources", data=typed | {"note": "by the sea"})
    assert answer.status_code == 422
    assert "needs its citation" in answer.text
    assert 'value="by the sea"' in answer.text
    assert '<option value="statutory-mandate" selected>' in answer.text


def test_what_is_typed_is_never_markup(client: TestClient, folder: str) -> None:
    page = client.get(registered(client, folder, name="<script>x</script>", note="<b>")).text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_terms_are_changed_in_the_browser(client: TestClient, service: Service, folder: str) -> None:
    page = registered(client, folder)
    for change, said in (("approve", "Approved"), ("expire", "Not searched: this source expired on")):
        assert client.post(f"{page}/{change}", data={"reason": "a test"}).headers["location"] == page
        assert said in client.get(page).text
    assert "Not searched" in client.get("/sources").text
    client.post(f"{page}/renew", data={"expires": "2999-01-01", "review_by": ""})
    assert "Not searched" not in client.get(page).text
    acts = service.ledger_head().size
    assert client.post(f"{page}/renew", data={"expires": "2001-01-01"}).status_code == 422
    assert service.ledger_head().size == acts + 1


@pytest.mark.parametrize("change", ["approve", "expire", "renew", "withdraw"])
def test_no_other_page_changes_a_source(client: TestClient, folder: str, change: str) -> None:
    page = registered(client, folder)
    foreign = {"Origin": "https://evil.example"}
    assert client.post(f"{page}/{change}", data={"confirmed": "yes"}, headers=foreign).status_code == 403


def test_programs_register_and_change_a_source(api: TestClient, folder: str) -> None:
    asked = {
        "kind": "folder",
        "location": folder,
        "legal_basis": "own-work",
        "scope": ["a.example"],
    } | DETAILS
    made = api.post("/api/v1/sources", json=asked)
    assert made.status_code == 201
    assert made.json()["source"]["scope"] == ["a.example"]
    assert api.post("/api/v1/sources", json=asked).status_code == 422
    assert api.post("/api/v1/sources/album/approve", json={}).json()["source"]["approved_by"] == "tester"
    ended = api.post("/api/v1/sources/album/expire", json={"reason": "over"}).json()
    assert ended["source"]["out_of_force"].startswith("expired on")
    renewed = api.post("/api/v1/sources/album/renew", json={"review_by": "2999"}).json()
    assert renewed["source"]["out_of_force"] == ""
    assert api.get("/api/v1/sources/album").json() == renewed
    assert [one["source"] for one in api.get("/api/v1/sources").json()] == ["album"]


@pytest.mark.parametrize("path", ["", "/approve", "/expire", "/renew"])
def test_a_source_that_is_not_there_is_a_problem(api: TestClient, path: str) -> None:
    address = f"/api/v1/sources/nowhere{path}"
    answer = api.post(address, json={}) if path else api.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
