"""What goes into the catalogue comes out the same, and only to those who may see it."""

import contextlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from facewitness.errors import BadInput, BankError, NotFound
from facewitness.store import Catalogue, View
from facewitness.store.database import HEAD, Database
from facewitness.store.tables import metadata
from facewitness.terms.actor import ActKind, Scope
from facewitness.terms.candidate import Filters
from facewitness.terms.face import FaceId, RefusalReason, RefusedFace
from facewitness.terms.provenance import Observation, SkippedPhoto, SkipReason, SourceId, Visit
from facewitness.terms.template import ModelId

from .conftest import ACTOR, AWAY, HOME, MODEL, THEN, VALID, face, hold, photo, register, source


def count(view: View, filters: Filters) -> int | None:
    within = view.searchable(MODEL, filters)
    return None if within is None else len(within)


def test_the_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'c.sqlite'}")
    database.migrate()
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, metadata) == []
    database.close()


def test_a_catalogue_of_a_newer_release_is_not_touched(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'c.sqlite'}"
    Catalogue(url).close()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(BankError, match="newer Facewitness"):
        Catalogue(url)


def test_what_is_no_database_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").write_bytes(b"not a database at all, not at all" * 100)
    with pytest.raises(BankError, match=r"c\.sqlite"):
        Catalogue(f"sqlite:///{tmp_path / 'c.sqlite'}")


