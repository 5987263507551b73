"""A capture whose page or image is gone, changed or reserved by now leaves the search as the policy says."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from facewitness import Service, acts
from facewitness.acts import SourceDetails
from facewitness.errors import BadInput
from facewitness.terms.collecting import Collected, Revisited
from facewitness.terms.provenance import CaptureState, SourceId

from ...conftest import PORTRAITS
from ...unit.sources.webarchive.crawls import SITE, Crawl, Header
from .banks import DETAILS, entries, found, photo_id

AT = datetime(2026, 11, 25, tzinfo=UTC)
THERE, GONE, CHANGED = CaptureState.THERE, CaptureState.GONE, CaptureState.CHANGED
RESERVED = CaptureState.RESERVED
DIGEST = "0" * 64
Answers = dict[str, CaptureState]


class Web:
    """What has become of some addresses; nothing is known of the others."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self.asked = answers, list[str]()
        self.digests = {image(name): photo_id(PORTRAITS / f"{name}.jpg") for name in ("obama", "biden")}

    def collect(self, tell: Callable[[Collected], None]) -> Collected:
        raise NotImplementedError

    def revisit(self, addresses: Iterable[str]) -> Iterator[Revisited]:
        for url in addresses:
            self.asked.append(url)
            state = self.answers.get(url)
            told = Revisited(url, THERE if state is CHANGED else state, AT, detail="told")
            yield replace(told, digest=DIGEST if state is CHANGED else self.digests.get(url, ""))


def image(name: str) -> str:
    return f"{SITE}/{name}.jpg"


EVERYWHERE = {image("obama"): THERE, f"{SITE}/first": THERE, f"{SITE}/second": THERE}


def looked_again(service: Service, answers: Answers) -> dict[str, int]:
    return acts.recheck(
        service._bank, service.actor, SourceId("crawl"), lambda *_: Web(answers), service._copy
    )


@pytest.fixture
def archive(tmp_path: Path, portraits: Path) -> Path:
    crawl = Crawl()
    for page in ("first", "second"):
        crawl.page(page, "<img src='obama.jpg'>", f"<title>{page}</title>")
    for name in ("obama", "biden"):
        crawl.response(image(name), (portraits / f"{name}.jpg").read_bytes())
    return crawl.save(tmp_path / "crawl.warc.gz")


@pytest.fixture
def service(tmp_path: Path, archive: Path) -> Iterator[Service]:
    with opened(tmp_path) as service:
        details = SourceDetails("Crawl", "A. Steward", "licence")
        service.enrol_source(service.add_source("webarchive", str(archive), details).id)
        yield service


def opened(tmp_path: Path, rules: str = "") -> Service:
    bank = tmp_path / "bank"
    bank.mkdir(exist_ok=True)
    (bank / "policy.toml").write_text(rules)
    return Service.open(bank, actor="tester")


def finds(service: Service, portraits: Path) -> bool:
    """Whether a search finds the photo that stands on two pages."""
    listed = service.search(portraits / "obama2.jpg", purpose="test the search")
    return photo_id(portraits / "obama.jpg") in {one.photo.id for one in listed.candidates}


def faces(service: Service) -> int:
    return service.status().totals["faces"]


def test_what_is_gone_leaves_the_search_and_comes_back_when_it_is_there_again(
    service: Service, portraits: Path
) -> None:
    assert looked_again(service, {image("obama"): GONE}) == {"gone": 2, "there": 1}
    assert not finds(service, portraits)
    assert found(service, portraits / "biden.jpg")
    assert faces(service) == 1
    assert looked_again(service, EVERYWHERE) == {"there": 3}
    assert finds(service, portraits)


def test_a_page_that_is_gone_takes_its_own_capture_and_no_other(service: Service, portraits: Path) -> None:
    looked_again(service, {f"{SITE}/first": GONE})
    candidate = service.search(portraits / "obama2.jpg", purpose="test the search").candidates[0]
    assert [one.capture.observation.page_title for one in candidate.captures] == ["second"]


def test_a_page_that_was_rewritten_says_nothing_of_its_images(service: Service) -> None:
    assert looked_again(service, {f"{SITE}/first": CHANGED}) == {"there": 3}


@pytest.mark.parametrize(
    ("rules", "state", "stays"),
    [
        ("", CHANGED, True),
        ("search_changed = false", CHANGED, False),
        ("search_gone = true", GONE, True),
        ('name = "archive"\napproved_sources_only = false', GONE, True),
        ("search_gone = true\nsearch_changed = true", RESERVED, False),
        ('name = "archive"\napproved_sources_only = false', RESERVED, False),
    ],
)
def test_the_policy_decides_over_gone_and_changed_and_never_over_reserved(
    service: Service, tmp_path: Path, portraits: Path, rules: str, state: CaptureState, stays: bool
) -> None:
    looked_again(service, {image("obama"): state})
    with opened(tmp_path, rules) as again:
        assert finds(again, portraits) is stays


def test_what_reserves_a_photo_on_one_page_reserves_it_on_all_of_the_source(
    service: Service, portraits: Path
) -> None:
    assert looked_again(service, {f"{SITE}/second": RESERVED}) == {"reserved": 2, "there": 1}
    assert not finds(service, portraits)


def test_another_source_of_the_same_photo_is_not_touched(
    service: Service, portraits: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "obama.jpg").write_bytes((portraits / "obama.jpg").read_bytes())
    service.enrol(folder, **DETAILS)
    looked_again(service, {image("obama"): RESERVED})
    assert "obama.jpg" in found(service, portraits / "obama2.jpg")
    assert finds(service, portraits)


