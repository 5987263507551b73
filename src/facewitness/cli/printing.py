"""Results in the terminal: for people as text, with `--json` in the shapes of `reports`."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel
from rich.console import Console
from rich.text import Text

from facewitness.acts import GalleryCheck, Probe, Progress, Withdrawal
from facewitness.errors import BadInput, FacewitnessError
from facewitness.faces import ModelCard
from facewitness.ledger import Verification
from facewitness.reports.bank_schemas import (
    ModelOut,
    SourceOut,
    SourceReportOut,
    StatusOut,
    VerificationOut,
)
from facewitness.reports.schemas import CandidateListOut, PhotoPageOut
from facewitness.reports.wording import copy_of, count, cut_off, expected_false, how_searched
from facewitness.service import Service
from facewitness.terms.candidate import Candidate, CandidateList, Provenance
from facewitness.terms.collecting import Collected
from facewitness.terms.face import Box
from facewitness.terms.pages import PhotoPage, SourceReport, Status
from facewitness.terms.provenance import EmbeddedFacts, SkippedPhoto

out = Console(highlight=False, soft_wrap=True, emoji=False, markup=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)
"""Captions and file names are printed as they are: no words in them are markup."""


def plain(text: str) -> str:
    """The text with its control characters written out, so that no terminal obeys them."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def complain(error: FacewitnessError) -> None:
    """What happened, and what to do about it."""
    err.print(plain(error.what), style="red")
    if error.advice:
        err.print(plain(error.advice))
    for note in getattr(error, "__notes__", ()):
        err.print(plain(note))


def _json(value: BaseModel | Sequence[BaseModel] | Mapping[str, object]) -> None:
    if isinstance(value, BaseModel):
        text = value.model_dump_json(indent=2)
    elif isinstance(value, Mapping):
        text = json.dumps(value)
    else:
        text = json.dumps([one.model_dump(mode="json") for one in value], indent=2, ensure_ascii=False)
    sys.stdout.write(text + "\n")


def enrolment(progress: Progress, as_json: bool) -> None:
    """What an enrolment did, every refusal counted."""
    if as_json:
        _json({"event": "summary", **asdict(progress)})
        return
    new = (
        count(progress.photos, "photo"),
        count(progress.faces, "face"),
        count(progress.captures, "capture"),
    )
    done = f" {progress.already:,} of {progress.seen:,} paths were already done." if progress.already else ""
    out.print(f"New to the bank: {', '.join(new)}.{done}")
    _reasons("photo", "skipped", progress.skipped)
    _reasons("face", "refused", progress.refused)


def skipped(one: SkippedPhoto) -> None:
    """A photo that was turned away, as it happens."""
    detail = f" ({plain(one.detail)})" if one.detail else ""
    err.print(f"skipped {plain(one.path)}: {one.reason}{detail}")


def stopped() -> None:
    """After Ctrl-C."""
    err.print("Stopped. What was fetched or enrolled stays; the same command goes on from there.")


def _reasons(noun: str, done: str, counts: Mapping[str, int]) -> None:
    if counts:
        listed = ", ".join(f"{plain(reason)} {number}" for reason, number in sorted(counts.items()))
        out.print(f"{count(sum(counts.values()), noun)} {done}: {listed}.")


def candidate_list(found: CandidateList, as_json: bool) -> None:
    """Candidates with their origin, under their caveat."""
    if as_json:
        _json(CandidateListOut.of(found))
        return
    cut = found.threshold
    out.print(found.caveat, style="bold")
    for note in found.probe_notes:
        out.print(plain(note), style="yellow")
    for one in found.candidates:
        _candidate(one, found)
    if found.candidates:
        out.print(
            f"\n{count(len(found.candidates), 'candidate')} on {count(found.photographs, 'photograph')}, "
            "near-copies counted once."
        )
    if cut.gallery_size:
        out.print(plain(cut_off(cut)))
    if found.plan:
        out.print(how_searched(found.plan))
    out.print(f"Search {found.search_id}, ledger entry {found.ledger_index}.")


def _candidate(one: Candidate, found: CandidateList) -> None:
    out.print(Text.assemble("\n", (str(one.rank), "bold"), f"  score {one.score:.3f}"))
    if one.near_copy_of:
        out.print(f"   {copy_of(one, found)}")
    out.print(f"   {expected_false(one.expected_false, found.threshold.gallery_size)}")
    box = one.face.detection.box
    out.print(
        f"   photo {one.photo.id[:12]}  {one.photo.width}x{one.photo.height} {one.photo.format}, "
        f"face at {_place(box)}, {box.width:.0f}x{box.height:.0f}"
    )
    for origin in one.captures:
        _origin(origin)
    _facts(one.photo.facts)
    if one.near_copies:
        out.print(f"   near-copies in the bank: {', '.join(copy[:12] for copy in one.near_copies)}")


