"""JSON of any shape, asked for what IIIF would have in it."""

import json
from collections.abc import Iterator
from typing import Any

MAX_DOCUMENT = 16 * 1024 * 1024
"""Bytes of a manifest or collection: those of the largest books and newspapers have a few million."""

Tree = dict[str, Any]


def load(data: bytes) -> Any:
    """What the JSON holds. ValueError, with the reason in words, where nothing can be had of it."""
    if len(data) > MAX_DOCUMENT:
        raise ValueError(f"more than {MAX_DOCUMENT} bytes")
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError:
        raise ValueError("not JSON") from None


def several(value: Any) -> list[Any]:
    """The values where one may stand for a list of one, as in version 2 nearly everywhere."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def objects(value: Any) -> Iterator[Tree]:
    """The objects among the values."""
    return (one for one in several(value) if isinstance(one, dict))


def identifier(value: Any) -> str:
    """The `id` (version 3) or `@id` of an object; a text stands for the object that it names."""
    if isinstance(value, dict):
        value = value.get("id") or value.get("@id")
    return value if isinstance(value, str) else ""


def kind(tree: Tree) -> str:
    """The object's type without its namespace, in lower case: `sc:Manifest` is a `manifest`."""
    written = next(
        (one for one in several(tree.get("type") or tree.get("@type")) if isinstance(one, str)), ""
    )
    return written.replace("/", ":").replace("#", ":").rpartition(":")[2].lower()
