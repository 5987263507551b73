"""Of an account export only the holder's faces get a template, where the policy says so."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from facewitness import Service
from facewitness.acts import SourceDetails
from facewitness.errors import BadInput, ManyFaces, NotFound
from tests.assets import exports

from .banks import DETAILS, entries, found


@pytest.fixture
def export(photos: Path, tmp_path: Path) -> Path:
    """An export of somebody who is alone in one photo and beside another person in one."""
    pair = Image.new("RGB", (512, 256))
    for place, name in enumerate(("obama.jpg", "biden.jpg")):
        pair.paste(Image.open(photos / name).resize((256, 256)), (256 * place, 0))
    stream = io.BytesIO()
    pair.save(stream, "JPEG", quality=92)
    posts = [
        {"media": [{"uri": "media/posts/alone.jpg", "creation_timestamp": exports.TIME, "title": "Me"}]},
        {
            "media": [
                {"uri": "media/posts/pair.jpg", "creation_timestamp": exports.TIME, "title": "Two of us"}
            ]
        },
    ]
    files = {
        "content/posts_1.json": exports.as_meta(posts),
        "media/posts/alone.jpg": (photos / "obama3.jpg").read_bytes(),
        "media/posts/pair.jpg": stream.getvalue(),
    }
    return exports.write_zip(tmp_path / "instagram-holder.zip", files)


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Service]:
    """A bank under the rule."""
    folder = tmp_path / "strict"
    folder.mkdir()
    (folder / "policy.toml").write_text("only_the_consenting = true")
    with Service.open(folder, actor="tester") as service:
        yield service


def registered(service: Service, export: Path) -> str:
    return service.add_source("export", str(export), SourceDetails(**(DETAILS | {"basis": "consent"}))).id


def test_an_export_is_enrolled_and_found_with_what_was_said_of_it(
    service: Service, export: Path, photos: Path
) -> None:
    progress = service.enrol_source(registered(service, export))
    assert (progress.photos, progress.faces) == (2, 3)
    listed = service.search(photos / "obama.jpg", purpose="test the search")
    assert {
        (one.capture.observation.caption, one.capture.observation.page_title)
        for c in listed.candidates
        for one in c.captures
    } == {
        ("Me", "post"),
        ("Two of us", "post"),
    }


def test_under_the_rule_an_export_needs_a_reference(strict: Service, export: Path, photos: Path) -> None:
    with pytest.raises(BadInput, match="needs a reference photo of its holder"):
        strict.enrol_source(registered(strict, export))
    assert strict.status().totals["photos"] == 0
    strict.enrol(photos, **(DETAILS | {"name": "Another"}))  # enters what was left open, if anything was
    assert [one["outcome"] for one in entries(strict)] == ["done", "failed", "done"]


def test_only_the_holder_s_faces_get_a_template_and_the_others_are_counted(
    strict: Service, export: Path, photos: Path
) -> None:
    source = registered(strict, export)
    strict.give_reference(source, photos / "obama.jpg")
    progress = strict.enrol_source(source)
    assert (progress.photos, progress.faces) == (2, 2)
    assert progress.refused == {"not shown to be the holder": 1}
    assert found(strict, photos / "obama.jpg") == {"media/posts/alone.jpg", "media/posts/pair.jpg"}
    assert found(strict, photos / "biden.jpg") == set()


def test_the_rule_is_about_exports_alone(strict: Service, photos: Path) -> None:
    assert strict.enrol(photos, **DETAILS).faces == 4


def test_a_reference_is_accounted_for_and_never_enrolled(strict: Service, export: Path, photos: Path) -> None:
    source = registered(strict, export)
    strict.give_reference(source, photos / "obama.jpg")
    entry = entries(strict)[-1]
    assert (entry["act"], entry["facts"]["change"]) == ("amend", "reference given")
    assert strict.status().totals["faces"] == 0


def test_a_reference_leaves_with_its_source(strict: Service, export: Path, photos: Path) -> None:
    source = registered(strict, export)
    strict.give_reference(source, photos / "obama.jpg")
    strict.withdraw(source)
    again = registered(strict, export)
    with pytest.raises(BadInput, match="needs a reference"):
        strict.enrol_source(again)


def test_a_reference_that_cannot_be_used_is_refused(
    strict: Service, export: Path, photos: Path, tmp_path: Path
) -> None:
    strict.enrol(photos, **DETAILS)
    with pytest.raises(BadInput, match="has no holder"):
        strict.give_reference("album", photos / "obama.jpg")
    with pytest.raises(NotFound):
        strict.give_reference("nowhere", photos / "obama.jpg")
    source = registered(strict, export)
    pair = Image.new("RGB", (512, 256))
    for place, name in enumerate(("obama.jpg", "biden.jpg")):
        pair.paste(Image.open(photos / name).resize((256, 256)), (256 * place, 0))
    pair.save(tmp_path / "pair.jpg", quality=92)
    with pytest.raises(ManyFaces):
        strict.give_reference(source, tmp_path / "pair.jpg")
    strict.give_reference(source, tmp_path / "pair.jpg", face=1)
