"""Pictures made for looking at: face crops, previews, contact sheets. All are JPEG and carry no metadata."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from facewitness.errors import BadInput
from facewitness.photos.picture import Pixels
from facewitness.terms.face import Box

MARGIN = 0.35
"""Added on each side of a face, in shares of its longer side: hair, ears and collar help a person compare."""

_QUALITY = 88
_CELL = 192
_LABEL = 30
_INK, _PAPER = (245, 245, 245), 24
_NO_PHOTO = (128, 128, 128)


def face_crop(pixels: Pixels, box: Box, size: int = 224) -> bytes:
    """The face in a square of `size` pixels, with a margin, grey where the photo has ended."""
    return _jpeg(_square(pixels, box, size))


def preview(pixels: Pixels, long_side: int = 1600) -> bytes:
    """The whole photo, its longer side at most `long_side` pixels; never enlarged."""
    height, width = pixels.shape[:2]
    share = min(1.0, long_side / max(height, width))
    if share == 1.0:
        return _jpeg(pixels)
    target = (max(1, round(width * share)), max(1, round(height * share)))
    return _jpeg(cv2.resize(pixels, target, interpolation=cv2.INTER_AREA))


def contact_sheet(pixels: Pixels, boxes: Sequence[Box]) -> bytes:
    """The faces in a grid, numbered from 1 in the order given, for a person to pick one.

    BadInput where there is no face to show.
    """
    if not boxes:
        raise BadInput("There is no face to put on a contact sheet.")
    columns = min(len(boxes), max(4, math.ceil(math.sqrt(len(boxes)))))
    rows = math.ceil(len(boxes) / columns)
    sheet = np.full((rows * (_CELL + _LABEL), columns * _CELL, 3), _PAPER, np.uint8)
    for place, box in enumerate(boxes):
        top, left = (place // columns) * (_CELL + _LABEL), (place % columns) * _CELL
        sheet[top + _LABEL : top + _LABEL + _CELL, left : left + _CELL] = _square(pixels, box, _CELL)
        at = (left + 8, top + _LABEL - 8)
        cv2.putText(sheet, str(place + 1), at, cv2.FONT_HERSHEY_SIMPLEX, 0.7, _INK, 2, cv2.LINE_AA)
    return _jpeg(sheet)


def _square(pixels: Pixels, box: Box, size: int) -> Pixels:
    """The square around a box, kept to a centre in the photo and to at most twice its longer side."""
    height, width = pixels.shape[:2]
    side = max(box.width, box.height) * (1 + 2 * MARGIN)
    side = max(1, round(_between(side, 1, 2 * max(height, width))))
    left = round(_between(box.x + box.width / 2, 0, width) - side / 2)
    top = round(_between(box.y + box.height / 2, 0, height) - side / 2)
    inside = pixels[
        max(0, min(top, height - 1)) : max(1, min(top + side, height)),
        max(0, min(left, width - 1)) : max(1, min(left + side, width)),
    ]
    above, before = max(0, -top), max(0, -left)
    below, after = side - above - inside.shape[0], side - before - inside.shape[1]
    whole = cv2.copyMakeBorder(inside, above, below, before, after, cv2.BORDER_CONSTANT, value=_NO_PHOTO)
    way = cv2.INTER_AREA if side > size else cv2.INTER_CUBIC
    square: Pixels = cv2.resize(whole, (size, size), interpolation=way)
    return square


def _between(value: float, low: float, high: float) -> float:
    return min(max(value, low), high) if math.isfinite(value) else (low + high) / 2


def _jpeg(pixels: Pixels) -> bytes:
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not done:
        raise BadInput(
            "The picture could not be written as JPEG.", "It may be wider or higher than 65,500 pixels."
        )
    return data.tobytes()
