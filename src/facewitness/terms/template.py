"""What an embedder makes of a face, and the names that keep two models' templates apart."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

import numpy as np
import numpy.typing as npt

from facewitness.terms.face import Detection, Quality

ModelId = NewType("ModelId", str)
"""Detector and embedder, each with the first digits of its file's SHA-256: `yunet-2023mar-1a2b3c4d+sface-…`."""

Floats = npt.NDArray[np.float32]


class TemplateRole(StrEnum):
    """What a template was made for (the term is NIST's)."""

    ENROLMENT = "enrolment"
    SEARCH = "search"


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A unit-length vector of shape (dimension,), float32, tagged with the model that made it."""

    model: ModelId
    role: TemplateRole
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedFace:
    """A face with its template: what `faces/` gives for each face it did not refuse."""

    detection: Detection
    quality: Quality
    template: Template
