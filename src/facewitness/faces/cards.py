"""Model cards: what a model is, where its file lies, what it was measured on and what it is weak at."""

import hashlib
import importlib.util
import math
import tomllib
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from facewitness.errors import ModelError
from facewitness.faces.calibration import Calibration
from facewitness.faces.runtime import InputFormat

DEFAULTS = Path(__file__).parent / "cards"
ADVICE = "docs/models.md says how a model card is written."


class ModelKind(StrEnum):
    """What a model does."""

    DETECTOR = "detector"
    EMBEDDER = "embedder"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model card. `family` says how its outputs are to be read."""

    name: str
    kind: ModelKind
    family: str
    """`yunet` for a detector, `five-point` for an embedder of 112x112 faces."""
    file: Path
    sha256: str
    licence: str
    source: str
    measured_on: str
    weak_spots: str
    dimension: int = 0
    """Length of an embedder's templates."""
    input: InputFormat = InputFormat()  # noqa: RUF009  (frozen)
    calibration: Calibration | None = None
    """An embedder's FMR curve; a detector has none."""

    @property
    def id(self) -> str:
        """Name and the first digits of the file's digest."""
        return f"{self.name}-{self.sha256[:8]}"

    def read(self) -> bytes:
        """The model file; ModelError where it is missing or not the one the card is about."""
        try:
            data = self.file.read_bytes()
        except OSError as error:
            raise ModelError(
                f"The model file {self.file} of {self.name} cannot be read: {error.strerror}.",
                "Install Facewitness again, or put the file that the card names there.",
            ) from None
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise ModelError(
                f"{self.file} is not the model that its card describes: its SHA-256 is {found}, "
                f"the card of {self.name} says {self.sha256}.",
                "Replace the file, or correct the card if you trust the file.",
            )
        return data


def read_cards(folder: Path) -> list[ModelCard]:
    """Every `*.toml` of a folder as a card; ModelError that names the file and what is wrong with it."""
    if not folder.is_dir():
        raise ModelError(f"There is no folder of model cards at {folder}.", "Set FACEWITNESS_MODELS to one.")
    return [read_card(path) for path in sorted(folder.glob("*.toml"))]


def read_card(path: Path) -> ModelCard:
    """One card. Its `file` is relative to the card, or to the installed `package` that it names."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        return _card(said, path.parent)
    except (OSError, ValueError, TypeError, KeyError, ImportError, OverflowError, RecursionError) as error:
        what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise ModelError(f"The model card {path} cannot be used: {what}.", ADVICE) from None


def _card(said: dict[str, Any], beside: Path) -> ModelCard:
    package = said.pop("package", None)
    curve = said.pop("calibration", None)
    kind = ModelKind(said.pop("kind"))
    unknown = sorted(set(said) - {field.name for field in fields(ModelCard)})
    if unknown:
        raise ValueError(f"it sets {unknown[0]!r}, which a card does not have")
    if kind is ModelKind.EMBEDDER and not curve:
        raise ValueError("an embedder needs a [calibration], without which no threshold can be set")
    dimension = int(said.pop("dimension")) if kind is ModelKind.EMBEDDER else 0
    file = (_home(str(package)) if package else beside) / said.pop("file")
    wanted = InputFormat(**said.pop("input", {}))
    wanted = replace(wanted, mean=float(wanted.mean), scale=float(wanted.scale))
    if wanted.colour not in ("rgb", "bgr"):
        raise ValueError(f"its input colour is {wanted.colour!r}, neither 'rgb' nor 'bgr'")
    if not math.isfinite(wanted.mean) or not math.isfinite(wanted.scale) or wanted.scale == 0:
        raise ValueError("its input's mean and scale have to be finite numbers, and the scale not 0")
    sha256 = str(said.pop("sha256")).lower()
    if len(sha256) != 64:
        raise ValueError("its sha256 has not 64 digits")
    texts = {name: str(said.pop(name)) for name in ("name", "family", "licence", "measured_on", "weak_spots")}
    return ModelCard(
        kind=kind,
        file=file,
        sha256=sha256,
        source=str(said.pop("source", "")),
        dimension=dimension,
        input=wanted,
        calibration=_calibration(curve) if curve else None,
        **texts,
    )


def _calibration(said: dict[str, Any]) -> Calibration:
    scores, fmrs = zip(*said["points"], strict=True)
    return Calibration(tuple(map(float, scores)), tuple(map(float, fmrs)), str(said["description"]))


def _home(package: str) -> Path:
    """Where an installed package lies; it is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ValueError(f"the package {package!r}, which holds its file, is not installed")
    return Path(spec.origin).parent
