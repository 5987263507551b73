"""REST: the same acts for programs."""

import json
import re

import httpx2
import pytest
from fastapi.testclient import TestClient

from facewitness import Service
from facewitness.errors import BankError
from facewitness.terms.candidate import CAVEAT
from tests.doors.conftest import TOKEN, client_of


@pytest.fixture
def api(read_only_bank: Service) -> TestClient:
    return api_of(read_only_bank)


def api_of(service: Service) -> TestClient:
    client = client_of(service)
    client.headers["Authorization"] = f"Bearer {TOKEN}"
    client.base_url = httpx2.URL(f"{client.base_url}/api/v1/")
    return client


def held(api: TestClient, data: bytes) -> str:
    answer = api.post("probes", files={"probe": ("probe.jpg", data)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def problem(answer: httpx2.Response, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, object] = answer.json()
    assert told.keys() >= {"type", "title", "status", "detail", "advice"}
    assert told["status"] == status
    return told


def test_without_the_token_nothing_is_told(stranger: TestClient) -> None:
    told = problem(stranger.get("/api/v1/status"), 401)
    assert "Bearer" in str(told["advice"])
    problem(stranger.get("/api/v1/status", headers={"Authorization": "Bearer guess"}), 401)
    problem(stranger.get("/api/v1/openapi.json"), 401)


def test_a_probe_is_examined_and_searched_with(api: TestClient, portrait: bytes) -> None:
    sent = api.post("probes", files={"probe": ("probe.jpg", portrait)}).json()
    (face,) = sent["faces"]
    assert face["number"] == 1
    assert face["box"]["width"] > 20
    assert face["quality"]["inter_eye_distance"] > 10
    assert face["notes"] == []
    picture = api.get(f"probes/{sent['id']}/faces/1/picture")
    assert picture.headers["content-type"] == "image/jpeg"

    asked = {"probes": [{"probe": sent["id"], "face": 1}], "purpose": "a test of REST", "limit": 2}
    answer = api.post("searches", json=asked)
    assert answer.status_code == 201
    found = answer.json()
    assert found["caveat"] == CAVEAT
    assert found["probe_digests"] == [sent["digest"]]
    assert len(found["candidates"]) == 2
    assert found["candidates"][0]["captures"][0]["source"] == "sample-portraits"
    again = api.get(f"searches/{found['search']}").json()
    assert again["candidates"] == found["candidates"]
    face_id, photo_id = found["candidates"][0]["face"], found["candidates"][0]["photo"]["photo"]
    assert api.get(f"faces/{face_id}/picture").status_code == 200
    assert api.get(f"photos/{photo_id}").json()["faces"][0]["face"] == face_id


def test_filters_narrow_a_search(api: TestClient, portrait: bytes) -> None:
    asked = {
        "probes": [{"probe": held(api, portrait)}],
        "purpose": "a test of REST",
        "filters": {"sources": ["sample-portraits"], "captured_until": "1999-05"},
    }
    found = api.post("searches", json=asked).json()
    assert found["candidates"] == []
    assert found["filters"]["captured_until"] == "1999-05-31T23:59:59.999999Z"
    problem(api.post("searches", json=asked | {"filters": {"sources": ["another"]}}), 404)
    problem(api.post("searches", json=asked | {"filters": {"captured_from": "last summer"}}), 422)


def test_several_faces_are_counted_and_one_can_be_chosen(api: TestClient, group: bytes) -> None:
    probe = held(api, group)
    asked = {"probes": [{"probe": probe}], "purpose": "a test of REST"}
    told = problem(api.post("searches", json=asked), 409)
    assert told["faces"] == 2
    assert told["type"] == "urn:facewitness:many-faces"
    asked["probes"] = [{"probe": probe, "face": 2}]
    assert "biden" in json.dumps(api.post("searches", json=asked).json()).lower()


def test_a_search_without_a_purpose_is_refused_and_written_down(
    api: TestClient, read_only_bank: Service, portrait: bytes
) -> None:
    probe = held(api, portrait)
    before = read_only_bank.ledger_head().size
    problem(api.post("searches", json={"probes": [{"probe": probe}]}), 403)
    assert read_only_bank.ledger_head().size == before + 1


def test_errors_have_the_status_of_their_kind(
    api: TestClient, read_only_bank: Service, empty_picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = problem(api.post("probes", files={"probe": ("a.png", empty_picture)}), 422)
    assert told["type"] == "urn:facewitness:no-face"
    problem(api.post("probes", files={"probe": ("a.txt", b"words")}), 422)
    problem(api.post("probes", files={}), 422)
    problem(api.post("probes", json={}), 422)
    problem(api.get("probes/gone/faces/1/picture"), 404)
    problem(api.get("searches/none"), 404)
    problem(api.get("photos/" + "0" * 64), 404)
    problem(api.get("photos/short"), 422)
    problem(api.post("photos/sample-portraits/withdraw", json={}), 404)
    problem(api.post("sources/none/withdraw", json={}), 404)
    problem(api.get("nowhere"), 404)
    problem(api.delete("status"), 405)
    problem(api.post("searches", json={"probes": "x"}), 422)
    problem(api.post("searches", json={"probes": [], "purpose": "abc", "filter": {}}), 422)
    problem(api.post("searches", content=b"{"), 422)
    problem(api.get("faces/one/picture"), 422)

    def held_by_another() -> None:
        raise BankError("Another process holds the bank.", "Wait for it.")

    monkeypatch.setattr(read_only_bank, "status", held_by_another)
    assert problem(api.get("status"), 503)["advice"] == "Wait for it."


def test_a_browser_that_is_let_in_may_use_it_but_not_from_another_page(browser_of: TestClient) -> None:
    assert browser_of.get("/api/v1/status").status_code == 200
    foreign = {"Origin": "http://evil.example"}
    problem(browser_of.post("/api/v1/sources/sample-portraits/withdraw", json={}, headers=foreign), 403)


def test_the_bank_and_its_ledger_can_be_read(api: TestClient) -> None:
    assert api.get("status").json()["totals"]["photos"] > 0
    assert api.get("sources").json()[0]["steward"] == "A. Steward"
    assert {"name", "sha256", "licence"} <= api.get("models").json()[0].keys()
    head = api.get("ledger/head").json()["head"]
    checked = api.get("ledger/verify", params={"head": head}).json()
    assert checked == {"verified": True, "head": head, "defects": []}


def test_photos_and_sources_are_withdrawn(bank: Service, portrait: bytes) -> None:
    api = api_of(bank)
    asked = {"probes": [{"probe": held(api, portrait)}], "purpose": "a test of REST"}
    photo = api.post("searches", json=asked).json()["candidates"][0]["photo"]["photo"]
    done = api.post(f"photos/{photo}/withdraw", json={"reason": "asked for"}).json()
    assert (done["photos"], done["faces"]) == (1, 1)
    problem(api.get(f"photos/{photo}"), 404)
    assert api.post("sources/sample-portraits/withdraw", json={}).json()["photos"] > 0
    assert api.get("sources").json() == []


def test_the_schema_needs_nothing_from_elsewhere_and_names_no_vector(api: TestClient) -> None:
    answer = api.get("openapi.json")
    schema = answer.json()
    names = {name for one in schema["components"]["schemas"].values() for name in one.get("properties", {})}
    assert not {name for name in names if re.search("template|embedding|vector", name)}
    assert schema["components"]["securitySchemes"]
    for path in schema["paths"].values():
        for operation in path.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            assert "422" not in operation["responses"]
    assert "cdn" not in answer.text
