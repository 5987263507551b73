"""Photos to measure enrolment with: the sample portraits, and scenes composed from the evaluation faces.

A scene is a smooth, noisy background with faces pasted at known places and widths. What share of a bank is
portraits, small groups or crowds differs from bank to bank; here it is six in ten single portraits, three
in ten groups of two to five, one in ten crowds of twelve with faces from 24 px up.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from facewitness.terms.face import Box

EVALUATION = Path("../shared/eval")
PORTRAITS = Path(".demo/portraits")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a face was pasted: its middle, and the width of the face itself, in pixels."""

    x: float
    y: float
    width: float

    def in_box(self, box: Box) -> bool:
        """Whether a detection is of this face: it holds its middle and is of about its size."""
        holds = box.x < self.x < box.x + box.width and box.y < self.y < box.y + box.height
        return holds and 0.4 < box.width / self.width < 2.2


def scenes(
    folder: Path, count: int, width: int, seed: int = 1, *, one_face: bool = False
) -> dict[str, list[Placed]]:
    """Write `count` JPEGs of `width` x 3/4 `width` into `folder`; gives the faces pasted into each.

    With `one_face` all of them are single portraits.
    """
    rng = np.random.default_rng(seed)
    with (EVALUATION / "protocol.csv").open() as file:
        names = sorted({row["file"] for row in csv.DictReader(file)})
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for number in range(count):
        kind = 0 if one_face else number % 10
        faces = 1 if kind < 6 else int(rng.integers(2, 6)) if kind < 9 else 12
        share = (0.25, 0.5) if faces == 1 else (0.08, 0.18) if faces < 12 else (24 / width, 0.06)
        name = f"{number:04}.jpg"
        written[name] = _scene(folder / name, rng, list(rng.choice(names, faces)), share, width)
    return written


FACE_SHARE = 0.7
"""Width of the face itself in an evaluation crop, as a share of the crop's width."""


def _scene(
    path: Path, rng: np.random.Generator, names: list[str], share: tuple[float, float], width: int
) -> list[Placed]:
    height = width * 3 // 4
    coarse = rng.integers(60, 200, (height // 80, width // 80, 1)) + rng.integers(
        -12, 12, (height // 80, width // 80, 3)
    )
    scene = Image.fromarray(coarse.astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    columns = int(np.ceil(np.sqrt(len(names) * 4 / 3)))
    rows = int(np.ceil(len(names) / columns))
    placed = []
    for place, name in enumerate(names):
        wanted = float(rng.uniform(*share)) * width
        size = int(min(wanted / FACE_SHARE, width // columns, height // rows))
        face = (
            Image.open(EVALUATION / "faces" / name)
            .convert("RGB")
            .resize((size, size), Image.Resampling.LANCZOS)
        )
        x = int((place % columns + 0.5) * width / columns - size / 2)
        y = int((place // columns + 0.5) * height / rows - size / 2)
        mask = Image.new("L", (size, size), 0)
        mask.paste(255, (size // 20, size // 20, size - size // 20, size - size // 20))
        scene.paste(face, (x, y), mask.filter(ImageFilter.GaussianBlur(size / 25)))
        placed.append(Placed(x + size / 2, y + size / 2, size * FACE_SHARE))
    noise = rng.normal(0, 4, (height, width, 1))
    pixels = np.clip(np.asarray(scene, np.float32) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, quality=90)
    return placed


def portraits(folder: Path, width: int) -> None:
    """The sample portraits at `width` on their longer side, as JPEG."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(PORTRAITS.iterdir()):
        if path.suffix in (".jpg", ".png"):
            picture = Image.open(path).convert("RGB")
            scale = width / max(picture.size)
            size = (round(picture.width * scale), round(picture.height * scale))
            picture.resize(size, Image.Resampling.LANCZOS).save(
                folder / f"portrait-{path.stem}.jpg", quality=90
            )
