"""The terms of a source begin and end: its photos leave the search at once, and come back when it is renewed."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from facewitness import Service
from facewitness.acts import SourceDetails
from facewitness.errors import BadInput, NotFound
from facewitness.sources.kinds import KINDS
from facewitness.store.conditions import IN_FORCE
from facewitness.store.tables import metadata, source
from facewitness.terms.provenance import MinorsPolicy, SourceKind, Terms, Validity

from .banks import DETAILS, entries, found, photo_id, seals

NEXT_YEAR = datetime.now(UTC).year + 1
Travel = Callable[[timedelta], None]


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    """Set every clock of the program forward."""

    def forward(by: timedelta) -> None:
        monkeypatch.setattr(import_module("facewitness.acts.bank"), "now", lambda: datetime.now(UTC) + by)

    return forward


@pytest.fixture
def album(service: Service, photos: Path) -> str:
    """A source with the small photos, enrolled."""
    service.enrol(photos, **DETAILS)
    [(record, _)] = service.sources()
    return record.id


def details(**changes: object) -> SourceDetails:
    return SourceDetails(**(DETAILS | changes))


def test_the_photos_of_an_expired_source_leave_the_search_and_come_back_when_it_is_renewed(
    service: Service, album: str, photos: Path
) -> None:
    probe, before = photos / "biden.jpg", dict(service.status().totals)
    assert found(service, probe) == {"biden.jpg"}
    service.expire_source(album, "the agreement was ended")
    assert found(service, probe) == set()
    with pytest.raises(NotFound):
        service.show(photo_id(probe))
    service.renew_source(album)
    assert found(service, probe) == {"biden.jpg"}
    assert service.status().totals == before | {"searches": 3}


def test_what_is_searched_and_its_threshold_follow_the_faces_in_force(
    service: Service, album: str, photos: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(photos / "astronaut.jpg", other)
    service.enrol(other, **(DETAILS | {"name": "Other"}))
    service.expire_source(album)
    listed = service.search(photos / "astronaut.jpg", purpose="test the search")
    assert listed.threshold.gallery_size == 1
    [candidate] = listed.candidates
    assert [origin.capture.source_id for origin in candidate.captures] == ["other"]


@pytest.mark.parametrize("field", ["expires", "review_by"])
def test_a_source_leaves_the_search_by_itself_on_its_day(
    service: Service, album: str, photos: Path, travel: Travel, field: str
) -> None:
    service.renew_source(album, **{field: f"{NEXT_YEAR}-05-01"})
    assert found(service, photos / "biden.jpg") == {"biden.jpg"}
    travel(timedelta(days=3 * 365))
    assert found(service, photos / "biden.jpg") == set()
    assert service.source_report(album).out_of_force
    with pytest.raises(BadInput, match=r"(expired|reviewed by)"):
        service.enrol(photos)


def test_a_source_that_begins_later_is_not_enrolled_from_before(service: Service, photos: Path) -> None:
    record = service.add_source("folder", str(photos), details(starts=str(NEXT_YEAR)))
    with pytest.raises(BadInput, match="begins on"):
        service.enrol_source(record.id)
    assert service.status().totals["photos"] == 0


def test_under_the_rule_only_what_somebody_approved_is_searched(tmp_path: Path, photos: Path) -> None:
    bank = tmp_path / "bank"
    bank.mkdir()
    (bank / "policy.toml").write_text("approved_sources_only = true")
    with Service.open(bank, actor="approver") as service:
        record = service.add_source("folder", str(photos), details())
        with pytest.raises(BadInput, match="is not approved"):
            service.enrol_source(record.id)
        approved = service.approve_source(record.id, "seen and read")
        assert approved.terms.approved_by == "approver"
        service.enrol_source(record.id)
        assert found(service, photos / "biden.jpg") == {"biden.jpg"}


def test_a_registered_source_is_enrolled_by_its_id(service: Service, photos: Path) -> None:
    record = service.add_source("folder", str(photos), details())
    assert service.status().totals["photos"] == 0
    assert service.enrol_source(record.id).photos == 4
    assert service.enrol(photos).already == 4
    assert [one["act"] for one in entries(service)] == ["register", "enrol", "enrol"]


def test_nothing_from_outside_a_source_s_scope_is_enrolled(service: Service, photos: Path) -> None:
    (photos / "manifest.csv").write_text("file,page_url\nbiden.jpg,https://example.org/a\n")
    record = service.add_source("folder", str(photos), details(scope=("example.org",)))
    progress = service.enrol_source(record.id)
    assert (progress.photos, progress.skipped) == (1, {"outside the source's scope": 3})


def test_a_source_is_registered_once(service: Service, photos: Path) -> None:
    service.add_source("folder", str(photos), details())
    with pytest.raises(BadInput, match="registered already, as 'album'"):
        service.add_source("folder", str(photos), details(name="Again"))


def test_everything_that_was_said_of_a_source_is_kept(service: Service, photos: Path, tmp_path: Path) -> None:
    agreement = tmp_path / "agreement.pdf"
    agreement.write_bytes(b"we agree" * 200_000)
    service.add_source(
        "folder",
        str(photos),
        details(
            basis="statutory mandate",
            citation="Archives Act s. 12",
            owner="The city",
            agreement=str(agreement),
            minors="left out",
            starts="2020-01-01",
            expires=f"{NEXT_YEAR}",
            review_by=f"{NEXT_YEAR}-06",
            scope=("example.org",),
        ),
    )
    [(record, _)] = service.sources()
    assert record.scope == ("example.org",)
    assert record.terms == Terms(
        owner="The city",
        citation="Archives Act s. 12",
        agreement=str(agreement),
        agreement_digest=hashlib.sha256(b"we agree" * 200_000).hexdigest(),
        minors=MinorsPolicy.LEFT_OUT,
        starts=datetime(2020, 1, 1, tzinfo=UTC),
        expires=datetime(NEXT_YEAR, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        review_by=datetime(NEXT_YEAR, 6, 30, 23, 59, 59, 999_999, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"basis": "statutory-mandate"}, "needs its citation"),
        ({"minors": "some"}, "'some'"),
        ({"expires": "soon"}, "expires: 'soon' is not a date"),
        ({"starts": "2999", "expires": "2998"}, "expire before it begins"),
        ({"expires": "2020"}, "would have expired on 2020-12-31"),
        ({"scope": ("not a host",)}, "'not a host' is not a scope"),
    ],
)
def test_terms_that_cannot_be_understood_are_refused(
    service: Service, photos: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        service.add_source("folder", str(photos), details(**changes))
    assert service.sources() == []


def test_a_place_where_nothing_of_its_kind_lies_is_not_registered(service: Service, tmp_path: Path) -> None:
    for kind in SourceKind:
        with pytest.raises(BadInput):
            service.add_source(kind, str(tmp_path / "nowhere"), details())
    assert service.sources() == []


def test_a_mandate_is_cited_when_a_folder_is_enrolled(service: Service, photos: Path) -> None:
    service.enrol(photos, **(DETAILS | {"basis": "statutory-mandate"}), citation="Archives Act s. 12")
    [(record, _)] = service.sources()
    assert record.terms.citation == "Archives Act s. 12"


@pytest.mark.parametrize("kind", ["instagram", "warc", ""])
def test_an_unknown_kind_is_answered_with_the_known_ones(service: Service, photos: Path, kind: str) -> None:
    with pytest.raises(BadInput, match="not a kind of source") as caught:
        service.add_source(kind, str(photos), details())
    assert "folder, webarchive, " in caught.value.advice


def test_every_kind_of_source_can_be_opened() -> None:
    assert set(KINDS) == set(SourceKind)


def test_a_renewal_needs_a_date_that_is_still_to_come(service: Service, album: str) -> None:
    with pytest.raises(BadInput, match="has passed"):
        service.renew_source(album, expires="2020")


@pytest.mark.parametrize("change", ["approve_source", "expire_source", "renew_source", "source_report"])
def test_a_source_that_is_not_there_cannot_be_changed(service: Service, change: str) -> None:
    with pytest.raises(NotFound, match="no source 'nowhere'"):
        getattr(service, change)("nowhere")


def test_each_change_is_an_entry_with_its_reason_sealed(service: Service, album: str) -> None:
    service.approve_source(album)
    service.expire_source(album, "ended by Anna")
    assert [(one["facts"]["change"], one["facts"]["source"]) for one in entries(service)[1:]] == [
        ("approved", album),
        ("expired", album),
    ]
    assert seals(service)["reason"] == "ended by Anna"
    assert "Anna" not in str(entries(service)[-1])


def test_a_report_counts_what_came_in_and_what_did_not(service: Service, photos: Path) -> None:
    (photos / "empty.jpg").write_bytes(b"")
    service.enrol(photos, **DETAILS)
    report = service.source_report("album")
    assert report.totals == {"photos": 4, "captures": 4, "faces": 4, "refused_faces": 0}
    assert report.skipped == {"empty file": 1}
    assert report.out_of_force == ""


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(
    st.none() | moments, st.none() | moments, st.none() | moments, st.none() | moments, moments, st.booleans()
)
def test_what_is_said_of_a_source_and_what_is_searched_never_differ(
    starts: datetime | None,
    expires: datetime | None,
    review_by: datetime | None,
    approved_at: datetime | None,
    at: datetime,
    approved_only: bool,
) -> None:
    terms = Terms(starts=starts, expires=expires, review_by=review_by, approved_at=approved_at)
    validity = Validity(at, approved_only)
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine, [source])
    texts = ("name", "organisation", "kind", "location", "steward", "basis", "licence", "note")
    with engine.begin() as connection:
        connection.execute(
            sa.insert(source),
            dict.fromkeys(texts, "")
            | {"id": "one", "registered_at": at, "starts": starts, "expires": expires}
            | {"review_by": review_by, "approved_at": approved_at},
        )
        searched = connection.scalar(sa.select(source.c.id).where(IN_FORCE), asdict(validity))
    engine.dispose()
    assert (searched is None) == bool(terms.out_of_force(validity))
