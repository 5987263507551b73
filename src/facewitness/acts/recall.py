"""Open an earlier search again, as it was shown."""

from collections.abc import Mapping
from typing import Any

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank
from facewitness.store import View, filters_noun, threshold_noun
from facewitness.terms.actor import ActKind, Actor, SearchId
from facewitness.terms.candidate import Candidate, CandidateList, Plan
from facewitness.terms.provenance import Digest
from facewitness.terms.template import ModelId


def recall(bank: Bank, actor: Actor, search_id: SearchId) -> CandidateList:
    """The candidate list of a search, without what was withdrawn since; NotFound where there is none."""
    with accountable(bank.catalogue, ActKind.RECALL, actor, facts={"search": search_id}):
        with bank.view(actor.scope) as view:
            kept, rows = view.search(search_id)
            candidates = _candidates(view, rows)
        shown = {one.rank for one in candidates}
        return CandidateList(
            search_id=search_id,
            actor=Actor(kept["actor"], kept["door"], actor.scope),
            purpose=kept["purpose"],
            searched_at=kept["searched_at"],
            model=ModelId(kept["model"]),
            probe_digests=tuple(Digest("sha256", one) for one in kept["probe_digests"]),
            probe_notes=tuple(kept["probe_notes"]),
            filters=filters_noun(kept["filters"]),
            threshold=threshold_noun(kept["threshold"]),
            candidates=candidates,
            policy=Digest("sha256", kept["policy"]),
            ledger_index=kept["ledger_index"],
            plan=Plan(**kept["plan"]) if kept["plan"] else None,
            withdrawn_ranks=tuple(row["rank"] for row in rows if row["rank"] not in shown),
        )


def _candidates(view: View, rows: list[Mapping[str, Any]]) -> tuple[Candidate, ...]:
    faces = view.faces(row["face_id"] for row in rows)
    ids = [face.photo_id for face in faces.values()]
    firsts: dict[int, int] = {}  # the first candidate of each group of near-copies that is still there
    for row in rows:
        if row["face_id"] in faces:
            firsts.setdefault(row["near_copy_of"] or row["rank"], row["rank"])
    photos, captures, copies = view.photos(ids), view.captures(ids), view.near_copies(ids)
    return tuple(
        Candidate(
            rank=row["rank"],
            score=row["score"],
            expected_false=row["expected_false"],
            face=face,
            photo=photos[face.photo_id],
            captures=captures[face.photo_id],
            near_copies=copies.get(face.photo_id, ()),
            near_copy_of=first
            if (first := firsts[row["near_copy_of"] or row["rank"]]) < row["rank"]
            else None,
        )
        for row in rows
        if (face := faces.get(row["face_id"])) is not None
    )
