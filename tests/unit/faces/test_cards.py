"""Model cards: the defaults, one's own in their place, and what is said of cards that cannot be used."""

import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from facewitness.errors import ModelError
from facewitness.faces import FaceReader, Models, load_models
from facewitness.faces.cards import ModelKind
from facewitness.terms.template import TemplateRole

from .scenes import Portrait

POINTS = [[0.2, 0.1], [0.4, 0.001]]
SAID: dict[str, Any] = {
    "name": "mine",
    "kind": "embedder",
    "family": "five-point",
    "file": "mine.onnx",
    "sha256": "ab" * 32,
    "licence": "MIT",
    "measured_on": "nothing",
    "weak_spots": "all",
    "dimension": 128,
    "calibration": {"description": "two people", "points": POINTS},
}
DETECTOR = {key: value for key, value in SAID.items() if key not in ("dimension", "calibration")} | {
    "kind": "detector",
    "family": "yunet",
}
Write = Callable[..., Path]


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return (
        repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False).replace("\x7f", "")
    )


def card(said: dict[str, Any]) -> str:
    return "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in said.items())


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a card and give its folder: a good one, save for what is said; None leaves a key out."""

    def written(base: dict[str, Any] = SAID, at: str = "card.toml", **changes: object) -> Path:
        said = {key: value for key, value in (base | changes).items() if value is not None}
        (tmp_path / at).write_text(card(said), encoding="utf-8")
        return tmp_path

    return written


def test_the_defaults_are_a_detector_and_an_embedder_with_their_files(models: Models) -> None:
    assert [one.kind for one in models.cards] == [ModelKind.DETECTOR, ModelKind.EMBEDDER]
    for one in models.cards:
        assert hashlib.sha256(one.read()).hexdigest() == one.sha256
        assert one.licence
        assert one.source
        assert one.measured_on
        assert one.weak_spots
    assert models.id == f"{models.detector.name}-49f000ec+{models.embedder.name}-fb143eea"


def test_one_s_own_embedder_takes_the_default_s_place_under_an_id_of_its_own(
    write: Write, models: Models, reader: FaceReader, folds: Path, portrait: Portrait
) -> None:
    folder = write(sha256=models.embedder.sha256.upper(), input={"colour": "rgb", "mean": 0, "scale": 1})
    (folder / "mine.onnx").write_bytes(models.embedder.read())
    own = load_models(folder)
    assert own.detector == models.detector
    assert own.id == f"{models.detector.id}+mine-{models.embedder.sha256[:8]}"
    assert own.calibration.scores == (0.2, 0.4)
    faces = reader.find(portrait("astronaut.png"))
    [template] = own.reader(folds, 1).embed(faces, TemplateRole.SEARCH)
    assert template.model == own.id
    [default] = reader.embed(faces, TemplateRole.SEARCH)
    np.testing.assert_allclose(template.values, default.values, atol=1e-4)


def test_one_s_own_detector_leaves_the_default_embedder(write: Write, models: Models) -> None:
    own = load_models(write(DETECTOR))
    assert own.detector.name == "mine"
    assert own.embedder == models.embedder


def test_both_may_be_one_s_own(write: Write) -> None:
    write(DETECTOR, "detector.toml")
    assert [one.name for one in load_models(write()).cards] == ["mine", "mine"]


def test_another_file_than_the_card_s_is_refused_with_both_digests(write: Write, folds: Path) -> None:
    folder = write()
    (folder / "mine.onnx").write_bytes(b"something else")
    with pytest.raises(ModelError) as refused:
        load_models(folder).reader(folds, 1)
    for said in ("ab" * 32, hashlib.sha256(b"something else").hexdigest(), "mine"):
        assert said in refused.value.what


def test_a_missing_file_is_named(write: Write, folds: Path) -> None:
    with pytest.raises(ModelError, match=r"mine\.onnx.*No such file"):
        load_models(write()).reader(folds, 1)


@pytest.mark.parametrize("key", [key for key in SAID if key != "calibration"])
def test_a_missing_key_is_named(key: str, write: Write) -> None:
    with pytest.raises(ModelError, match=rf"card\.toml cannot be used: '{key}' is missing"):
        load_models(write(**{key: None}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": "blue"}, "'colour', which a card does not have"),
        ({"id": "mine"}, "'id', which a card does not have"),
        ({"kind": "oracle"}, "oracle"),
        ({"kind": 3}, "3"),
        ({"family": "six-point"}, "'six-point', which Facewitness cannot run"),
        ({"calibration": None}, "needs a [calibration]"),
        ({"calibration": {}}, "needs a [calibration]"),
        ({"calibration": {"points": POINTS}}, "'description' is missing"),
        ({"calibration": {"description": ""}}, "'points' is missing"),
        ({"calibration": {"description": "", "points": []}}, "cannot be used"),
        ({"calibration": {"description": "", "points": POINTS[:1]}}, "at least two scores"),
        ({"calibration": {"description": "", "points": POINTS[::-1]}}, "scores have to rise"),
        ({"calibration": {"description": "", "points": [[0.1, 0.1], [0.2]]}}, "cannot be used"),
        ({"calibration": {"description": "", "points": [[0.1, 0.1], [0.2, 0.2]]}}, "FMRs to fall"),
        ({"calibration": {"description": "", "points": [[0.1, 2.0], [0.2, 0.2]]}}, "between 0 and 1"),
        ({"calibration": {"description": "", "points": [[0.1, 0.1], [math.nan, 0.01]]}}, "cannot be used"),
        ({"calibration": {"description": "", "points": [[0.1, 0.1], [math.inf, 0.01]]}}, "cannot be used"),
        ({"calibration": {"description": "", "points": [[0.1, 0.1], [10**400, 0.01]]}}, "cannot be used"),
        ({"calibration": 3}, "cannot be used"),
        ({"input": {"colour": "grey"}}, "'grey', neither 'rgb' nor 'bgr'"),
        ({"input": {"color": "rgb"}}, "color"),
        ({"input": {"mean": "some"}}, "some"),
        ({"input": {"scale": 0}}, "the scale not 0"),
        ({"input": 3}, "cannot be used"),
        ({"sha256": "abc"}, "64 digits"),
        ({"dimension": "long"}, "long"),
        ({"dimension": math.inf}, "infinity"),
        ({"file": 3}, "cannot be used"),
        ({"package": "no_such_package"}, "'no_such_package', which holds its file, is not installed"),
        ({"package": "no_such_package.inner"}, "no_such_package"),
        ({"package": ".relative"}, "cannot be used"),
        ({"package": 3}, "cannot be used"),
    ],
)
def test_a_wrong_key_is_said_to_be_wrong(changes: dict[str, Any], said: str, write: Write) -> None:
    with pytest.raises(ModelError) as refused:
        load_models(write(**changes))
    assert said in str(refused.value)


def test_an_unknown_detector_is_refused(write: Write) -> None:
    with pytest.raises(ModelError, match=r"'retinaface', which Facewitness cannot run.*'yunet'"):
        load_models(write(DETECTOR, family="retinaface"))


def test_of_two_embedders_none_is_chosen(write: Write) -> None:
    write(at="other.toml")
    with pytest.raises(ModelError, match="two cards of a embedder"):
        load_models(write())


def test_a_folder_without_a_card_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no card")
    with pytest.raises(ModelError, match="no model card in"):
        load_models(tmp_path)


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for name in ("missing", "file"):
        with pytest.raises(ModelError, match="no folder of model cards"):
            load_models(tmp_path / name)


def test_a_card_that_is_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "card.toml").mkdir()
    with pytest.raises(ModelError, match=r"card\.toml cannot be used"):
        load_models(tmp_path)


def test_a_length_that_is_not_the_network_s_is_refused(write: Write, models: Models, folds: Path) -> None:
    folder = write(file=str(models.embedder.file), sha256=models.embedder.sha256, dimension=512)
    with pytest.raises(ModelError, match="does not give one vector of 512 numbers"):
        load_models(folder).reader(folds, 1)


def test_models_in_each_other_s_place_are_refused(write: Write, models: Models, folds: Path) -> None:
    folder = write(file=str(models.detector.file), sha256=models.detector.sha256)
    with pytest.raises(ModelError):
        load_models(folder).reader(folds, 1)
    write(DETECTOR, file=str(models.embedder.file), sha256=models.embedder.sha256)
    with pytest.raises(ModelError):
        load_models(folder).reader(folds, 1)


VALUES = st.recursive(
    st.text()
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.sampled_from(["embedder", "detector", "yunet"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([*SAID, "package", "input", "source"]) | st.text(max_size=5)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cards")


@given(
    st.binary(max_size=80)
    | st.text(max_size=80).map(str.encode)
    | st.dictionaries(KEYS, VALUES, max_size=3).map(lambda odd: card(SAID | odd).encode())
    | st.dictionaries(KEYS, VALUES, max_size=3).map(lambda odd: card(DETECTOR | odd).encode())
)
@example(b"a = " + b"[" * 3000)
@settings(deadline=None, max_examples=150)
def test_no_text_gives_anything_but_models_or_a_model_error(place: Path, text: bytes) -> None:
    (place / "card.toml").write_bytes(text)
    try:
        loaded = load_models(place)
    except ModelError:
        return
    assert loaded.calibration.fmr(1) <= 1
