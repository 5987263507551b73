"""Pictures made for the tests of this room, faces pasted into them, and programs run by themselves."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from facewitness.faces import FaceReader
from facewitness.terms.face import Box, Detection

Pixels = npt.NDArray[np.uint8]
Portrait = Callable[[str], Pixels]


def opened(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def noise(height: int, width: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def background(height: int, width: int, seed: int = 0) -> Pixels:
    """Soft blotches of colour under fine grain: textured, without a face."""
    random = np.random.default_rng(seed)
    coarse = random.integers(40, 200, (height // 90 + 2, width // 90 + 2, 3), np.uint8)
    blotches = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = random.integers(0, 16, (height, width, 1), np.uint8)
    pixels: Pixels = np.minimum(blotches, 239) + grain
    return pixels


def paste(scene: Pixels, head: Pixels, face: Detection, width: float, middle: tuple[float, float]) -> Box:
    """Put the head whose face is given into the scene, the face that wide and its middle there."""
    box = face.box
    left, top = max(0, round(box.x - box.width / 2)), max(0, round(box.y - box.height / 2))
    part = head[top : round(box.y + box.height * 1.5), left : round(box.x + box.width * 1.5)]
    scale = width / box.width
    size = (round(part.shape[1] * scale), round(part.shape[0] * scale))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    x = round(middle[0] - (box.x - left + box.width / 2) * scale)
    y = round(middle[1] - (box.y - top + box.height / 2) * scale)
    scene[y : y + size[1], x : x + size[0]] = small
    return Box(x + (box.x - left) * scale, y + (box.y - top) * scale, width, box.height * scale)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    common = max(wide, 0) * max(high, 0)
    return common / (one.width * one.height + other.width * other.height - common)


def only_face(reader: FaceReader, pixels: Pixels) -> Detection:
    [found] = reader.find(pixels)
    return found.detection


def fresh(program: str, *arguments: object) -> str:
    """What the program prints in a Python of its own. One that hangs or fails is an error."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=45)
    assert done.returncode == 0, done.stderr
    return done.stdout
