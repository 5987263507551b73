"""What is to be fetched after a manifest or a collection."""

from dataclasses import dataclass

from facewitness.sources.iiif.manifest import Collection, Manifest, parse


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute http and https addresses, each once, in the order of the document."""

    documents: tuple[str, ...] = ()
    """Manifests, collections and further pages of this one."""
    images: tuple[str, ...] = ()


def addresses_in(data: bytes, url: str) -> Addresses:
    """What the document at `url` names; nothing where it is no manifest or collection. Never raises.

    Whether each may be fetched is for who fetches to say: they may be of any host, and lead in circles.
    """
    match parse(data, url):
        case Collection(members=members):
            return Addresses(documents=members)
        case Manifest(canvases=canvases):
            found = (image.fetch for canvas in canvases for image in canvas.images)
            return Addresses(images=tuple(dict.fromkeys(found)))
        case _:
            return Addresses()