def _origin(origin: Provenance) -> None:
    seen = origin.capture.observation
    out.print(f"   from {plain(origin.source_name)} ({origin.source_basis}): {plain(origin.capture.path)}")
    said = {
        "page": seen.page_url,
        "image": seen.image_url,
        "title": seen.page_title,
        "caption": seen.caption,
        "licence": origin.licence,
        "file time" if seen.is_file_time else "captured": seen.captured_at.isoformat(timespec="seconds")
        if seen.captured_at
        else "",
        "rechecked": f"{origin.capture.state}, {origin.capture.state_detail}".rstrip(", ")
        if origin.capture.state_at
        else "",
        "archived copy": f"{seen.record.file}, byte {seen.record.offset}" if seen.record else "",
    }
    for name, value in said.items():
        if value:
            out.print(f"      {name}: {plain(value)}")


def _facts(facts: EmbeddedFacts) -> None:
    said = {name.replace("_", " "): value for name, value in asdict(facts).items() if value}
    if facts.training_mining:
        stated = "; ".join(f"{one.signal} is {one.value}" for one in facts.training_mining)
        said["training mining"] = f"{stated} (C2PA, not validated)"
    if said:
        out.print("   the file says of itself")
    for name, value in said.items():
        out.print(f"      {name}: {plain(str(value))}")


def _place(box: Box) -> str:
    return f"{round(box.x)},{round(box.y)}"


def choose_faces(
    service: Service, paths: Sequence[Path], probes: Sequence[Probe], sheet: Path | None
) -> None:
    """List the faces of each probe for which one has to be chosen."""
    for path, probe in zip(paths, probes, strict=True):
        examined = service.examine(probe.data)
        if probe.face is not None or len(examined.faces) == 1:
            continue
        err.print(f"{plain(str(path))}:")
        for number, face in enumerate(examined.faces, 1):
            box = face.found.detection.box
            notes = f"  {'; '.join(face.notes)}" if face.notes else ""
            err.print(f"  --face {number}: at {_place(box)}, {box.width:.0f} px wide{notes}")
        if len(paths) > 1:
            err.print("Give --face once for each probe, in their order; 0 for one that shows a single face.")
        if sheet is None:
            err.print("`--contact-sheet FILE.jpg` writes their pictures to a file.")
        else:
            _write(sheet, service.contact_sheet(examined))
            err.print(f"Their pictures are in {plain(str(sheet))}.")
            return


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from None


def photo_page(page: PhotoPage, as_json: bool) -> None:
    """A photo with its captures, faces and near-copies."""
    if as_json:
        _json(PhotoPageOut.of(page))
        return
    photo = page.photo
    out.print(f"Photo {photo.id}", style="bold")
    out.print(f"{photo.width}x{photo.height} {photo.format}, {photo.size_bytes} bytes")
    for origin in page.captures:
        _origin(origin)
    _facts(photo.facts)
    for number, face in enumerate(page.faces, 1):
        box = face.detection.box
        refused = f", refused: {face.refusal}" if face.refusal else ""
        out.print(f"   face {number}: at {_place(box)}, {box.width:.0f} px wide{refused}")
    for copy in page.near_copies:
        out.print(f"   near-copy: {copy.id[:12]}  {copy.width}x{copy.height} {copy.format}")


def withdrawal(done: Withdrawal, as_json: bool) -> None:
    """What was taken out."""
    if as_json:
        _json(asdict(done))
        return
    out.print(f"Withdrawn: {count(done.photos, 'photo')} with {count(done.templates, 'template')}.")


def source_list(rows: Sequence[SourceOut], as_json: bool) -> None:
    """The registered sources."""
    if as_json:
        _json(rows)
        return
    if not rows:
        out.print("No source is registered. `facewitness enrol FOLDER` registers one.")
    for row in rows:
        _source_head(row)


def _source_head(row: SourceOut) -> None:
    out.print(Text.assemble((row.source, "bold"), f"  {plain(row.name)}"))
    licence = f", licence {plain(row.licence)}" if row.licence else ""
    out.print(f"   {row.legal_basis}, steward {plain(row.steward)}{licence}")
    out.print(f"   {count(row.photos, 'photo')}, {count(row.faces, 'face')} from {plain(row.location)}")
    if row.out_of_force:
        out.print(f"   not searched: it {row.out_of_force}", style="yellow")


def source(report: SourceReport, as_json: bool) -> None:
    """One source with its terms."""
    shown = SourceReportOut.of(report)
    if as_json:
        _json(shown)
        return
    _source_head(shown.source)
    terms = report.source.terms
    said = {
        "kind": report.source.kind.value,
        "note": report.source.note,
        "owner": terms.owner,
        "citation": terms.citation,
        "agreement": terms.agreement,
        "agreement sha256": terms.agreement_digest,
        "minors": terms.minors.value.replace("-", " "),
        "scope": ", ".join(report.source.scope),
        "starts": _day(terms.starts),
        "expires": _day(terms.expires),
        "review by": _day(terms.review_by),
        "approved": f"by {terms.approved_by}, {_day(terms.approved_at)}" if terms.approved_at else "",
    }
    for name, value in said.items():
        if value:
            out.print(f"   {name}: {plain(value)}")
    _fetched(report)
    _reasons("photo", "skipped", report.skipped)
    _reasons("face", "refused", report.refused)


