"""Hold the gallery against the catalogue that it was made from."""

from dataclasses import dataclass

import numpy as np

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank
from facewitness.gallery import FaceIds, Gallery
from facewitness.terms.actor import ActKind, Actor
from facewitness.terms.candidate import Scored
from facewitness.terms.template import Floats, Template, TemplateRole

SEARCHES, LIMIT = 20, 10
SCORE_ERROR = 1e-5
"""Scores are sums of some hundred float32 products."""


@dataclass(frozen=True, slots=True)
class GalleryCheck:
    """What was found. The searches are for enrolled faces, evenly spaced, each with its own template."""

    faces: int
    """Faces that the gallery holds."""
    catalogued: int
    """Templates that the catalogue holds."""
    damaged: tuple[str, ...]
    """Files that are not as they were written."""
    searches: int
    lost: int
    """Searches whose best score was not the one that comparing every template gives."""
    expected: int
    """Faces that comparing every template gives for those searches, ten for each."""
    found: int
    """How many of those the gallery gave. Among the last of ten that are nobody's photos it may give others."""

    @property
    def is_sound(self) -> bool:
        """Whether the gallery is what the catalogue makes of it."""
        return not self.damaged and not self.lost and self.faces == self.catalogued


def check(bank: Bank, actor: Actor) -> GalleryCheck:
    """Compare counts, the digests of all files, and sampled searches; reads every template twice, some at once.

    BankError where somebody is enrolling or withdrawing at the same time.
    """
    with accountable(bank.catalogue, ActKind.CHECK, actor) as account, bank.changing():
        gallery = bank.followed_gallery()
        samples, catalogued = _samples(bank, gallery)
        ids, scores = _exactly(bank, samples)
        ours = [
            gallery.search(Template(bank.model, TemplateRole.SEARCH, one), LIMIT).scored for one in samples
        ]
        done = GalleryCheck(
            faces=len(gallery),
            catalogued=catalogued,
            damaged=tuple(gallery.damaged()),
            searches=len(samples),
            lost=sum(_is_lost(given, best[0]) for given, best in zip(ours, scores, strict=True)),
            expected=ids.size,
            found=sum(
                len({one.face_id for one in given} & set(true.tolist()))
                for given, true in zip(ours, ids, strict=True)
            ),
        )
        account.facts |= {"model": gallery.model, "faces": done.faces, "sound": str(done.is_sound).lower()}
    return done


def _samples(bank: Bank, gallery: Gallery) -> tuple[Floats, int]:
    """Templates (searches, dimension) of the catalogue, evenly spaced, and how many it has in all."""
    step, seen, chosen = max(len(gallery) // SEARCHES, 1), 0, list[Floats]()
    for ids, templates in bank.catalogue.templates(bank.model):
        chosen += [row.copy() for row in templates[-seen % step :: step]]
        seen += len(ids)
    return np.array(chosen[:SEARCHES], np.float32), seen


def _exactly(bank: Bank, samples: Floats) -> tuple[FaceIds, Floats]:
    """Ids and scores (searches, at most 10) of the best, every template of the catalogue compared."""
    ids, scores = np.empty((len(samples), 0), np.int64), np.empty((len(samples), 0), np.float32)
    for more, templates in bank.catalogue.templates(bank.model):
        ids = np.concatenate([ids, np.broadcast_to(more, (len(samples), len(more)))], axis=1)
        scores = np.concatenate([scores, np.vecdot(samples[:, None], templates[None])], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :LIMIT]
        ids, scores = np.take_along_axis(ids, order, 1), np.take_along_axis(scores, order, 1)
    return ids, scores


def _is_lost(ours: list[Scored], best: np.float32) -> bool:
    return not ours or abs(ours[0].score - float(best)) > SCORE_ERROR
