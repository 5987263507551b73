"""The pair of models in use: which they are, and how they are made ready."""

from dataclasses import dataclass
from pathlib import Path

import cv2

from facewitness.errors import ModelError
from facewitness.faces.align import SIDE
from facewitness.faces.calibration import Calibration
from facewitness.faces.cards import ADVICE, DEFAULTS, ModelCard, ModelKind, read_cards
from facewitness.faces.detector import INPUT, OUTPUTS, YuNet
from facewitness.faces.embedder import Embedder
from facewitness.faces.finder import Finder
from facewitness.faces.fold import folded
from facewitness.faces.reader import FaceReader
from facewitness.faces.runtime import InputFormat, Runtime
from facewitness.terms.template import ModelId

FAMILIES = {ModelKind.DETECTOR: "yunet", ModelKind.EMBEDDER: "five-point"}


@dataclass(frozen=True, slots=True)
class Models:
    """A detector and an embedder."""

    detector: ModelCard
    embedder: ModelCard

    @property
    def cards(self) -> tuple[ModelCard, ModelCard]:
        """Both cards."""
        return self.detector, self.embedder

    @property
    def id(self) -> ModelId:
        """What every template made by this pair is tagged with."""
        return ModelId(f"{self.detector.id}+{self.embedder.id}")

    @property
    def calibration(self) -> Calibration:
        """What the embedder's scores are worth."""
        if self.embedder.calibration is None:
            raise ModelError(f"The card of {self.embedder.name} has no calibration.", ADVICE)
        return self.embedder.calibration

    def reader(self, cache: Path, threads: int) -> FaceReader:
        """The pair made ready to run in that many threads; ModelError where a file is not what it should be."""
        cv2.setNumThreads(1)  # photos side by side keep the cores busy; threads within one would quarrel
        detector = _runtime(self.detector, INPUT, cache, threads, (1, 3, -1, -1))
        if not OUTPUTS.issubset(detector.output_names):
            raise ModelError(f"{self.detector.file} has not the outputs of a YuNet detector.", ADVICE)
        embedder = _runtime(self.embedder, self.embedder.input, cache, threads, (-1, 3, SIDE, SIDE))
        if len(embedder.output_names) != 1 or embedder.output_shape[1:] != (self.embedder.dimension,):
            raise ModelError(
                f"{self.embedder.file} does not give one vector of {self.embedder.dimension} numbers a face.",
                ADVICE,
            )
        return FaceReader(
            self.id,
            Finder(YuNet(detector)),
            Embedder(embedder),
            self.calibration,
        )


def load_models(folder: Path | None) -> Models:
    """The default models; those for which `folder` holds a card in their place."""
    chosen = {card.kind: card for card in read_cards(DEFAULTS)}
    own: set[ModelKind] = set()
    for card in read_cards(folder) if folder else []:
        if card.family != FAMILIES[card.kind]:
            raise ModelError(
                f"{card.name} is a {card.kind} of the family {card.family!r}, which Facewitness cannot run.",
                f"It runs {FAMILIES[card.kind]!r}. {ADVICE}",
            )
        if card.kind in own:
            raise ModelError(f"{folder} holds two cards of a {card.kind}.", "Leave one there.")
        own.add(card.kind)
        chosen[card.kind] = card
    if folder and not own:
        raise ModelError(f"There is no model card in {folder}.", ADVICE)
    return Models(chosen[ModelKind.DETECTOR], chosen[ModelKind.EMBEDDER])


def _runtime(
    card: ModelCard, wanted: InputFormat, cache: Path, threads: int, shape: tuple[int, ...]
) -> Runtime:
    return Runtime(folded(card.read(), card.sha256, cache), threads, shape, wanted)
