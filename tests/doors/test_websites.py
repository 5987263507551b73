"""A website through the doors: registered, fetched, enrolled, asked again, reported on."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from facewitness import Service
from facewitness.cli import cli
from tests.assets.site import Page, Site

from .conftest import client_of, let_in

CONTACT = "https://archive.example/us"
JPEG = "image/jpeg"
Command = Callable[..., str]


@pytest.fixture(scope="module")
def site(portraits: Path) -> Iterator[Site]:
    pages: dict[str, Page | str] = {
        "/": Page("<title>Team</title><img src='/obama.jpg'><img src='/shy.jpg'><a href='/gone'>x</a>"),
        "/obama.jpg": Page((portraits / "obama.jpg").read_bytes(), content_type=JPEG),
        "/shy.jpg": Page(b"\xff\xd8\xff", (("X-Robots-Tag", "noai"),), content_type=JPEG),
    }
    with Site(pages) as site:
        yield site


@pytest.fixture(scope="module")
def bank(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("websites") / "bank"


@pytest.fixture(scope="module")
def said(bank: Path, site: Site) -> dict[str, str]:
    """What the terminal said, command by command, in their order."""

    def run(*words: str) -> str:
        environment = {"FACEWITNESS_BANK": str(bank), "FACEWITNESS_CONTACT": CONTACT, "COLUMNS": "200"}
        result = CliRunner().invoke(cli, list(words), env=environment)
        assert result.exit_code == 0, result.output
        return result.stdout

    details = ("--name", "Team", "--steward", "A. Steward", "--basis", "licence")
    told = {"add": run("sources", "add", "website", site.url(), *details)}
    told["enrol"] = run("enrol", "team")
    told["report"] = run("sources", "report", "team")
    told["collect"] = run("sources", "collect", "team", "--json")
    told["there"] = run("sources", "recheck")
    site.pages["/obama.jpg"] = Page(status=410)
    told["gone"] = run("sources", "recheck", "team", "--json")
    told["show"] = run("sources", "show", "team")
    return told


def test_enrol_fetches_first_and_then_enrols(said: dict[str, str]) -> None:
    fetched, enrolled = said["enrol"].split("New to the bank: ", 1)
    assert "Fetched: 1 page and 1 image in 6 requests, 0 unchanged." in fetched
    assert "not fetched: rights reserved 1" in fetched
    assert "not fetched: not there 1" in fetched
    assert enrolled == "1 photo, 1 face, 1 capture.\n"


def test_the_report_counts_what_was_refused_by_reason(said: dict[str, str]) -> None:
    for line in ("pages 1", "images 1", "refused: rights reserved 1", "refused: not there 1"):
        assert f"      {line}\n" in said["report"]


def test_fetching_again_is_told_as_json(said: dict[str, str]) -> None:
    last = json.loads(said["collect"].splitlines()[-1])
    assert (last["event"], last["pages"]) == ("collected", 1)


def test_a_recheck_says_how_many_captures_are_in_which_state(said: dict[str, str]) -> None:
    assert said["there"] == "captures there: 1\n"
    assert json.loads(said["gone"]) == {"gone": 1}
    assert "captures gone: 1" in said["show"]


def test_the_page_of_a_source_tells_the_same_and_asks_again(
    said: dict[str, str], bank: Path, site: Site, portraits: Path
) -> None:
    site.pages["/obama.jpg"] = Page((portraits / "obama.jpg").read_bytes(), content_type=JPEG)
    with Service.open(bank, actor="tester", contact=CONTACT) as service:
        browser = let_in(client_of(service))
        text = browser.get("/sources/team").text
        for words in ("What was fetched", "Refused: rights reserved", "What has become of it", "Gone"):
            assert words in text
        assert browser.post("/sources/team/recheck").headers["Location"] == "/sources/team"
        finished(browser)
        assert "1 capture" in browser.get("/sources/team").text
        report = browser.get("/api/v1/sources/team").json()
        assert report["captures_by_state"] == {"there": 1}
        assert report["fetched"]["refused: rights reserved"] == 1


def test_rest_starts_a_recheck_and_says_how_far_it_is(said: dict[str, str], bank: Path) -> None:
    with Service.open(bank, actor="tester", contact=CONTACT) as service:
        browser = let_in(client_of(service))
        answer = browser.post("/api/v1/sources/team/recheck", json={})
        assert answer.status_code == 202
        assert answer.json()["source"] == "team"
        finished(browser)
        assert browser.get("/api/v1/sources/team/recheck").json() == {
            "source": "team",
            "under_way": False,
            "problem": "",
        }
        assert browser.post("/api/v1/sources/nowhere/recheck", json={}).status_code == 404


def test_what_stops_a_recheck_at_once_is_said_at_once(said: dict[str, str], bank: Path) -> None:
    with Service.open(bank, actor="tester") as service:
        browser = let_in(client_of(service))
        answer = browser.post("/api/v1/sources/team/recheck", json={})
        assert answer.status_code == 422
        assert "without saying who asks" in answer.json()["detail"]
        assert "without saying who asks" in browser.get("/sources/team").text


def finished(browser: TestClient) -> None:
    """Wait for the recheck."""
    until = time.monotonic() + 60
    while browser.get("/api/v1/sources/team/recheck").json()["under_way"]:
        assert time.monotonic() < until
        time.sleep(0.05)
