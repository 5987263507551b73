"""Errors as answers: one table of status codes, `application/problem+json` for REST, a page for people."""

import re
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from facewitness.errors import (
    BadInput,
    BankError,
    FacewitnessError,
    LedgerError,
    ManyFaces,
    ModelError,
    NotAllowed,
    NotFound,
)
from facewitness.web.rendering import page

STATUS: dict[type[FacewitnessError], int] = {
    BadInput: 422,
    ManyFaces: 409,
    NotFound: 404,
    NotAllowed: 403,
    BankError: 503,
    ModelError: 500,
    LedgerError: 500,
}
"""An error has the status of its nearest ancestor here."""


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    what: str
    advice: str = ""


_WORDS = {
    400: _Words("Not understood", "The request could not be read."),
    401: _Words(
        "No access yet",
        "This bank opens only with its own link.",
        "Open the link that `facewitness serve` printed where it was started; it ends in `?token=…`. "
        "If you have just opened it, load this page again. REST takes the token as `Authorization: Bearer`.",
    ),
    403: _Words("Not allowed", "This is not allowed."),
    404: _Words("Not found", "There is nothing at this address.", "Start again from the search page."),
    405: _Words("Not offered", "This address does not take this kind of request."),
    409: _Words("Several faces", "The probe shows several faces.", "Choose the person sought by number."),
    413: _Words("Too large", "This is more than 64 MB.", "Send fewer photos at once, or smaller ones."),
    421: _Words(
        "Wrong address",
        "The bank is served to this machine only.",
        "Open it as http://127.0.0.1 or http://localhost with the port that `facewitness serve` printed.",
    ),
    422: _Words("Cannot be used", "What was sent cannot be used."),
    500: _Words(
        "Something went wrong",
        "The program failed while it made this answer.",
        "The details are where `facewitness serve` was started.",
    ),
    503: _Words("The bank is not available", "The bank cannot be opened or written."),
}


class Problem(BaseModel):
    """An error, after RFC 9457."""

    type: str = Field(description="`urn:facewitness:` and the kind of error, or `about:blank`")
    title: str
    status: int
    detail: str = Field(description="what happened")
    advice: str = Field(description="what to do about it; may be empty")
    faces: int | None = Field(default=None, description="faces of the probe, where one has to be chosen")


def is_api(request: Request) -> bool:
    """Whether a program asks, and no person."""
    return request.url.path.startswith("/api/")


def status_of(error: FacewitnessError) -> int:
    """The status code of an error."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def answer(
    request: Request,
    status: int,
    what: str = "",
    advice: str = "",
    kind: str = "about:blank",
    faces: int | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An error as whoever asks can read it; without words of its own it has those of its status."""
    usual = _WORDS.get(status, _Words("Not possible", "This request cannot be answered."))
    if not what:
        what, advice = usual.what, usual.advice
    if is_api(request):
        problem = Problem(
            type=kind, title=usual.title, status=status, detail=what, advice=advice, faces=faces
        )
        return JSONResponse(
            problem.model_dump(exclude_none=True), status, headers, media_type="application/problem+json"
        )
    response = page(request, "error.html", status=status, title=usual.title, what=what, advice=advice)
    response.headers.update(headers or {})
    return response


def add_handlers(app: FastAPI) -> None:
    """Answer every error of this application from the table."""
    app.exception_handler(FacewitnessError)(_own)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(RequestValidationError)(_invalid)


def _own(request: Request, error: FacewitnessError) -> Response:
    kind = "urn:facewitness:" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
    return answer(request, status_of(error), error.what, error.advice, kind, getattr(error, "count", None))


def _http(request: Request, error: HTTPException) -> Response:
    return answer(request, error.status_code, headers=dict(error.headers or {}))


def _invalid(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return answer(
        request, 422, f"{where}: {first['msg']}.", "/api/v1/openapi.json describes what may be sent."
    )