def test_a_photo_comes_back_as_it_was_put_in(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    photo_id = hold(catalogue, "album", "wedding", seen=Observation("wedding.jpg", captured_at=THEN))
    with catalogue.view(HOME, VALID) as view:
        assert view.photo(photo_id[:8]) == photo("wedding")
        [origin] = view.captures([photo_id])[photo_id]
        [held] = view.faces_of(photo_id)
    assert origin.capture.observation == Observation("wedding.jpg", captured_at=THEN)
    assert (origin.source_name, origin.source_basis) == ("Album", "own-work")
    assert held.detection == face(1).detection
    assert held.quality == face(1).quality


def test_one_photo_at_forty_places_is_one_photo_with_forty_captures(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    for number in range(40):
        photo_id = hold(catalogue, "album", "portrait", seen=Observation(f"{number}.jpg"))
    with catalogue.view(HOME, VALID) as view:
        assert len(view.captures([photo_id])[photo_id]) == 40
        assert view.totals() | {"sources": 1} == {
            "sources": 1,
            "photos": 1,
            "captures": 40,
            "faces": 1,
            "refused_faces": 0,
            "searches": 0,
        }


def test_the_same_capture_twice_is_one(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    hold(catalogue, "album", "portrait")
    photo_id = hold(catalogue, "album", "portrait")
    with catalogue.view(HOME, VALID) as view:
        assert len(view.captures([photo_id])[photo_id]) == 1


def test_another_organisation_sees_nothing(catalogue: Catalogue) -> None:
    register(catalogue, source("album"), source("theirs", "away"))
    photo_id = hold(catalogue, "album", "portrait")
    with catalogue.view(AWAY, VALID) as view:
        assert [one.id for one in view.sources()] == ["theirs"]
        assert view.captures([photo_id]) == {}
        assert view.photos([photo_id]) == {}
        assert view.faces_of(photo_id) == []
        assert count(view, Filters()) == 0
        assert view.totals()["faces"] == 0
        with pytest.raises(NotFound):
            view.photo(photo_id)


def test_a_scope_of_some_sources_sees_only_those(catalogue: Catalogue) -> None:
    register(catalogue, source("album"), source("attic"))
    in_album, in_attic = hold(catalogue, "album", "a"), hold(catalogue, "attic", "b")
    with catalogue.view(Scope("home", frozenset({SourceId("attic")})), VALID) as view:
        assert set(view.photos([in_album, in_attic])) == {in_attic}
        assert count(view, Filters()) == 1


def test_a_search_without_filters_over_everything_names_no_faces(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    hold(catalogue, "album", "a")
    with catalogue.view(HOME, VALID) as view:
        assert view.searchable(MODEL, Filters()) is None


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(sources=(SourceId("attic"),)), {"b"}),
        (Filters(captured_from=THEN), {"a"}),
        (Filters(captured_until=THEN - timedelta(days=1)), {"b"}),
        (Filters(licence="cc by"), {"a"}),
        (Filters(licence="all rights"), {"b"}),
        (Filters(text="PARADE example"), {"a"}),
        (Filters(text="100%"), {"b"}),
        (Filters(text="nowhere"), set()),
        (Filters(text="parade", licence="all rights"), set()),
    ],
)
def test_filters_let_through_what_they_say(catalogue: Catalogue, filters: Filters, found: set[str]) -> None:
    register(catalogue, source("album", licence="CC BY 4.0"), source("attic", licence="CC0"))
    first = Observation("a.jpg", "https://example.org/p", caption="the parade", captured_at=THEN)
    second = Observation(
        "b.jpg", caption="100% wool", licence="All rights reserved", captured_at=THEN - timedelta(days=9)
    )
    held = {"a": hold(catalogue, "album", "a", seen=first), "b": hold(catalogue, "attic", "b", seen=second)}
    with catalogue.view(HOME, VALID) as view:
        within = view.searchable(MODEL, filters)
        assert within is not None
        faces = view.faces(int(one) for one in within)  # type: ignore[misc]
    assert {name for name, one in held.items() if one in {f.photo_id for f in faces.values()}} == found


def test_all_filters_must_hold_for_one_capture(catalogue: Catalogue) -> None:
    register(catalogue, source("album"), source("attic"))
    hold(catalogue, "album", "a", seen=Observation("a.jpg", caption="harbour"))
    hold(catalogue, "attic", "a", seen=Observation("copy.jpg", caption="mountain"))
    with catalogue.view(HOME, VALID) as view:
        assert count(view, Filters((SourceId("attic"),), text="harbour")) == 0
        assert count(view, Filters((SourceId("attic"),), text="mountain")) == 1


def test_what_a_search_shows_is_found_by_its_key_and_never_by_going_through_a_source(
    catalogue: Catalogue,
) -> None:
    register(catalogue, source("album"))
    ids = [hold(catalogue, "album", str(number)) for number in range(20)]
    asked: list[tuple[str, Any]] = []
    engine = catalogue._database.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
    with catalogue.view(HOME, VALID) as view:
        shown = view.faces([FaceId(1)]), view.photos(ids), view.captures(ids), view.near_copies(ids)
    assert [len(one) for one in shown] == [1, 20, 20, 0]
    with engine.connect() as connection:
        plan = [
            str(row.detail)
            for statement, values in asked
            if statement.startswith("SELECT")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert sum(step.startswith("SEARCH capture") for step in plan) == 4
    assert not [step for step in plan if re.match("SCAN (capture|photo|face|source)", step)]
    assert not [step for step in plan if "(source_id=?)" in step]


@pytest.mark.parametrize("name", ["", "abc", "not-a-digest", "xyzxyz"])
def test_what_cannot_name_a_photo_is_refused(catalogue: Catalogue, name: str) -> None:
    with catalogue.view(HOME, VALID) as view, pytest.raises(BadInput, match="does not name a photo"):
        view.photo(name)


def test_a_refused_face_is_kept_with_its_reason_and_is_not_searchable(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    photo_id = hold(catalogue, "album", "a", faces=0)
    one = face(1)
    with catalogue.writing() as writer:
        refused = RefusedFace(one.detection, one.quality, RefusalReason.TOO_SMALL)
        writer.add_faces(photo_id, MODEL, [], [refused])
    with catalogue.view(HOME, VALID) as view:
        assert view.faces_of(photo_id)[0].refusal is RefusalReason.TOO_SMALL
        assert view.refused_by_reason() == {"too small": 1}
    assert list(catalogue.templates(MODEL)) == []


def test_a_withdrawn_photo_leaves_nothing_but_the_note_that_it_may_not_return(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    photo_id = hold(catalogue, "album", "a", faces=2)
    with catalogue.writing() as writer:
        assert writer.withdraw_photos([photo_id], THEN, for_good=True) == 2
    with catalogue.view(HOME, VALID) as view:
        assert view.totals()["photos"] == view.totals()["faces"] == view.totals()["captures"] == 0
        assert view.withdrawn_photos() == {photo_id}
    gone, position = catalogue.withdrawn()
    assert (gone.tolist(), position) == ([1, 2], 2)
    assert catalogue.doomed() == [photo_id]


def test_a_face_id_is_never_given_twice(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    photo_id = hold(catalogue, "album", "a")
    with catalogue.writing() as writer:
        writer.withdraw_photos([photo_id], THEN, for_good=False)
    hold(catalogue, "album", "a")
    assert [ids.tolist() for ids, _ in catalogue.templates(MODEL)] == [[2]]


def test_a_withdrawn_source_takes_only_the_photos_that_no_other_holds(catalogue: Catalogue) -> None:
    register(catalogue, source("album"), source("attic"))
    shared = hold(catalogue, "album", "shared")
    hold(catalogue, "attic", "shared")
    own = hold(catalogue, "album", "own")
    with catalogue.writing() as writer:
        assert writer.withdraw_source(SourceId("album"), THEN) == [own]
    with catalogue.view(HOME, VALID) as view:
        assert [one.id for one in view.sources()] == ["attic"]
        assert len(view.captures([shared])[shared]) == 1


def test_visits_are_remembered_by_model(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    skipped = SkippedPhoto("b.txt", SkipReason.NOT_AN_IMAGE, "it is text")
    visits = [Visit("a.jpg", "1:2", photo("a").id, None), Visit("b.txt", "3:4", None, skipped)]
    with catalogue.writing() as writer:
        writer.note_visits(SourceId("album"), MODEL, visits)
        writer.note_visits(SourceId("album"), MODEL, visits)
    with catalogue.view(HOME, VALID) as view:
        seen = view.visits(SourceId("album"), MODEL, ["a.jpg", "b.txt", "c.jpg"])
        assert seen == {one.path: one for one in visits}
        assert view.visits(SourceId("album"), ModelId("another"), ["a.jpg"]) == {}


def test_what_was_turned_away_is_told_by_the_last_enrolment_of_each_source(catalogue: Catalogue) -> None:
    for name in ("album", "attic"):
        register(catalogue, source(name))
        for number in (5, 2):
            with catalogue.writing() as writer:
                run_id = writer.start_run(ActKind.ENROL, SourceId(name), ACTOR, MODEL, THEN)
                writer.count_run(run_id, {"photos": 3, "skipped: not an image": number})
                writer.end_run(run_id, THEN)
    with catalogue.view(HOME, VALID) as view:
        assert view.report(SourceId("album")).skipped == {"not an image": 2}
        assert view.skipped_by_reason() == {"not an image": 4}


def test_templates_come_back_to_the_bit(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    hold(catalogue, "album", "a", faces=3)
    [(ids, templates)] = catalogue.templates(MODEL)
    assert ids.tolist() == [1, 2, 3]
    assert np.array_equal(templates, np.stack([face(n).template.values for n in (1, 2, 3)]))
    assert [found.tolist() for found, _ in catalogue.templates(MODEL, after=2)] == [[3]]


def test_near_copies_are_those_of_the_same_group(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    ids = [hold(catalogue, "album", name) for name in ("a", "b", "c")]
    with catalogue.writing() as writer:
        writer.join_near_groups(ids[0], [ids[1]])
    with catalogue.view(HOME, VALID) as view:
        assert view.near_copies(ids) == {ids[0]: (ids[1],), ids[1]: (ids[0],)}


def test_a_bank_is_bound_to_one_model(catalogue: Catalogue) -> None:
    catalogue.adopt_model(MODEL)
    catalogue.adopt_model(MODEL)
    with pytest.raises(BankError, match="cannot be compared"):
        catalogue.adopt_model(ModelId("another"))


def test_a_transaction_that_fails_leaves_nothing(catalogue: Catalogue) -> None:
    with contextlib.suppress(RuntimeError), catalogue.writing() as writer:
        writer.add_source(source("album"))
        raise RuntimeError
    with catalogue.view(HOME, VALID) as view:
        assert view.sources() == []


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_node"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET position = 7"])
def test_the_database_itself_refuses_to_change_the_ledger(
    catalogue: Catalogue, tmp_path: Path, table: str, change: str
) -> None:
    with catalogue.writing() as writer:
        writer.ledger.add_nodes([(0, 0, bytes(32))])
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    with engine.connect() as connection:
        connection.execute(sa.text("INSERT INTO ledger_entry VALUES (0, x'00')"))
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            connection.execute(sa.text(change.format(table)))
    engine.dispose()


def test_a_run_is_open_until_it_is_ended(catalogue: Catalogue) -> None:
    register(catalogue, source("album"))
    with catalogue.writing() as writer:
        run_id = writer.start_run(ActKind.ENROL, SourceId("album"), ACTOR, MODEL, THEN)
        writer.count_run(run_id, {"photos": 3})
    assert catalogue.open_runs() == [run_id]
    with catalogue.writing() as writer:
        assert writer.end_run(run_id, THEN).counts == {"photos": 3}
    assert catalogue.open_runs() == []
