"""The pages about sources: the register, one source with its report, and the forms that change its terms."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from facewitness.acts import SourceDetails
from facewitness.errors import BadInput, NotAllowed
from facewitness.terms.provenance import LegalBasis, MinorsPolicy, SourceKind
from facewitness.web.desk import TheDesk
from facewitness.web.forms import Form, SentForm
from facewitness.web.problems import status_of
from facewitness.web.rendering import page
from facewitness.web.withdrawing import confirmed, withdraw_source

router = APIRouter(prefix="/sources", include_in_schema=False)

TEXTS = ("name", "steward", "basis", "licence", "note", "owner", "citation", "agreement", "minors")
DATES = ("starts", "expires", "review_by")


@router.get("")
def source_list(request: Request, desk: TheDesk) -> Response:
    """The registered sources."""
    sources = [
        (record, counts, desk.service.out_of_force(record)) for record, counts in desk.service.sources()
    ]
    return page(request, "sources.html", sources=sources)


@router.get("/new")
def new_source(request: Request) -> Response:
    """The form that registers a source."""
    return _form(request, {})


@router.post("")
def add_source(request: Request, desk: TheDesk, form: SentForm) -> Response:
    """Register a source."""
    try:
        record = desk.service.add_source(form.text("kind"), form.text("location"), _details(form))
    except (BadInput, NotAllowed) as error:
        return _form(request, dict(form.fields), error)
    return RedirectResponse(f"/sources/{record.id}", 303)


@router.get("/{source}")
def one_source(request: Request, desk: TheDesk, source: str) -> Response:
    """A source: its terms, what the bank holds from it, and what was turned away."""
    report = desk.service.source_report(source)
    return page(request, "source.html", report=report, recheck=desk.rechecks.state(source))


@router.post("/{source}/approve")
def approve(desk: TheDesk, source: str, form: SentForm) -> Response:
    """Approve a source."""
    desk.service.approve_source(source, form.text("reason"))
    return RedirectResponse(f"/sources/{source}", 303)


@router.post("/{source}/expire")
def expire(desk: TheDesk, source: str, form: SentForm) -> Response:
    """End a source."""
    desk.service.expire_source(source, form.text("reason"))
    return RedirectResponse(f"/sources/{source}", 303)


@router.post("/{source}/renew")
def renew(desk: TheDesk, source: str, form: SentForm) -> Response:
    """Set when a source ends and when it is to be reviewed."""
    desk.service.renew_source(source, form.text("expires"), form.text("review_by"), form.text("reason"))
    return RedirectResponse(f"/sources/{source}", 303)


@router.post("/{source}/recheck")
def recheck(desk: TheDesk, source: str) -> Response:
    """Ask again for what a source's captures were taken from."""
    desk.rechecks.start(source)
    return RedirectResponse(f"/sources/{source}", 303)


@router.post("/{source}/withdraw")
def withdraw_one_source(request: Request, desk: TheDesk, source: str, form: SentForm) -> Response:
    """Withdraw a source."""
    confirmed(form)
    done = withdraw_source(desk.service, source, form.text("reason"))
    return page(request, "withdrawn.html", what="source", done=done)


def _details(form: Form) -> SourceDetails:
    scope = tuple(form.text("scope").split())
    return SourceDetails(**{name: form.text(name) for name in TEXTS + DATES}, scope=scope)


def _form(request: Request, typed: dict[str, str], problem: BadInput | NotAllowed | None = None) -> Response:
    return page(
        request,
        "new_source.html",
        status_of(problem) if problem else 200,
        typed=typed,
        problem=problem,
        kinds=list(SourceKind),
        bases=list(LegalBasis),
        minors=list(MinorsPolicy),
    )
