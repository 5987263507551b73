"""Looking into a bank, and small photos to fill one with."""

import hashlib
import json
from pathlib import Path
from typing import Any

from PIL import Image

from facewitness import Service
from facewitness.terms.provenance import PhotoId

RESERVED = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"><rdf:Description plus:DataMining="DMI-PROHIBITED"/>'
    "</rdf:RDF></x:xmpmeta>"
)
"""A file's own words, in XMP, that its data may not be mined."""

DETAILS: dict[str, Any] = {"name": "Album", "steward": "A. Steward", "basis": "own-work"}


def shrunk(path: Path, side: int = 256) -> Image.Image:
    """The picture with its longer side of that many pixels."""
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((side, side))
    return picture


def photo_id(path: Path) -> PhotoId:
    """The file's photo."""
    return PhotoId(hashlib.sha256(path.read_bytes()).hexdigest())


def entries(service: Service) -> list[dict[str, Any]]:
    """What the ledger says in the open, entry by entry."""
    with service._bank.catalogue.ledger_rows() as rows:
        return [json.loads(entry.leaf) for entry in rows.entries()]


def seals(service: Service) -> dict[str, str | None]:
    """What the last entry keeps sealed."""
    with service._bank.catalogue.ledger_rows() as rows:
        *_, last = rows.entries()
    return {seal.name: seal.value for seal in last.seals}


def found(service: Service, probe: Path) -> set[str]:
    """The paths that a search with this probe finds."""
    candidates = service.search(probe, purpose="test the search").candidates
    return {origin.capture.path for one in candidates for origin in one.captures}


def held(service: Service) -> set[PhotoId]:
    """The photos whose bytes are on disk."""
    return set(service._bank.blobs.ids())