def test_what_gives_no_answer_stays_as_it_was(service: Service, portraits: Path) -> None:
    looked_again(service, {image("biden"): GONE})
    assert looked_again(service, {}) == {"gone": 1, "there": 2}


def test_what_a_page_reserved_stands_while_that_page_is_silent(service: Service, portraits: Path) -> None:
    looked_again(service, EVERYWHERE | {f"{SITE}/second": RESERVED})
    silent = {url: state for url, state in EVERYWHERE.items() if url != f"{SITE}/second"}
    assert looked_again(service, silent) == {"reserved": 2, "there": 1}
    assert not finds(service, portraits)
    assert looked_again(service, EVERYWHERE) == {"there": 3}
    assert finds(service, portraits)


def test_what_was_found_gone_stands_until_image_and_page_both_answer(service: Service) -> None:
    looked_again(service, {f"{SITE}/first": GONE})
    assert looked_again(service, {image("obama"): THERE}) == {"gone": 1, "there": 2}
    assert looked_again(service, {image("obama"): RESERVED}) == {"reserved": 2, "there": 1}


def test_the_gravest_of_two_answers_holds(service: Service) -> None:
    assert looked_again(service, {image("obama"): CHANGED, f"{SITE}/first": GONE}) == {
        "changed": 1,
        "gone": 1,
        "there": 1,
    }


def test_each_address_is_asked_for_once_and_only_those_of_the_source(service: Service) -> None:
    web = Web({})
    acts.recheck(service._bank, service.actor, SourceId("crawl"), lambda *_: web, service._copy)
    assert sorted(web.asked) == [image("biden"), f"{SITE}/first", image("obama"), f"{SITE}/second"]


def test_a_recheck_is_one_entry_with_its_counts_and_is_in_the_report(service: Service) -> None:
    looked_again(service, {image("obama"): GONE})
    last = entries(service)[-1]
    assert (last["act"], last["outcome"]) == ("recheck", "done")
    assert last["facts"] == {"source": "crawl", "addresses": 4, "captures": 3, "gone": 2}
    report = service.source_report("crawl")
    assert report.states == {"gone": 2, "there": 1}
    assert report.rechecked_at is not None


def test_a_source_that_is_not_on_the_web_is_not_asked_for(service: Service) -> None:
    with pytest.raises(BadInput, match="nothing of it is fetched"):
        service.recheck_source("crawl")
    with pytest.raises(BadInput, match="nothing of it is fetched"):
        service.collect_source("crawl")


def test_a_recheck_that_breaks_off_changes_nothing_and_is_entered(service: Service) -> None:
    class Broken(Web):
        def revisit(self, addresses: Iterable[str]) -> Iterator[Revisited]:
            yield Revisited(image("obama"), GONE, AT)
            raise OSError("no network")

    with pytest.raises(OSError, match="no network"):
        acts.recheck(service._bank, service.actor, SourceId("crawl"), lambda *_: Broken({}), service._copy)
    assert entries(service)[-1]["outcome"] == "failed"
    assert service.source_report("crawl").states == {"there": 3}


def enlarged(archive: Path, name: str, page: str, headers: Sequence[Header] = ()) -> Path:
    """Another archive beside it, in which another page shows the photo."""
    crawl = Crawl()
    crawl.page(page, "<img src='obama.jpg'>", headers=headers)
    return crawl.save(archive.with_name(name))


@pytest.fixture
def growing(tmp_path: Path, archive: Path) -> Iterator[Service]:
    """A bank that has enrolled from a folder of archives, to which others may come."""
    folder = tmp_path / "archives"
    folder.mkdir()
    archive.rename(folder / archive.name)
    with opened(tmp_path) as service:
        details = SourceDetails("Crawl", "A. Steward", "licence")
        service.enrol_source(service.add_source("webarchive", str(folder), details).id)
        yield service


def test_what_a_later_archive_reserves_leaves_the_search_and_comes_back_without_it(
    growing: Service, tmp_path: Path, portraits: Path
) -> None:
    later = enlarged(tmp_path / "archives" / "crawl", "later.warc.gz", "third", [("X-Robots-Tag", "noai")])
    growing.enrol_source("crawl")
    assert growing.source_report("crawl").states == {"reserved": 2, "there": 1}
    assert not finds(growing, portraits)
    later.unlink()
    growing.enrol_source("crawl")
    assert growing.source_report("crawl").states == {"there": 3}
    assert finds(growing, portraits)


def test_what_an_archive_goes_on_to_reserve_does_not_undo_a_recheck(
    growing: Service, tmp_path: Path, portraits: Path
) -> None:
    enlarged(tmp_path / "archives" / "crawl", "later.warc.gz", "third", [("X-Robots-Tag", "noai")])
    growing.enrol_source("crawl")
    looked_again(growing, EVERYWHERE)
    growing.enrol_source("crawl")
    assert finds(growing, portraits)


def test_what_a_recheck_found_reserved_stays_so_on_a_page_that_is_new(
    growing: Service, tmp_path: Path, portraits: Path
) -> None:
    looked_again(growing, {image("obama"): RESERVED})
    enlarged(tmp_path / "archives" / "crawl", "later.warc.gz", "third")
    growing.enrol_source("crawl")
    assert growing.source_report("crawl").states == {"reserved": 3, "there": 1}
    assert not finds(growing, portraits)
    looked_again(growing, EVERYWHERE | {f"{SITE}/third": THERE})
    assert finds(growing, portraits)
