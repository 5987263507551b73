"""What a form sends: read in memory to the last byte, for a probe must never lie on a disk."""

import sys
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from fastapi import Depends, Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from facewitness.errors import BadInput
from facewitness.terms.candidate import Filters
from facewitness.terms.dates import span
from facewitness.terms.provenance import SourceId

MAX_FILES = 16
"""Photos of one person in one search."""


class _InMemory(MultiPartParser):
    """Starlette's parser moves a file of more than 1 MB to the disk; this one never does."""

    spool_max_size = sys.maxsize


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, in their order."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[SentFile, ...]

    def text(self, name: str) -> str:
        """A field without the blanks around it; empty where it was not sent."""
        return next(iter(self.texts(name)), "")

    def texts(self, name: str) -> tuple[str, ...]:
        """All fields of that name."""
        return tuple(value.strip() for field, value in self.fields if field == name)


async def _sent(request: Request) -> Form:
    kind, _ = parse_options_header(request.headers.get("content-type"))
    try:
        async with aclosing(request.stream()) as stream:
            if kind == b"multipart/form-data":
                sent = await _InMemory(request.headers, stream, max_files=MAX_FILES, max_fields=200).parse()
            else:
                sent = await FormParser(request.headers, stream).parse()
    except MultiPartException as error:
        raise BadInput(f"The form could not be read: {error.message}") from None
    try:
        return Form(
            tuple((name, value) for name, value in sent.multi_items() if isinstance(value, str)),
            await _files(sent),
        )
    finally:
        await sent.close()


async def _files(sent: FormData) -> tuple[SentFile, ...]:
    """The files; a file field that was left empty comes as a nameless file of no bytes."""
    files = [value for _, value in sent.multi_items() if isinstance(value, UploadFile)]
    read = [SentFile(one.filename or "", await one.read()) for one in files]
    return tuple(one for one in read if one.name or one.data)


SentForm = Annotated[Form, Depends(_sent)]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked besides the probes, as it was typed, so that a form can show it again."""

    purpose: str = ""
    sources: tuple[str, ...] = ()
    captured_from: str = ""
    captured_until: str = ""
    licence: str = ""
    text: str = ""

    @classmethod
    def of(cls, form: Form) -> Self:
        """Out of the search form."""
        return cls(
            form.text("purpose"),
            form.texts("source"),
            form.text("captured_from"),
            form.text("captured_until"),
            form.text("licence"),
            form.text("text"),
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the purpose is set."""
        return any((self.sources, self.captured_from, self.captured_until, self.licence, self.text))

    def filters(self) -> Filters:
        """The filters; days are this machine's local days, the last one included. BadInput for no date."""
        first, last = period(self.captured_from, self.captured_until)
        return Filters(
            tuple(SourceId(one) for one in self.sources),
            first,
            last,
            self.licence,
            self.text,
        )


def period(first: str, last: str) -> tuple[datetime | None, datetime | None]:
    """From the beginning of `first` to the end of `last`, in UTC; BadInput where one is not a date."""
    try:
        return span(first)[0] if first else None, span(last)[1] if last else None
    except ValueError:
        raise BadInput(
            f"{first or last!r} is not a date.", "Write it as 2013, 2013-05 or 2013-05-01."
        ) from None
