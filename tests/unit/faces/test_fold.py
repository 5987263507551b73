"""Models are folded once, and what lies in the cache is used only as it was put there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import onnx
import pytest

from facewitness.errors import ModelError
from facewitness.faces import FaceReader, Models, fold

DIGEST = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def model(models: Models) -> bytes:
    return models.detector.read()


@pytest.fixture(scope="module")
def expected(model: bytes) -> bytes:
    return fold.fold(model)


@pytest.fixture
def foldings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each model was that has been folded since."""
    done: list[int] = []
    real: Callable[[bytes], bytes] = fold.fold

    def counted(model: bytes) -> bytes:
        done.append(len(model))
        return real(model)

    monkeypatch.setattr(fold, "fold", counted)
    return done


def test_a_folded_model_asks_for_the_picture_alone(reader: FaceReader, folds: Path) -> None:
    files = list(folds.glob("*.onnx"))
    assert len(files) == 2
    for file in files:
        graph = onnx.load(file).graph
        weights = {one.name for one in graph.initializer}
        assert len(graph.input) == 1
        assert graph.input[0].name not in weights
        assert not [node.op_type for node in graph.node if weights.issuperset(node.input)]


def test_the_second_time_comes_from_the_cache(
    model: bytes, expected: bytes, foldings: list[int], tmp_path: Path
) -> None:
    cache = tmp_path / "not" / "there" / "yet"
    assert [fold.folded(model, DIGEST, cache) for _ in range(2)] == [expected] * 2
    assert len(foldings) == 1


@pytest.mark.parametrize("damage", [b"", b"\0", b"\xff\xfe", "fewer", "flipped", None])
@pytest.mark.parametrize("which", ["*.onnx", "*.sha256"])
def test_a_damaged_cache_is_noticed_and_made_again(
    which: str, damage: bytes | str | None, model: bytes, expected: bytes, foldings: list[int], tmp_path: Path
) -> None:
    fold.folded(model, DIGEST, tmp_path)
    [file] = tmp_path.glob(which)
    good = file.read_bytes()
    if damage is None:
        file.unlink()
    elif isinstance(damage, bytes):
        file.write_bytes(damage)
    else:
        file.write_bytes(good[:-1] if damage == "fewer" else bytes([good[0] ^ 1]) + good[1:])
    assert fold.folded(model, DIGEST, tmp_path) == expected
    assert file.read_bytes() == good
    assert fold.folded(model, DIGEST, tmp_path) == expected
    assert len(foldings) == 2


def test_a_cache_that_cannot_be_written_costs_time_only(
    model: bytes, expected: bytes, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    for cache in (in_the_way, in_the_way / "cache"):
        assert fold.folded(model, DIGEST, cache) == expected
    assert in_the_way.read_text() == "no folder"


def test_two_models_do_not_share_a_place(model: bytes, foldings: list[int], tmp_path: Path) -> None:
    fold.folded(model, DIGEST, tmp_path)
    fold.folded(model, DIGEST[::-1], tmp_path)
    assert len(foldings) == 2


@pytest.mark.parametrize("data", [b"", b"not a model", b"\x08\x07", bytes(range(256))])
def test_what_is_no_model_is_refused_and_not_kept(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be prepared"):
        fold.folded(data, DIGEST, tmp_path)
    assert not list(tmp_path.iterdir())


def test_many_at_once_may_fold_into_one_cache(model: bytes, expected: bytes, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda _: fold.folded(model, DIGEST, tmp_path), range(24))
    assert set(made) == {expected}
    assert len(list(tmp_path.iterdir())) == 2
