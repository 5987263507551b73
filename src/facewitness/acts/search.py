"""Search the bank for the person in the probe."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank, now
from facewitness.acts.probe import Probe, chosen_face, examine
from facewitness.errors import BadInput
from facewitness.store import View
from facewitness.terms.actor import ActKind, Actor, SearchId
from facewitness.terms.candidate import Candidate, CandidateList, Filters, Scored, Threshold
from facewitness.terms.provenance import Digest, PhotoId
from facewitness.terms.template import Template, TemplateRole

MAX_FILTER_TEXT = 500


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: probes of one person, the purpose, and how the list is narrowed and cut."""

    probes: tuple[Probe, ...]
    purpose: str
    filters: Filters = Filters()  # noqa: RUF009  (frozen)
    limit: int = 20
    threshold: float | None = None
    """A comparison score to cut at in place of the one that the policy's FPIR gives."""


def search(bank: Bank, actor: Actor, query: Query) -> CandidateList:
    """The candidates, best first, each with where its photo came from; written down before it is returned.

    Several probes are fused: their templates' mean is searched. The probe is never enrolled or kept.
    NotAllowed without a purpose; NoFace, ManyFaces or BadInput where a probe cannot be used.
    """
    policy = bank.policy.digest
    facts: dict[str, str | int | float] = {"policy": str(policy), "model": bank.model}
    with accountable(bank.catalogue, ActKind.SEARCH, actor, query.purpose, facts) as account:
        _check(query, bank)
        digests = tuple(Digest("sha256", hashlib.sha256(probe.data).hexdigest()) for probe in query.probes)
        account.seals["probes"] = " ".join(digest.hex for digest in digests)
        template, notes = _fused(bank, query.probes)
        gallery = bank.followed_gallery()
        with bank.view(actor.scope) as view:
            for source in query.filters.sources:
                view.source(source)
            within = view.searchable(bank.model, query.filters)
            size = len(gallery) if within is None else len(within)
            threshold = _threshold(bank, query, size)
            scored, plan = gallery.search(template, query.limit, threshold.score, within)
            candidates = _candidates(bank, view, scored, size)
        account.facts |= {
            "gallery_size": size,
            "threshold": threshold.score,
            "fpir": threshold.fpir,
            "candidates": len(candidates),
            "engine": plan.engine,
            "compared": plan.compared,
        }
        account.seals["candidates"] = candidates_digest(candidates)
        with account.writing() as writer:
            found = CandidateList(
                search_id=SearchId(secrets.token_hex(8)),
                actor=actor,
                purpose=query.purpose.strip(),
                searched_at=now(),
                model=bank.model,
                probe_digests=digests,
                probe_notes=notes,
                filters=query.filters,
                threshold=threshold,
                candidates=candidates,
                policy=policy,
                ledger_index=account.index or 0,
                plan=plan,
            )
            account.facts["search"] = found.search_id
            writer.add_search(found)
    return found


def candidates_digest(candidates: Sequence[Candidate]) -> str:
    """SHA-256 over the list as canonical JSON: rank, photo, face and score to six decimals."""
    rows = [[one.rank, one.photo.id, one.face.id, f"{one.score:.6f}"] for one in candidates]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def _check(query: Query, bank: Bank) -> None:
    if len(query.filters.text) > MAX_FILTER_TEXT:
        raise BadInput("The words to filter by are too many.", f"Give at most {MAX_FILTER_TEXT} characters.")
    if not query.probes:
        raise BadInput("No probe was given.", "Give at least one photo of the person sought.")
    if not 1 <= query.limit <= bank.policy.max_candidates:
        raise BadInput(
            f"A list of {query.limit} candidates was asked for.",
            f"The policy allows 1 to {bank.policy.max_candidates}.",
        )
    if query.threshold is not None and not -1 <= query.threshold <= 1:
        raise BadInput(f"A list cannot be cut at a score of {query.threshold}.", "Scores go from -1 to 1.")
    bank.catalogue.check_model(bank.model)


def _fused(bank: Bank, probes: Sequence[Probe]) -> tuple[Template, tuple[str, ...]]:
    """The template of one person out of all probes, and what weakens each."""
    faces, notes = [], []
    for number, probe in enumerate(probes, 1):
        face = chosen_face(examine(bank, probe.data), probe.face)
        prefix = f"Probe {number}: " if len(probes) > 1 else ""
        notes += [prefix + note for note in face.notes]
        faces.append(face.found)
    templates = bank.faces().embed(faces, TemplateRole.SEARCH)
    if len(templates) == 1:
        return templates[0], tuple(notes)
    vectors = np.stack([template.values for template in templates])
    alike = bank.faces().calibration.threshold(bank.policy.fpir, 1)
    notes += [
        f"Probes {a + 1} and {b + 1} score {vectors[a] @ vectors[b]:.2f} with each other, as two people would: "
        "are they of one person?"
        for a, b in combinations(range(len(vectors)), 2)
        if vectors[a] @ vectors[b] < alike
    ]
    mean = vectors.mean(axis=0)
    return replace(templates[0], values=(mean / np.linalg.norm(mean)).astype(np.float32)), tuple(notes)


def _threshold(bank: Bank, query: Query, size: int) -> Threshold:
    calibration = bank.faces().calibration
    score = calibration.threshold(bank.policy.fpir, max(size, 1))
    fpir = bank.policy.fpir
    if query.threshold is not None:
        score = query.threshold
        fpir = calibration.fpir(score, max(size, 1))
    return Threshold(score, fpir, size, calibration.description)


def _candidates(bank: Bank, view: View, scored: Sequence[Scored], size: int) -> tuple[Candidate, ...]:
    calibration = bank.faces().calibration
    faces = view.faces(one.face_id for one in scored)
    ids = [one.photo_id for one in faces.values()]
    photos, captures, copies = view.photos(ids), view.captures(ids), view.near_copies(ids)
    found: list[Candidate] = []
    first_rank: dict[PhotoId, int] = {}
    for one in scored:
        face = faces.get(one.face_id)
        if face is None:  # withdrawn since the gallery was asked
            continue
        rank, own = len(found) + 1, face.photo_id
        earlier = [first_rank[other] for other in (own, *copies.get(own, ())) if other in first_rank]
        first_rank.setdefault(own, min(earlier, default=rank))
        found.append(
            Candidate(
                rank=rank,
                score=one.score,
                expected_false=calibration.expected_false(one.score, size),
                face=face,
                photo=photos[own],
                captures=captures[own],
                near_copies=copies.get(own, ()),
                near_copy_of=min(earlier, default=None),
            )
        )
    return tuple(found)
