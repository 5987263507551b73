"""The pages in a real browser: by keyboard, by drop and paste, on a phone, in the dark, and read aloud."""

import base64
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Literal
from urllib.parse import urlsplit

import pytest

from facewitness import Service
from facewitness.acts import SourceDetails
from facewitness.web.serving import link, listening, make_server
from tests.doors.conftest import TOKEN
from tests.unit.sources.webarchive.crawls import SITE, Crawl

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("FACEWITNESS_CHROMIUM") or shutil.which("chromium")
Scheme = Literal["light", "dark"]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

if not CHROMIUM:
    if os.environ.get("FACEWITNESS_REQUIRE_BROWSER") == "1":
        pytest.fail("There is no Chromium; FACEWITNESS_CHROMIUM may name one.", pytrace=False)
    pytest.skip("there is no Chromium", allow_module_level=True)

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")
playwright = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, BrowserContext, Page, expect  # noqa: E402


@dataclass
class Visit:
    """A page in the browser, and what went wrong meanwhile."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def search(self, *probes: Path, purpose: str = "a test in a browser") -> None:
        self.go("/")
        self.page.set_input_files("#photo", list(probes))
        self.page.fill("#purpose", purpose)
        self.page.get_by_role("button", name="Search", exact=True).click()
        self.page.wait_for_url(re.compile("/(searches|probes)/"))

    def watch(self) -> None:
        host = urlsplit(self.base).netloc
        self.page.on(
            "console", lambda said: self._note(said.text) if said.type in {"error", "warning"} else None
        )
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on(
            "request",
            lambda asked: (
                self._note(f"asked elsewhere: {asked.url}")
                if urlsplit(asked.url).netloc not in {host, ""}
                else None
            ),
        )
        self.page.on(
            "response",
            lambda given: self._note(f"{given.status} {given.url}") if given.status >= 500 else None,
        )

    def _note(self, text: str) -> None:
        self.complaints.append(text)


def start(service: Service) -> Iterator[str]:
    with listening(0) as sock:
        server = make_server(service, TOKEN)
        thread = Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        try:
            yield link(sock, TOKEN)
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
def address(read_only_bank: Service) -> Iterator[str]:
    """The link of a bank that is served."""
    yield from start(read_only_bank)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def visit_of(context: BrowserContext, address: str) -> Iterator[Visit]:
    """A visit that must end without an error, a breach of the policy, or a request to another host."""
    visit = Visit(context.new_page(), address.split("/?")[0])
    visit.watch()
    visit.page.goto(address)
    expect(visit.page).to_have_url(visit.base + "/")
    yield visit
    context.close()
    assert visit.complaints == []


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    yield from visit_of(chromium.new_context(), address)


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Visit]:
    small = chromium.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, has_touch=True
    )
    yield from visit_of(small, address)


@pytest.fixture(scope="session")
def group_file(group: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("group") / "group.jpg"
    path.write_bytes(group)
    return path


@pytest.fixture(scope="session")
def portrait_file(portraits: Path) -> Path:
    return portraits / "obama2.jpg"


def each_page(visit: Visit, portrait: Path, group: Path) -> Iterator[str]:
    """Go to every kind of page in turn."""
    for path in ("/", "/sources", "/sources/new", "/sources/sample-portraits", "/status", "/ledger"):
        visit.go(path)
        yield path
    visit.search(group)
    yield "faces"
    visit.search(portrait)
    yield "candidates"
    visit.page.locator(".candidates a[href^='/photos/']").first.click()
    visit.page.wait_for_url("**/photos/*")
    yield "photo"


def tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement === document.querySelector(wanted)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by keyboard")


def test_the_whole_way_goes_by_keyboard(visit: Visit, group_file: Path) -> None:
    page = visit.page
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.set_input_files("#photo", group_file)
    tab_to(page, "#purpose")
    page.keyboard.type("who stands beside whom")
    page.keyboard.press("Enter")
    page.wait_for_url("**/probes/*")
    tab_to(page, "#face-1-1")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#face-1-2")).to_be_checked()
    tab_to(page, "#purpose")
    expect(page.locator("#purpose")).to_have_value("who stands beside whom")
    page.keyboard.press("Enter")
    page.wait_for_url("**/searches/*")
    expect(page.locator(".caveat")).to_be_visible()
    expect(page.get_by_role("heading", name="Candidate 1", exact=True)).to_be_visible()
    tab_to(page, ".candidates a[href^='/photos/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/photos/*")
    expect(page.get_by_role("heading", name="Where it comes from")).to_be_visible()


def test_faces_are_chosen_by_their_pictures(visit: Visit, group_file: Path, portrait_file: Path) -> None:
    visit.search(group_file, portrait_file)
    expect(visit.page.locator(".faces")).to_have_count(2)
    visit.page.get_by_text("Face 2").click()
    visit.page.get_by_role("button", name="Search", exact=True).click()
    visit.page.wait_for_url("**/searches/*")
    expect(visit.page.locator(".probes img")).to_have_count(2)
    for image in visit.page.locator("img").all():
        assert image.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_pictures_can_be_dropped_and_pasted(visit: Visit, portrait: bytes, way: str) -> None:
    page = visit.page
    for name in ("first.jpg", "second.jpg"):
        page.evaluate(
            """([way, name, data]) => {
              const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
              const carrier = new DataTransfer();
              carrier.items.add(new File([bytes], name, {type: "image/jpeg"}));
              const event = way === "drop"
                ? new DragEvent("drop", {dataTransfer: carrier, bubbles: true, cancelable: true})
                : new ClipboardEvent("paste", {clipboardData: carrier, bubbles: true, cancelable: true});
              document.querySelector("main").dispatchEvent(event);
            }""",
            [way, name, base64.b64encode(portrait).decode()],
        )
    expect(page.get_by_role("status")).to_have_text("2 photos chosen.")
    expect(page.locator(".previews img")).to_have_count(2)
    page.get_by_role("button", name="Remove first.jpg").click()
    expect(page.get_by_role("status")).to_have_text("1 photo chosen.")
    expect(page.locator(".previews li")).to_contain_text("second.jpg")
    page.fill("#purpose", "a test in a browser")
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url("**/searches/*")


def test_what_is_no_picture_is_not_taken(visit: Visit) -> None:
    visit.page.evaluate(
        """() => {
          const carrier = new DataTransfer();
          carrier.items.add(new File(["words"], "words.txt", {type: "text/plain"}));
          const event = new DragEvent("drop", {dataTransfer: carrier, bubbles: true, cancelable: true});
          document.body.dispatchEvent(event);
        }"""
    )
    expect(visit.page.get_by_role("status")).to_have_text("That is not a picture.")


def test_photos_that_are_too_much_are_stopped_before_they_are_sent(visit: Visit) -> None:
    visit.page.locator("#photo").evaluate("input => { input.dataset.max = 1000; }")
    visit.page.set_input_files(
        "#photo", {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 2000}
    )
    assert "64 MB" in visit.page.locator("#photo").evaluate("input => input.validationMessage")


def test_no_page_is_wider_than_a_phone(phone: Visit, portrait_file: Path, group_file: Path) -> None:
    for name in each_page(phone, portrait_file, group_file):
        over = phone.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{name} is {over} pixels too wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    chromium: Browser, address: str, portrait_file: Path, group_file: Path, scheme: Scheme
) -> None:
    for visit in visit_of(chromium.new_context(color_scheme=scheme), address):
        for name in each_page(visit, portrait_file, group_file):
            for details in visit.page.locator("details").all():
                details.evaluate("element => { element.open = true; }")
            found = axe_playwright.Axe().run(visit.page)
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"


@pytest.fixture(scope="module")
def crawled(portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The link of a bank with a photo from a web archive."""
    home = tmp_path_factory.mktemp("crawled")
    crawl = Crawl()
    crawl.page("gallery", "<img src='/obama.jpg' alt='At his desk'>", "<title>Portraits</title>")
    crawl.response(f"{SITE}/obama.jpg", (portraits / "obama.jpg").read_bytes())
    archive = crawl.save(home / "crawl.warc.gz")
    with Service.open(home / "bank", actor="tester") as service:
        details = SourceDetails("Crawl", "A. Steward", "licence")
        service.enrol_source(service.add_source("webarchive", str(archive), details).id)
        yield from start(service)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_archived_copy_is_reached_from_a_candidate_and_axe_finds_nothing_on_it(
    chromium: Browser, crawled: str, portrait_file: Path, scheme: Scheme
) -> None:
    for visit in visit_of(chromium.new_context(color_scheme=scheme), crawled):
        visit.search(portrait_file)
        visit.page.get_by_role("link", name="Open the record in").click()
        expect(visit.page.get_by_role("heading", name="HTTP/1.1 200 OK")).to_be_visible()
        expect(visit.page.get_by_alt_text("The photo in this record")).to_be_visible()
        assert visit.page.evaluate("document.images[0].naturalWidth") > 0
        found = axe_playwright.Axe().run(visit.page)
        assert found.violations_count == 0, found.generate_report()


