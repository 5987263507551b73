"""The open-set protocol of the evaluation photos: rank-1, and FNIR at target FPIRs.

`make bench NAME=accuracy`. Gallery, 400 mated and 400 non-mated probes as `../shared/eval/README.md` draws
them. `--curve` prints the FMR curve for the embedder's card; `--models FOLDER` measures other models.
"""

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.results_file import write_results
from facewitness.faces import Calibration, FaceReader, load_models
from facewitness.photos import ReadPhoto, read_photo
from facewitness.settings import read_settings
from facewitness.terms.template import TemplateRole

EVALUATION = Path("../shared/eval")
Floats = npt.NDArray[np.float32]
LEVELS = (0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5)


def templates(reader: FaceReader, paths: Sequence[Path]) -> tuple[Floats, int]:
    """One template for each photo, of its largest face, and in how many photos there was one."""
    rows, found = [], 0
    for path in paths:
        read = read_photo(path.read_bytes())
        assert isinstance(read, ReadPhoto), path
        faces = reader.find(read.picture.pixels)
        found += bool(faces)
        faces.sort(key=lambda face: -face.detection.box.width)
        made = reader.embed(faces[:1], TemplateRole.ENROLMENT)
        rows.append(made[0].values if made else np.zeros(128, np.float32))
    return np.stack(rows), found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=Path)
    parser.add_argument("--curve", action="store_true")
    given = parser.parse_args()
    settings = read_settings(models=given.models)
    models = load_models(settings.models)
    with (EVALUATION / "protocol.csv").open() as file:
        protocol = list(csv.DictReader(file))
    reader = models.reader(settings.cache, settings.threads)
    vectors, found = templates(reader, [EVALUATION / "faces" / row["file"] for row in protocol])
    people = np.array([row["person"] for row in protocol])
    roles = np.array([row["role"] for row in protocol])
    if given.curve:
        print_curve(vectors, people)
        return
    rows: list[dict[str, float]] = [{"photos": len(protocol), "with_a_face": found}]
    rows += open_set(vectors, people, roles)
    rows += calibrated(vectors, people, roles, models.calibration)
    write_results("accuracy", "make bench NAME=accuracy", rows)


def open_set(
    vectors: Floats, people: npt.NDArray[np.str_], roles: npt.NDArray[np.str_]
) -> list[dict[str, float]]:
    """Rank-1, and FNIR where the threshold is set on the non-mated probes themselves."""
    scores, own, strangers = _scores(vectors, people, roles)
    size = scores.shape[1]
    best = np.where(own, scores, -1).max(axis=1)
    rank1 = float((best >= np.where(own, -1, scores).max(axis=1)).mean())
    rows: list[dict[str, float]] = [{"n": size, "probes_mated": len(scores), "rank1": rank1}]
    for fpir in (0.01, 0.1):
        # the lowest score that no more than this share of the non-mated probes reaches
        threshold = float(np.sort(strangers)[::-1][round(fpir * len(strangers)) - 1])
        missed = int((best < threshold).sum())
        rows.append(
            {
                "n": size,
                "probes_mated": len(best),
                "probes_nonmated": len(strangers),
                "fpir": fpir,
                "threshold": threshold,
                "missed": missed,
                "fnir": missed / len(best),
            }
        )
    return rows


def calibrated(
    vectors: Floats, people: npt.NDArray[np.str_], roles: npt.NDArray[np.str_], calibration: Calibration
) -> list[dict[str, float]]:
    """What the card's threshold does on the protocol, and among a million drawn distractors."""
    scores, own, strangers = _scores(vectors, people, roles)
    best = np.where(own, scores, -1).max(axis=1)
    rows = []
    for size, more in ((scores.shape[1], None), (1_000_000, distractors(1_000_000))):
        threshold = calibration.threshold(0.01, size)
        reached = strangers
        if more is not None:
            probes = vectors[roles == "probe_nonmated"]
            reached = np.maximum(strangers, np.max([(probes @ part.T).max(axis=1) for part in more], axis=0))
        rows.append(
            {
                "n": size,
                "calibrated_for_fpir": 0.01,
                "calibrated_threshold": threshold,
                "fpir_observed": float((reached >= threshold).mean()),
                "fnir_observed": float((best < threshold).mean()),
            }
        )
    return rows


def distractors(count: int, seed: int = 1) -> list[Floats]:
    """Templates of people who do not exist, drawn as `../shared/eval/README.md` says, in parts."""
    stats = np.load(EVALUATION / "template_stats.npz")
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(stats["cov"] + 1e-9 * np.eye(128)).astype(np.float32)
    spread = np.float32(np.sqrt(stats["within_person_variance"] / 128))
    parts = []
    for begin in range(0, count, 100_000):
        size = min(100_000, count - begin)
        drawn = rng.standard_normal((size, 128), np.float32) @ root.T + stats["mean"].astype(np.float32)
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
        drawn += rng.standard_normal((size, 128), np.float32) * spread
        parts.append((drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32))
    return parts


def print_curve(vectors: Floats, people: npt.NDArray[np.str_]) -> None:
    """The FMR curve of all non-mated pairs of the photos, as a card has it."""
    pairs = np.triu(people[:, None] != people[None, :], 1)
    scores = (vectors @ vectors.T)[pairs]
    curve = Calibration.from_nonmated(scores, f"{len(scores):,} comparisons", LEVELS)
    print(curve.description)
    for score, fmr in zip(curve.scores, curve.fmrs, strict=True):
        print(f"  [{score:.4f}, {fmr:.0e}],")


def _scores(
    vectors: Floats, people: npt.NDArray[np.str_], roles: npt.NDArray[np.str_]
) -> tuple[Floats, npt.NDArray[np.bool_], Floats]:
    """Mated probes against the gallery, which of those are of the same person, and strangers' best scores."""
    gallery, mated = roles == "gallery", roles == "probe_mated"
    scores = vectors[mated] @ vectors[gallery].T
    own = people[mated][:, None] == people[gallery][None, :]
    strangers = (vectors[roles == "probe_nonmated"] @ vectors[gallery].T).max(axis=1)
    return scores, own, strangers


if __name__ == "__main__":
    main()
