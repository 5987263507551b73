"""Photo -> faces -> templates: what the other rooms ask of this one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from facewitness.faces.align import aligned
from facewitness.faces.calibration import Calibration
from facewitness.faces.embedder import Embedder
from facewitness.faces.finder import Finder
from facewitness.faces.quality import measure
from facewitness.terms.face import Detection, Quality
from facewitness.terms.template import ModelId, Template, TemplateRole

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """A face in a photo, ready to be embedded."""

    detection: Detection
    quality: Quality
    aligned: Pixels = field(repr=False)
    """Shape (112, 112, 3), RGB."""


class FaceReader:
    """A pair of models at work. Threads may share it."""

    def __init__(self, model: ModelId, finder: Finder, embedder: Embedder, calibration: Calibration) -> None:
        self.model, self.calibration = model, calibration
        self._finder, self._embedder = finder, embedder

    def find(self, pixels: Pixels) -> list[FoundFace]:
        """Every face in (height, width, 3) RGB pixels, surest first, whatever its quality."""
        found = []
        for detection in self._finder.find(pixels):
            face = aligned(pixels, detection.landmarks)
            found.append(FoundFace(detection, measure(detection, face), face))
        return found

    def embed(self, faces: Sequence[FoundFace], role: TemplateRole) -> list[Template]:
        """A template for each face, in order. The faces of several photos at once take less time."""
        if not faces:
            return []
        vectors = self._embedder.embed([face.aligned for face in faces])
        return [Template(self.model, role, vector) for vector in vectors]
