"""The holder of an account export, shown by a photo of theirs: whose faces in it may get a template.

An account holder's consent is not that of the other people in their photos. Under the policy's rule
`only_the_consenting` the faces of an export that are not shown to be the holder's are counted, and no template
of them is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank, now
from facewitness.acts.probe import Probe, chosen_face, examine
from facewitness.errors import BadInput
from facewitness.terms.actor import ActKind, Actor
from facewitness.terms.face import RefusalReason, RefusedFace
from facewitness.terms.provenance import SourceId, SourceKind, SourceRecord
from facewitness.terms.template import EmbeddedFace, Floats, TemplateRole

FMR = 1e-3
"""The share of comparisons of other people that pass for the holder: strict, as a stranger who gets a template has
agreed to nothing, and an old photo of the holder that gets none costs a candidate."""


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    """Whose faces may get a template: everybody's where `template` is None."""

    template: Floats | None = field(default=None, repr=False)
    score: float = 0.0
    """The comparison score from which a face is taken to be the holder's."""

    def sorted_out(
        self, faces: Iterable[EmbeddedFace]
    ) -> tuple[tuple[EmbeddedFace, ...], tuple[RefusedFace, ...]]:
        """The faces that may have a template, and the others without theirs."""
        own, others = [], []
        for face in faces:
            if self.template is None or face.template.values @ self.template >= self.score:
                own.append(face)
            else:
                others.append(RefusedFace(face.detection, face.quality, RefusalReason.NOT_THE_HOLDER))
        return tuple(own), tuple(others)


EVERYBODY = Holder()


def holder_of(bank: Bank, actor: Actor, record: SourceRecord) -> Holder:
    """Whose faces in a source may get a template; BadInput where a reference is asked for and there is none."""
    if record.kind is not SourceKind.EXPORT or not bank.policy.only_the_consenting:
        return EVERYBODY
    with bank.view(actor.scope) as view:
        template = view.reference(record.id, bank.model)
    if template is None:
        raise BadInput(
            f"The source {record.id!r} needs a reference photo of its holder: under the bank's policy only their "
            "faces get a template.",
            f"Give one: `facewitness sources reference {record.id} PHOTO`.",
        )
    return Holder(template, bank.faces().calibration.threshold(FMR, 1))


def give_reference(bank: Bank, actor: Actor, source: SourceId, probe: Probe) -> None:
    """Keep the template of the holder's face in a photo, not the photo; in place of an earlier one.

    BadInput, NoFace or ManyFaces where the photo cannot be used, NotFound where there is no such source.
    """
    with accountable(bank.catalogue, ActKind.AMEND, actor) as account:
        account.facts |= {"source": source, "change": "reference given", "model": bank.model}
        with bank.view(actor.scope) as view:
            record = view.source(source)
        if record.kind is not SourceKind.EXPORT:
            raise BadInput(
                f"{source!r} is a {record.kind} and has no holder.", "Account exports have a reference photo."
            )
        bank.catalogue.check_model(bank.model)
        face = chosen_face(examine(bank, probe.data), probe.face)
        [template] = bank.faces().embed([face.found], TemplateRole.ENROLMENT)
        with account.writing() as writer:
            writer.set_reference(source, template, now())
