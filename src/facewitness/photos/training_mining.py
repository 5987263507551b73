"""The training-and-data-mining assertion of CAWG (1.1, and C2PA 1.x before it), in a photo's C2PA manifests.

No signature or hash is checked here: what is found is what the file says, not validated. That is enough to heed
a reservation; of an allowance it proves nothing, and the absence of either proves nothing.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from PIL import Image

from facewitness.photos.c2pa_store import manifest_stores
from facewitness.photos.cbor import from_cbor
from facewitness.photos.jumbf import superboxes
from facewitness.photos.text import clean
from facewitness.terms.provenance import Preference

_LABEL = re.compile(r"((?:cawg|c2pa)\.training-mining)(?:\.v\d+)?(?:__\d+)?")
"""With the version and the instance that C2PA lets a label end in."""
_ENTRY = re.compile(r"(?:cawg|c2pa)\.(?:data_mining|ai_inference|ai_training|ai_generative_training)")
_CONSTRAINTS = ("constraint_info", "constraints_info")
_MAX_ASSERTIONS = 64
_MAX_SIZE = 16 * 1024
"""Bytes of one assertion. Bounds of this project's own: real ones have a few hundred bytes, one to a manifest."""

_DECODERS: dict[bytes, Callable[[bytes], Any]] = {b"cbor": from_cbor, b"json": json.loads}


def c2pa_facts(image: Image.Image, data: bytes) -> dict[str, Any]:
    """The fields of `EmbeddedFacts` that C2PA can fill: `training_mining`, where a manifest has such an assertion.

    `data` is the whole file. The assertions of every manifest count, the active one's and those of what the
    photo was made from: a reservation is not undone by editing.
    """
    assertions = dict.fromkeys(one for store in manifest_stores(image, data) for one in _assertions(store))
    said = [one for assertion in islice(assertions, _MAX_ASSERTIONS) for one in _said(*assertion)]
    return {"training_mining": tuple(dict.fromkeys(said))} if said else {}


def _assertions(store: bytes) -> Iterator[tuple[str, bytes, bytes]]:
    """Label, kind of content and content of each such assertion, which is cut short where it is too large."""
    for superbox in superboxes(memoryview(store)):
        label = _LABEL.fullmatch(superbox.label)
        if label is None:
            continue
        kind, content = superbox.boxes[0] if superbox.boxes else (b"", memoryview(b""))
        yield label[1], kind, bytes(content[:_MAX_SIZE])


def _said(label: str, kind: bytes, content: bytes) -> list[Preference]:
    """What an assertion says. One that cannot be read reserves: it was put there to say something."""
    try:
        return [
            _preference(f"{label}: {name}", entry)
            for name, entry in _entries(kind, content).items()
            if isinstance(name, str) and _ENTRY.fullmatch(name)
        ]
    except (ValueError, LookupError, TypeError, RecursionError):
        return [Preference(label, "cannot be read", True)]


def _entries(kind: bytes, content: bytes) -> Mapping[Any, Any]:
    entries = _DECODERS[kind](content)["entries"]
    if not isinstance(entries, dict):
        raise TypeError("not a map")
    return entries


def _preference(signal: str, entry: Any) -> Preference:
    """Only `allowed` allows: `constrained` says no until its conditions are met, and other words are no leave."""
    parts = entry if isinstance(entry, dict) else {"use": entry}
    use = clean(str(parts.get("use", "")), 100)
    why = next((clean(str(parts[name]), 300) for name in _CONSTRAINTS if parts.get(name)), "")
    return Preference(signal, f"{use} ({why})" if why else use or "not stated", use.lower() != "allowed")