def test_it_is_dark_where_the_reader_likes_it_dark(chromium: Browser, address: str) -> None:
    def brightness(scheme: Scheme) -> int:
        for visit in visit_of(chromium.new_context(color_scheme=scheme), address):
            colour = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
            return sum(int(part) for part in re.findall(r"\d+", colour)[:3])
        return -1

    assert brightness("dark") < 150 < 600 < brightness("light")


def test_boxes_lie_over_the_faces_of_a_photo(visit: Visit, portrait_file: Path) -> None:
    visit.search(portrait_file)
    visit.page.locator(".candidates a[href^='/photos/']").first.click()
    visit.page.wait_for_url("**/photos/*")
    image, overlay = (visit.page.locator(f".frame {kind}").bounding_box() for kind in ("img", "svg"))
    assert image is not None
    assert overlay is not None
    assert all(abs(image[side] - overlay[side]) <= 1 for side in ("x", "y", "width", "height"))
    box = visit.page.locator(".frame rect.box").first.bounding_box()
    assert box is not None
    assert image["x"] < box["x"]
    assert image["y"] < box["y"]
    assert box["x"] + box["width"] < image["x"] + image["width"]


def test_everything_works_without_scripts(chromium: Browser, address: str, group_file: Path) -> None:
    for visit in visit_of(chromium.new_context(java_script_enabled=False), address):
        visit.search(group_file)
        visit.page.get_by_label("Face 1").check()
        visit.page.get_by_role("button", name="Search", exact=True).click()
        visit.page.wait_for_url("**/searches/*")
        expect(visit.page.locator(".caveat")).to_be_visible()


def test_a_photo_is_withdrawn_from_its_page(chromium: Browser, bank: Service, portrait_file: Path) -> None:
    for address in start(bank):
        for visit in visit_of(chromium.new_context(), address):
            visit.search(portrait_file)
            found = visit.page.url
            visit.page.locator(".candidates a[href^='/photos/']").first.click()
            visit.page.wait_for_url("**/photos/*")
            visit.page.get_by_label("Reason").fill("asked for by the person shown")
            visit.page.get_by_role("button", name="Withdraw").click()
            expect(visit.page).to_have_url(re.compile("/photos/[0-9a-f]+$"))  # the box holds it back
            visit.page.get_by_label("Yes, withdraw this photo").check()
            visit.page.get_by_role("button", name="Withdraw").click()
            expect(visit.page.get_by_role("heading", level=1)).to_have_text("The photo was withdrawn")
            visit.page.goto(found)
            expect(
                visit.page.get_by_text("Withdrawn from the bank since this search: rank 1.")
            ).to_be_visible()
