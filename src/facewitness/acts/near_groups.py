"""Near-copies brought together: each photo belongs to one group, named after one of its photos."""

from collections.abc import Iterable

from facewitness.photos import NearCopyIndex
from facewitness.store import Writer
from facewitness.terms.provenance import Photo, PhotoId


class NearGroups:
    """The bank's perceptual hashes and groups in memory: 32 bytes and a name for each photo."""

    def __init__(self, known: Iterable[tuple[PhotoId, bytes, PhotoId]]) -> None:
        self._index = NearCopyIndex()
        self._groups: list[PhotoId] = []
        for _, near_hash, group in known:
            self._index.add(near_hash)
            self._groups.append(group)

    def place(self, photo: Photo, writer: Writer) -> PhotoId:
        """The group of a new photo. Where it links several, they become one: order of arrival is no matter."""
        if not photo.near_hash:
            return photo.id
        linked = sorted({self._groups[place] for place in self._index.near(photo.near_hash)})
        group = linked[0] if linked else photo.id
        if len(linked) > 1:
            writer.join_near_groups(group, linked[1:])
            self._groups = [group if one in linked else one for one in self._groups]
        self._index.add(photo.near_hash)
        self._groups.append(group)
        return group
