"""Pixels -> faces -> templates."""

from facewitness.faces.calibration import Calibration
from facewitness.faces.cards import ModelCard
from facewitness.faces.models import Models, load_models
from facewitness.faces.quality import refusal
from facewitness.faces.reader import FaceReader, FoundFace

__all__ = ["Calibration", "FaceReader", "FoundFace", "ModelCard", "Models", "load_models", "refusal"]
