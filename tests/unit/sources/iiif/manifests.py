"""Small manifests and collections in the shapes of the IIIF cookbook, of versions 2 and 3."""

import json
from typing import Any

from facewitness.sources.iiif.manifest import Collection, Manifest, Unreadable, parse

SITE = "https://museum.example"
URL = f"{SITE}/iiif/rally/manifest.json"
Tree = dict[str, Any]


def service(version: int = 3, level: int = 2, **more: Any) -> Tree:
    """An image service as manifests of that version's time write it."""
    base = f"{SITE}/image/1"
    if version == 3:
        return {"id": base, "type": "ImageService3", "profile": f"level{level}", **more}
    context = "http://iiif.io/api/image/2/context.json"
    profile = f"http://iiif.io/api/image/2/level{level}.json"
    if version == 1:
        context = "http://library.stanford.edu/iiif/image-api/1.1/context.json"
        profile = f"http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level{level}"
    return {"@context": context, "@id": base, "profile": profile, **more}


def image(url: str = f"{SITE}/1.jpg", **more: Any) -> Tree:
    """An image of version 3."""
    return {"id": url, "type": "Image", "format": "image/jpeg", **more}


def canvas(*bodies: Any, name: str = "1", **more: Any) -> Tree:
    """A canvas of version 3 that is painted with these bodies."""
    painted = [{"type": "Annotation", "motivation": "painting", "body": body} for body in bodies]
    pages = [{"type": "AnnotationPage", "items": painted}]
    return {
        "id": f"{SITE}/canvas/{name}",
        "type": "Canvas",
        "height": 3000,
        "width": 2000,
        "items": pages,
    } | more


def manifest(*canvases: Any, **more: Any) -> Tree:
    """A manifest of version 3."""
    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": URL,
        "type": "Manifest",
        "label": {"en": ["The rally"]},
        "items": list(canvases),
        **more,
    }


def canvas2(*resources: Any, name: str = "1", **more: Any) -> Tree:
    """A canvas of version 2."""
    painted = [{"@type": "oa:Annotation", "motivation": "sc:painting", "resource": one} for one in resources]
    return {
        "@id": f"{SITE}/canvas/{name}",
        "@type": "sc:Canvas",
        "label": f"p. {name}",
        "images": painted,
        **more,
    }


def image2(url: str = f"{SITE}/1.jpg", **more: Any) -> Tree:
    """An image of version 2."""
    return {"@id": url, "@type": "dctypes:Image", "format": "image/jpeg", **more}


def manifest2(*canvases: Any, **more: Any) -> Tree:
    """A manifest of version 2."""
    return {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": URL,
        "@type": "sc:Manifest",
        "label": "The rally",
        "sequences": [{"@type": "sc:Sequence", "canvases": list(canvases)}],
        **more,
    }


def written(tree: Any) -> bytes:
    """As JSON."""
    return json.dumps(tree).encode()


def read(tree: Any) -> Manifest:
    """The manifest that this is."""
    found = parse(written(tree), URL)
    assert isinstance(found, Manifest)
    return found


def read_collection(tree: Any) -> Collection:
    """The collection that this is."""
    found = parse(written(tree), URL)
    assert isinstance(found, Collection)
    return found


def problem(data: bytes) -> str:
    """What is wrong with it."""
    found = parse(data, URL)
    assert isinstance(found, Unreadable)
    return found.problem


def fetched(body: Any) -> list[str]:
    """What would be fetched of a canvas with this body."""
    return [one.fetch for one in read(manifest(canvas(body))).canvases[0].images]
