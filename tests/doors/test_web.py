"""The pages: what they show, what they refuse, and what goes along with every answer."""

import html
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from facewitness import Service
from facewitness.reports.wording import expected_false, one_in
from facewitness.terms.candidate import CAVEAT, NO_CANDIDATE
from facewitness.web.forms import Wish
from facewitness.web.probes import Shelf
from facewitness.web.rendering import code_spans, web_address
from facewitness.web.security import MAX_BODY
from tests.doors.conftest import BASE, TOKEN, client_of, let_in

FORBIDDEN = re.compile(
    r"\b(match(es|ed|ing)?|hits?|identif(y|ies|ied)|confidence|similarity|percent(age)?)\b", re.IGNORECASE
)


def search(client: TestClient, *probes: bytes, **fields: str | list[str]) -> httpx2.Response:
    files = [("photo", (f"probe{n}.jpg", data, "image/jpeg")) for n, data in enumerate(probes, 1)]
    return client.post("/probes", data={"purpose": "a test of the pages", **fields}, files=files)


def candidates_page(client: TestClient, portrait: bytes, **fields: str | list[str]) -> str:
    response = search(client, portrait, **fields)
    assert response.status_code == 303, response.text
    return client.get(response.headers["location"]).text


def text_of(page: str) -> str:
    """The words of a page as they are read."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def ledger_size(service: Service) -> int:
    return service.ledger_head().size


# Getting in


@pytest.mark.parametrize("path", ["/", "/sources", "/status", "/ledger", "/nowhere", "/faces/1/picture"])
def test_without_the_link_every_page_says_how_to_get_in(stranger: TestClient, path: str) -> None:
    response = stranger.get(path)
    assert response.status_code == 401
    assert "facewitness serve" in response.text


def test_the_link_sets_a_cookie_no_script_can_read_and_leaves_the_address(stranger: TestClient) -> None:
    response = stranger.get(f"/sources?token={TOKEN}&a=b")
    assert response.status_code == 303
    assert response.headers["location"] == f"{BASE}/sources?a=b"
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert stranger.get("/sources").status_code == 200


def test_a_wrong_token_lets_nobody_in(stranger: TestClient) -> None:
    assert stranger.get("/?token=guess").status_code == 401
    assert stranger.get("/", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8738", "127.0.0.1:1", "127.0.0.1", ""])
def test_a_name_that_is_not_this_machines_is_refused(browser_of: TestClient, host: str) -> None:
    assert browser_of.get("/", headers={"Host": host}).status_code == 421


def test_localhost_is_this_machine_too(stranger: TestClient) -> None:
    response = stranger.get(f"/?token={TOKEN}", headers={"Host": "localhost:8738"})
    assert response.headers["location"] == "http://localhost:8738/"


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_of_another_page_is_refused(read_only_bank: Service, sent: dict[str, str]) -> None:
    client = let_in(client_of(read_only_bank))
    del client.headers["Origin"]
    assert client.post("/sources/sample-portraits/withdraw", data={}, headers=sent).status_code == 403


def test_a_form_of_this_program_passes_though_no_referrer_hides_its_origin(browser_of: TestClient) -> None:
    sent = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert browser_of.post("/probes", data={"purpose": "x"}, headers=sent).status_code == 422


# What goes along with every answer


def test_every_answer_carries_the_headers_errors_too(read_only_bank: Service, portrait: bytes) -> None:
    stranger = client_of(read_only_bank)
    client = let_in(client_of(read_only_bank))
    answers = [
        stranger.get("/"),
        stranger.get("/api/v1/status"),
        stranger.get("/static/style.css"),
        client.get("/", headers={"Host": "evil.example"}),
        client.get("/"),
        client.get("/nowhere"),
        client.get("/static/nowhere"),
        client.put("/status"),
        client.get(f"/?token={TOKEN}"),
        client.get("/faces/1/picture"),
        client.get("/faces/none/picture"),
        client.post("/probes", content=b"", headers={"Content-Length": str(MAX_BODY + 1)}),
        search(client, portrait),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_an_unexpected_failure_is_a_page_with_the_headers_and_without_its_details(
    read_only_bank: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = let_in(client_of(read_only_bank))

    def fail() -> None:
        raise RuntimeError("a secret path")

    monkeypatch.setattr(read_only_bank, "status", fail)
    for path in ("/status", "/api/v1/status"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert "content-security-policy" in answer.headers


# A probe is never on a disk


def test_a_request_that_says_it_is_too_large_is_refused_unread(browser_of: TestClient) -> None:
    answer = browser_of.post("/probes", content=b"x", headers={"Content-Length": str(MAX_BODY + 1)})
    assert answer.status_code == 413


def test_a_request_that_turns_out_too_large_is_refused_while_it_comes(browser_of: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
        for _ in range(65):
            yield b"x" * 1024 * 1024

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    for path in ("/probes", "/api/v1/probes", "/api/v1/searches"):
        answer = browser_of.post(path, content=endless(), headers=kind)
        assert answer.status_code == 413


def test_a_probe_never_touches_the_disk(
    browser_of: TestClient, read_only_bank: Service, group: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = group + b"\0" * (3 * 1024 * 1024)  # far above the size at which Starlette would use a file

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    place = search(browser_of, probe).headers["location"]
    draft = place.rsplit("/", 1)[1]
    form = {"draft": draft, "face-1": "2", "purpose": "a test of the pages"}
    assert browser_of.post("/searches", data=form).status_code == 303
    lying = [path for path in Path(read_only_bank.settings.bank).rglob("*") if path.is_file()]
    assert lying
    assert not [path for path in lying if group[:4096] in path.read_bytes()]


def test_a_shelf_forgets_after_its_time_and_lets_the_oldest_go_first() -> None:
    now = [0.0]
    shelf: Shelf[str] = Shelf(max_held=2, max_bytes=100, seconds=60, clock=lambda: now[0])
    first, second = shelf.put("first", 10), shelf.put("second", 10)
    third = shelf.put("third", 10)
    assert [shelf.get(key) for key in (first, second, third)] == [None, "second", "third"]
    heavy = shelf.put("heavy", 95)
    assert [shelf.get(key) for key in (third, heavy)] == [None, "heavy"]
    now[0] = 61
    assert shelf.get(heavy) is None


# Searching


def test_a_probe_with_one_face_goes_straight_to_its_candidates(
    browser_of: TestClient, portrait: bytes
) -> None:
    page = candidates_page(browser_of, portrait)
    words = text_of(page)
    assert CAVEAT in words
    assert "Candidate 1" in words
    assert "a test of the pages" in words
    assert re.search(r"Comparison score 1\.000", words)
    assert re.search(r"\d+ candidates? showing \d+ photographs?", words)
    assert "In a bank of" in words
    assert "Sample portraits" in words
    assert "Barack Obama" in words
    assert "Calibration:" in words
    assert 'href="https://pypi.org' in page
    assert 'rel="noreferrer noopener"' in page
    assert 'alt="Face of the probe"' in page


def test_a_search_is_made_once_however_often_its_page_is_loaded(
    browser_of: TestClient, read_only_bank: Service, portrait: bytes
) -> None:
    place = search(browser_of, portrait).headers["location"]
    before = read_only_bank.status().totals["searches"]
    assert text_of(browser_of.get(place).text) == text_of(browser_of.get(place).text)
    assert read_only_bank.status().totals["searches"] == before


def test_no_candidate_is_an_answer_with_a_caveat_of_its_own(browser_of: TestClient, portrait: bytes) -> None:
    words = text_of(candidates_page(browser_of, portrait, text="nothing-is-called-this"))
    assert "No candidate" in words
    assert NO_CANDIDATE in words


def test_several_faces_are_shown_to_choose_from(browser_of: TestClient, group: bytes) -> None:
    place = search(browser_of, group, licence="public").headers["location"]
    assert place.startswith("/probes/")
    page = browser_of.get(place).text
    assert page.count('type="radio"') == 2
    assert "a test of the pages" in page
    for picture in re.findall(r"/probes/[^\"]+/faces/\d", page):
        assert browser_of.get(picture).headers["content-type"] == "image/jpeg"
    form = {"draft": place.rsplit("/", 1)[1], "face-1": "1", "purpose": "a test of the pages"}
    found = browser_of.post("/searches", data=form)
    words = text_of(browser_of.get(found.headers["location"]).text)
    assert "Licence contains public" in words
    assert "Obama" in words


def test_faces_left_unchosen_are_asked_for_again(browser_of: TestClient, group: bytes) -> None:
    draft = search(browser_of, group).headers["location"].rsplit("/", 1)[1]
    answer = browser_of.post("/searches", data={"draft": draft, "purpose": "a test of the pages"})
    assert answer.status_code == 409
    assert "The probe shows 2 faces." in text_of(answer.text)


def test_several_probes_are_searched_together(
    browser_of: TestClient, portraits: Path, portrait: bytes
) -> None:
    second = (portraits / "obama3.jpg").read_bytes()
    place = search(browser_of, portrait, second).headers["location"]
    page = browser_of.get(place).text
    assert 'alt="Face of probe 2"' in page
    assert len(re.findall(r"sha256:[0-9a-f]{64}", page)) == 3  # both probes, and the policy


def test_a_search_without_a_purpose_is_refused_and_written_down(
    browser_of: TestClient, read_only_bank: Service, portrait: bytes
) -> None:
    before = ledger_size(read_only_bank)
    answer = search(browser_of, portrait, purpose=" ")
    assert answer.status_code == 403
    assert "purpose" in text_of(answer.text)
    assert ledger_size(read_only_bank) == before + 1


def test_a_photo_without_a_face_comes_back_to_the_form_as_it_was_filled(
    browser_of: TestClient, empty_picture: bytes
) -> None:
    answer = search(browser_of, empty_picture, text="harbour")
    assert answer.status_code == 422
    assert "No face was found" in answer.text
    assert 'value="a test of the pages"' in answer.text
    assert 'value="harbour"' in answer.text


def test_of_several_files_the_one_that_cannot_be_used_is_named(
    browser_of: TestClient, portrait: bytes
) -> None:
    answer = search(browser_of, portrait, b"<svg onload='alert(1)'>")
    assert answer.status_code == 422
    assert "probe2.jpg" in answer.text


def test_a_form_without_a_photo_asks_for_one(browser_of: TestClient) -> None:
    answer = browser_of.post("/probes", data={"purpose": "a test"}, files={"photo": ("", b"")})
    assert answer.status_code == 422
    assert "Choose at least one photo" in answer.text


def test_a_form_that_is_none_is_turned_away(browser_of: TestClient) -> None:
    kind = {"Content-Type": "multipart/form-data"}
    assert browser_of.post("/probes", content=b"junk", headers=kind).status_code == 422


def test_a_day_that_is_no_date_is_pointed_out(browser_of: TestClient, portrait: bytes) -> None:
    answer = search(browser_of, portrait, captured_from="yesterday")
    assert answer.status_code == 422
    assert "is not a date" in html.unescape(answer.text)


def test_the_last_day_of_a_filter_is_included() -> None:
    filters = Wish(captured_from="2024-03-31", captured_until="2024-03-31").filters()
    assert filters.captured_from is not None
    assert filters.captured_until is not None
    assert 0.99 < (filters.captured_until - filters.captured_from).total_seconds() / 86400 < 1.05


def test_a_probe_that_is_no_longer_held_is_asked_for_again(browser_of: TestClient) -> None:
    for path in ("/probes/gone", "/probes/gone/faces/1"):
        answer = browser_of.get(path)
        assert answer.status_code == 404
        assert "no longer held" in answer.text


# Photos, sources, status


def test_a_photo_page_shows_all_that_is_known_and_writes_one_entry(
    browser_of: TestClient, read_only_bank: Service, portrait: bytes
) -> None:
    page = candidates_page(browser_of, portrait)
    address = re.findall(r'href="(/photos/[0-9a-f]{64})"', page)[0]
    before = ledger_size(read_only_bank)
    photo = browser_of.get(address).text
    assert ledger_size(read_only_bank) == before + 1
    words = text_of(photo)
    assert "are not conformant" in words
    assert "Inter-eye distance" in words
    assert "Sample portraits" in words
    assert '<rect class="box"' in photo
    assert "style=" not in photo
    pictures = {f"{address}/preview", f"{address}/original", *re.findall(r"/faces/\d+/picture", photo)}
    for picture in pictures:
        assert browser_of.get(picture).status_code == 200
    assert ledger_size(read_only_bank) == before + 1


def test_an_original_is_saved_and_never_run(browser_of: TestClient, portrait: bytes) -> None:
    address = re.findall(r'"(/photos/[0-9a-f]{64})"', candidates_page(browser_of, portrait))[0]
    answer = browser_of.get(f"{address}/original")
    assert answer.content == portrait
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path", ["/photos/" + "0" * 64, "/faces/999999/picture", "/searches/none", "/nowhere"]
)
def test_what_is_not_there_is_said_in_the_same_layout(browser_of: TestClient, path: str) -> None:
    answer = browser_of.get(path)
    assert answer.status_code == 404
    assert '<nav aria-label="Pages">' in answer.text


def test_sources_are_listed_with_what_they_hold(browser_of: TestClient, read_only_bank: Service) -> None:
    words = text_of(browser_of.get("/sources").text)
    (_, counts), *_ = read_only_bank.sources()
    assert f"{counts['photos']} photos" in words
    assert "A. Steward" in words
    assert "facewitness enrol FOLDER" in words


def test_status_shows_the_figures_the_models_and_the_ledger(
    browser_of: TestClient, read_only_bank: Service
) -> None:
    words = text_of(browser_of.get("/status").text)
    for card in read_only_bank.models():
        assert card.sha256 in words
    assert str(read_only_bank.ledger_head()) in words


def test_the_ledger_is_verified_on_request_and_against_a_kept_head(
    browser_of: TestClient, read_only_bank: Service
) -> None:
    head = str(read_only_bank.ledger_head())
    assert "The ledger verifies" in text_of(browser_of.get("/ledger").text)
    assert "since the head you kept" in text_of(browser_of.get("/ledger", params={"head": head}).text)
    rewritten = head.split(":")[0] + ":" + "0" * 64
    assert "does not verify" in text_of(browser_of.get("/ledger", params={"head": rewritten}).text)


def test_withdrawing_needs_the_box_to_be_ticked(browser_of: TestClient, read_only_bank: Service) -> None:
    answer = browser_of.post("/sources/sample-portraits/withdraw", data={"reason": "x"})
    assert answer.status_code == 422
    assert read_only_bank.sources()


def test_a_photos_address_withdraws_no_source_nor_the_other_way_round(
    browser_of: TestClient, read_only_bank: Service, portrait: bytes
) -> None:
    photo = re.findall(r'"/photos/([0-9a-f]{64})"', candidates_page(browser_of, portrait))[0]
    sure = {"confirmed": "yes"}
    assert browser_of.post("/photos/sample-portraits/withdraw", data=sure).status_code == 404
    assert browser_of.post(f"/sources/{photo}/withdraw", data=sure).status_code == 404
    assert browser_of.get(f"/photos/{photo}").status_code == 200


def test_a_withdrawn_photo_is_gone_from_the_searches_that_showed_it(bank: Service, portrait: bytes) -> None:
    client = let_in(client_of(bank))
    place = search(client, portrait).headers["location"]
    photo = re.findall(r'"(/photos/[0-9a-f]{64})"', client.get(place).text)[0]
    done = client.post(f"{photo}/withdraw", data={"reason": "asked for", "confirmed": "yes"})
    assert "The photo was withdrawn" in text_of(done.text)
    assert client.get(photo).status_code == 404
    assert "Withdrawn from the bank since this search: rank 1." in text_of(client.get(place).text)


def test_a_withdrawn_source_leaves_an_empty_bank_that_says_how_to_fill_it(bank: Service) -> None:
    client = let_in(client_of(bank))
    done = client.post("/sources/sample-portraits/withdraw", data={"confirmed": "yes"})
    assert "The source was withdrawn" in text_of(done.text)
    assert "holds no photos yet" in text_of(client.get("/").text)


# Words


def test_no_page_uses_the_words_that_claim_too_much(
    browser_of: TestClient, portrait: bytes, group: bytes
) -> None:
    candidates = candidates_page(browser_of, portrait)
    photo = re.findall(r'"(/photos/[0-9a-f]{64})"', candidates)[0]
    asked = ("/", photo, "/sources", "/status", "/ledger", "/nowhere")
    files = ("/static/app.js", "/static/style.css", "/api/v1/openapi.json")
    faces = search(browser_of, group).headers["location"]
    pages = [candidates, *(browser_of.get(path).text for path in (*asked, *files, faces))]
    for page in pages:
        assert not FORBIDDEN.findall(page)
    assert "%" not in text_of(candidates)


def test_only_web_addresses_become_links() -> None:
    assert web_address("https://example.org/a") == "https://example.org/a"
    assert web_address("javascript:alert(1)") == ""
    assert web_address("data:text/html,x") == ""


def test_rates_are_put_in_numbers_of_cases() -> None:
    assert one_in(0.01) == "about 1 in 100"
    assert one_in(0.5) == "about 5 in 10"
    assert one_in(0.000123) == "about 1 in 8,100"
    assert one_in(0) == "too few to be estimated"
    assert "about 3.2 faces" in expected_false(3.2, 1000)
    assert "about 1 in 2,500 searches" in expected_false(0.0004, 1)


def test_no_rate_is_so_small_that_it_says_who_somebody_is() -> None:
    for faces in (0.0, 1e-11, 1e-5):
        assert "fewer than 1 in 10,000 searches" in expected_false(faces, 11)


def test_commands_in_an_advice_are_set_as_code_and_nothing_else_is_markup() -> None:
    assert code_spans("run `a <b>` & go") == "run <code>a &lt;b&gt;</code> &amp; go"
