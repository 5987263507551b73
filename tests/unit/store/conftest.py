"""A fresh catalogue, and nouns to put into it."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from facewitness.store import Catalogue
from facewitness.terms.actor import Actor, Scope
from facewitness.terms.face import Box, Detection, Landmarks, Quality
from facewitness.terms.provenance import (
    EmbeddedFacts,
    LegalBasis,
    Observation,
    Photo,
    PhotoId,
    Preference,
    SourceId,
    SourceKind,
    SourceRecord,
    Validity,
)
from facewitness.terms.template import EmbeddedFace, ModelId, Template, TemplateRole

MODEL = ModelId("detector-00000000+embedder-00000000")
HOME, AWAY = Scope("home"), Scope("away")
ACTOR = Actor("someone", "test", HOME)
THEN = datetime(2026, 5, 1, 12, tzinfo=UTC)
VALID = Validity(THEN)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    yield opened
    opened.close()


def source(name: str, organisation: str = "home", licence: str = "") -> SourceRecord:
    return SourceRecord(
        SourceId(name),
        name.title(),
        SourceKind.FOLDER,
        f"/photos/{name}",
        "A. Steward",
        LegalBasis.OWN_WORK,
        licence,
        "",
        organisation,
        THEN,
    )


def photo(name: str, near_hash: bytes = b"") -> Photo:
    digest = PhotoId(hashlib.sha256(name.encode()).hexdigest())
    facts = EmbeddedFacts(
        taken_at=datetime(1999, 1, 2, 3, 4),  # noqa: DTZ001
        gps=(43.6, -79.4),
        creator="Ann",
        training_mining=(Preference("cawg.training-mining", "allowed", False),),
    )
    return Photo(digest, 1000, "JPEG", 640, 480, near_hash, facts, THEN)


def face(seed: int) -> EmbeddedFace:
    drawn = np.random.default_rng(seed).standard_normal(8).astype(np.float32)
    return EmbeddedFace(
        Detection(Box(10.0 * seed, 20, 30, 40), Landmarks((1, 2), (3, 4), (5, 6), (7, 8), (9, 10)), 0.9),
        Quality(30, 15, 1, 2, 3, 100, 128, 0, 0),
        Template(MODEL, TemplateRole.ENROLMENT, drawn / np.linalg.norm(drawn)),
    )


def hold(
    catalogue: Catalogue, where: str, what: str, *, seen: Observation | None = None, faces: int = 1
) -> PhotoId:
    """Put a photo with its faces into a source that is there."""
    noun = photo(what)
    with catalogue.writing() as writer:
        if not writer.has_photo(noun.id):
            writer.add_photo(noun, noun.id)
            writer.add_faces(noun.id, MODEL, [face(n + 1) for n in range(faces)], [])
        path = f"{what}.jpg"
        writer.add_captures(noun.id, SourceId(where), path, [seen or Observation(path)])
    return noun.id


def register(catalogue: Catalogue, *records: SourceRecord) -> None:
    with catalogue.writing() as writer:
        for record in records:
            writer.add_source(record)
