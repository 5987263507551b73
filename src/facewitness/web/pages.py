"""The pages for people. Each works without scripts: forms are sent, answers are whole pages."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from facewitness.acts import Probe
from facewitness.errors import BadInput, FacewitnessError, NotAllowed
from facewitness.web.desk import Desk, Draft, TheDesk
from facewitness.web.forms import Form, SentFile, SentForm, Wish
from facewitness.web.pictures import CaptureNumber
from facewitness.web.probes import MINUTES, Choice
from facewitness.web.problems import status_of
from facewitness.web.rendering import page
from facewitness.web.security import MAX_BODY
from facewitness.web.withdrawing import confirmed, withdraw_photo

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(request: Request, desk: TheDesk) -> Response:
    """The search form."""
    return _search_form(request, desk, Wish())


@router.post("/probes")
def send_probes(request: Request, desk: TheDesk, form: SentForm) -> Response:
    """Take the probes; search at once where each shows one face, else let the faces be chosen."""
    wish = Wish.of(form)
    try:
        keys = _held(desk, form.files)
        if all(len(desk.probe(key).faces) == 1 for key in keys):
            return _search(desk, [Choice(key) for key in keys], wish)
    except (BadInput, NotAllowed) as error:
        return _search_form(request, desk, wish, error)
    return RedirectResponse(f"/probes/{desk.drafts.put(Draft(tuple(keys), wish))}", 303)


@router.get("/probes/{draft}")
def choose_faces(request: Request, desk: TheDesk, draft: str) -> Response:
    """The faces of each probe, one of each to be chosen."""
    return _faces_form(request, desk, draft)


@router.post("/searches")
def search(request: Request, desk: TheDesk, form: SentForm) -> Response:
    """Search with the faces chosen."""
    key = form.text("draft")
    draft = desk.draft(key)
    choices = [Choice(probe, _number(form, f"face-{n}")) for n, probe in enumerate(draft.probes, 1)]
    wish = replace(draft.wish, purpose=form.text("purpose"))
    try:
        return _search(desk, choices, wish)
    except (BadInput, NotAllowed) as error:
        return _faces_form(request, desk, key, error, choices)


@router.get("/searches/{search_id}")
def candidate_list(request: Request, desk: TheDesk, search_id: str) -> Response:
    """A search as it was shown, beside its probes while they are held."""
    found = desk.service.recall(search_id)
    probes = [one for one in desk.searches.get(search_id) or () if desk.probes.get(one.probe)]
    names = {record.id: record.name for record, _ in desk.service.sources()}
    return page(request, "candidates.html", found=found, probes=probes, names=names)


@router.get("/photos/{photo}")
def photo_page(request: Request, desk: TheDesk, photo: str) -> Response:
    """Everything the bank knows of a photo."""
    return page(request, "photo.html", shown=desk.service.show(photo))


@router.get("/captures/{capture}")
def archived_copy(request: Request, desk: TheDesk, capture: CaptureNumber) -> Response:
    """The original of a capture, as its web archive has it."""
    return page(request, "copy.html", opened=desk.service.archived_copy(capture))


@router.post("/photos/{photo}/withdraw")
def withdraw_one_photo(request: Request, desk: TheDesk, photo: str, form: SentForm) -> Response:
    """Withdraw a photo."""
    confirmed(form)
    done = withdraw_photo(desk.service, photo, form.text("reason"))
    return page(request, "withdrawn.html", what="photo", done=done)


@router.get("/status")
def status(request: Request, desk: TheDesk) -> Response:
    """The bank in figures."""
    return page(request, "status.html", found=desk.service.status(), cards=desk.service.models())


@router.get("/ledger")
def check_ledger(request: Request, desk: TheDesk, head: str = "") -> Response:
    """Check the whole ledger, also against a tree head kept earlier."""
    checked = desk.service.verify_ledger(head.strip() or None)
    return page(request, "ledger.html", checked=checked, kept=head.strip())


def _held(desk: Desk, files: Sequence[SentFile]) -> list[str]:
    if not files:
        raise BadInput("No photo was given.", "Choose at least one photo of the person sought.")
    keys = []
    for file in files:
        try:
            keys.append(desk.hold(file.data))
        except BadInput as error:
            if len(files) == 1:
                raise
            raise BadInput(f"{file.name}: {error.what}", error.advice) from None
    return keys


def _search(desk: Desk, choices: Sequence[Choice], wish: Wish) -> Response:
    probes = [Probe(desk.probe(one.probe).data, one.face) for one in choices]
    found = desk.service.search(probes, purpose=wish.purpose, filters=wish.filters())
    desk.searches.put(tuple(choices), key=found.search_id)
    return RedirectResponse(f"/searches/{found.search_id}", 303)


def _search_form(
    request: Request, desk: Desk, wish: Wish, problem: FacewitnessError | None = None
) -> Response:
    return page(
        request,
        "search.html",
        status_of(problem) if problem else 200,
        wish=wish,
        problem=problem,
        sources=desk.service.sources(),
        max_body=MAX_BODY,
        minutes=MINUTES,
    )


def _faces_form(
    request: Request,
    desk: Desk,
    key: str,
    problem: FacewitnessError | None = None,
    choices: Sequence[Choice] = (),
) -> Response:
    draft = desk.draft(key)
    return page(
        request,
        "faces.html",
        status_of(problem) if problem else 200,
        key=key,
        wish=draft.wish,
        probes=[(probe, desk.probe(probe).faces) for probe in draft.probes],
        chosen=[choice.face for choice in choices] or [None] * len(draft.probes),
        problem=problem,
    )


def _number(form: Form, name: str) -> int | None:
    text = form.text(name)
    return int(text) if text.isdecimal() else None