def _fetched(report: SourceReport) -> None:
    """What was fetched of a source on the web, and what was found of it later."""
    if report.fetched_at:
        out.print(f"   fetched: {_day(report.fetched_at)}")
        for name, number in report.fetched.items():
            out.print(f"      {plain(name)} {number:,}")
    if report.rechecked_at:
        out.print(f"   rechecked: {_day(report.rechecked_at)}")
        for name, number in sorted(report.states.items()):
            out.print(f"      captures {plain(name)}: {number:,}")


def collected(found: Collected, as_json: bool) -> None:
    """What was fetched."""
    if as_json:
        _json({"event": "collected", **asdict(found)})
        return
    out.print(
        f"Fetched: {count(found.pages, 'page')} and {count(found.images, 'image')} in "
        f"{count(found.requests, 'request')}, {found.unchanged:,} unchanged."
    )
    for reason, number in sorted(found.refused.items()):
        out.print(f"   not fetched: {plain(reason)} {number:,}")


def rechecked(states: Mapping[str, int], as_json: bool) -> None:
    """How many captures are in each state."""
    if as_json:
        _json(states)
        return
    for name, number in sorted(states.items()):
        out.print(f"captures {plain(name)}: {number:,}")


def source_reports(reports: Sequence[SourceReport], as_json: bool) -> None:
    """What came in from each source, and what was turned away, by reason."""
    if as_json:
        _json([SourceReportOut.of(report) for report in reports])
        return
    for report in reports:
        _source_head(SourceReportOut.of(report).source)
        _fetched(report)
        for what, counts in (("photos skipped", report.skipped), ("faces refused", report.refused)):
            for reason, number in sorted(counts.items()):
                out.print(f"   {what}: {plain(reason)} {number:,}")


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def status(found: Status, as_json: bool) -> None:
    """The bank in figures."""
    if as_json:
        _json(StatusOut.of(found))
        return
    rules = f"  policy {plain(found.policy.name)}, model {plain(found.model)}"
    out.print(Text.assemble((plain(found.bank), "bold"), rules))
    for name, number in found.totals.items():
        out.print(f"   {name.replace('_', ' ')}: {number}")
    _reasons("photo", "skipped", found.skipped)
    _reasons("face", "refused", found.refused)
    cut = found.threshold
    out.print(f"Searches are cut at score {cut.score:.3f}: FPIR(N={cut.gallery_size}) = {cut.fpir:.2g}.")
    out.print(f"Ledger head: {found.ledger_head}")


def model_cards(cards: Sequence[ModelCard], as_json: bool) -> None:
    """The models in use."""
    if as_json:
        _json([ModelOut.model_validate(card, from_attributes=True) for card in cards])
        return
    for card in cards:
        out.print(Text.assemble((plain(card.name), "bold"), f"  {card.kind}, {plain(card.licence)}"))
        out.print(f"   sha256 {card.sha256}")
        for text in (card.measured_on, card.weak_spots):
            if text:
                out.print(f"   {plain(text)}")


def rebuilt(faces: int, as_json: bool) -> None:
    """How many faces the new gallery holds."""
    if as_json:
        _json({"faces": faces})
    else:
        out.print(f"The gallery was made again: {count(faces, 'face')}.")


def gallery_check(checked: GalleryCheck, as_json: bool) -> None:
    """What the gallery is, held against the catalogue, and what to do where it is not that."""
    if as_json:
        _json({"sound": checked.is_sound, **asdict(checked)})
        return
    for name in checked.damaged:
        out.print(f"{name} is not as it was written.", style="red")
    out.print(f"The gallery holds {count(checked.faces, 'face')}, the catalogue {checked.catalogued}.")
    out.print(
        f"Sampled searches: {checked.searches}, {checked.lost} without their best face; "
        f"{checked.found} of {count(checked.expected, 'face')} that comparing every template gives."
    )
    if checked.is_sound:
        out.print("The gallery is what the catalogue makes of it.")
    else:
        out.print(
            "The gallery is NOT what the catalogue makes of it: `facewitness gallery rebuild` mends it."
        )


def verification(checked: Verification, as_json: bool) -> None:
    """Whether the ledger verifies, each defect, and the head to write down."""
    if as_json:
        _json(
            VerificationOut(
                verified=not checked.defects, head=str(checked.head), defects=list(checked.defects)
            )
        )
        return
    for defect in checked.defects:
        out.print(plain(defect), style="red")
    verdict = "does NOT verify" if checked.defects else "verifies"
    out.print(f"The ledger {verdict}: {count(checked.head.size, 'entry')}.")
    out.print(f"Tree head, to be kept elsewhere: {checked.head}")
