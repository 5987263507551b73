"""YuNet: from pixels to boxes, landmarks and scores at one scale.

Decoded as `cv2.FaceDetectorYN` does (opencv, modules/objdetect/src/face_detect.cpp): for every cell of three
grids the network gives a class score, an objectness, a box and five landmarks relative to the cell.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from facewitness.faces.runtime import InputFormat, Runtime, Tensor

STRIDES = (8, 16, 32)
MULTIPLE = 32
"""Both sides of an input are multiples of it."""

Raw = npt.NDArray[np.float32]
"""Shape (n, 15), pixels: left, top, width, height, five landmarks as x, y, and the score, 0 to 1."""

NONE: Raw = np.empty((0, 15), np.float32)
INPUT = InputFormat("bgr")
OUTPUTS = frozenset(f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in STRIDES)


class YuNet:
    """The detector. Threads may share it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def detect(self, pixels: npt.NDArray[np.uint8], floor: float) -> Raw:
        """What scores at least `floor` in (height, width, 3) RGB pixels, overlaps not yet removed."""
        height, width = pixels.shape[:2]
        high, wide = _up(height), _up(width)
        if (high, wide) != (height, width):
            filled = np.zeros((high, wide, 3), np.uint8)
            filled[:height, :width] = pixels
            pixels = filled
        outputs = self._runtime.run(pixels[None])
        return np.concatenate([_decode(outputs, stride, wide // stride, floor) for stride in STRIDES])


def _up(length: int) -> int:
    return -(-length // MULTIPLE) * MULTIPLE


def _decode(outputs: Mapping[str, Tensor], stride: int, columns: int, floor: float) -> Raw:
    scores = np.sqrt(
        np.clip(outputs[f"cls_{stride}"].ravel(), 0, 1) * np.clip(outputs[f"obj_{stride}"].ravel(), 0, 1)
    )
    cells = np.flatnonzero(scores >= floor)
    if not len(cells):
        return NONE
    boxes = outputs[f"bbox_{stride}"].reshape(-1, 4)[cells]
    points = outputs[f"kps_{stride}"].reshape(-1, 5, 2)[cells]
    corner = np.stack([cells % columns, cells // columns], axis=1).astype(np.float32)
    found = np.empty((len(cells), 15), np.float32)
    size = np.exp(boxes[:, 2:]) * stride
    found[:, 0:2] = (corner + boxes[:, :2]) * stride - size / 2
    found[:, 2:4] = size
    found[:, 4:14] = ((points + corner[:, None]) * stride).reshape(-1, 10)
    found[:, 14] = scores[cells]
    return found
