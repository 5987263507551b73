"""The commands.

Exit codes: 0 done (a search without a candidate is done too), 1 an error, 2 wrong usage, 3 done but photos
were skipped under `--strict`, 4 refused, 5 the ledger does not verify, 130 stopped by Ctrl-C.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer

from facewitness import __version__
from facewitness.acts import Probe
from facewitness.cli import printing
from facewitness.cli.enrolling import ask_details, show_progress
from facewitness.errors import BankError, FacewitnessError, ManyFaces, NotAllowed
from facewitness.reports.wording import count
from facewitness.service import Service, read_probe
from facewitness.settings import read_settings
from facewitness.terms.candidate import Filters
from facewitness.terms.dates import span
from facewitness.terms.provenance import SourceId


class Exit(IntEnum):
    """Exit codes."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    SKIPPED = 3
    REFUSED = 4
    NOT_VERIFIED = 5
    STOPPED = 130


cli = typer.Typer(
    name="facewitness",
    help="A self-hosted face search engine that can account for itself.",
    epilog="Exit codes: 0 done, 1 an error, 2 wrong usage, 3 photos were skipped under --strict, 4 refused, "
    "5 the ledger does not verify, 130 stopped by Ctrl-C.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
gallery = typer.Typer(help="The searchable templates.", no_args_is_help=True)
ledger = typer.Typer(help="The record of every act.", no_args_is_help=True)
cli.add_typer(gallery, name="gallery")
cli.add_typer(ledger, name="ledger")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Bank = Annotated[
    Path | None,
    typer.Option("--bank", help="The bank's folder (default: FACEWITNESS_BANK, or ~/facewitness)."),
]


@contextmanager
def opened(bank: Path | None, *, may_be_new: bool = False) -> Iterator[Service]:
    """The service; an error becomes two lines on stderr and an exit code."""
    try:
        settings = read_settings(bank=bank)
        if not may_be_new and not settings.bank.exists():
            raise BankError(
                f"There is no bank at {settings.bank}.",
                "`facewitness enrol FOLDER` makes one; --bank or FACEWITNESS_BANK names another.",
            )
        with Service(settings, door="cli") as service:
            yield service
    except NotAllowed as error:
        printing.complain(error)
        raise typer.Exit(Exit.REFUSED) from None
    except FacewitnessError as error:
        printing.complain(error)
        raise typer.Exit(Exit.ERROR) from None


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"facewitness {__version__}")
        raise typer.Exit


@cli.callback()
def _facewitness(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@cli.command()
def enrol(
    folder: Annotated[Path, typer.Argument(help="The folder of photos.")],
    name: Annotated[str, typer.Option(help="The source's name.")] = "",
    steward: Annotated[str, typer.Option(help="Who answers for these photos.")] = "",
    basis: Annotated[
        str,
        typer.Option(
            help="The legal basis: own-work, licence, consent, statutory-mandate or public-archive-mandate."
        ),
    ] = "",
    licence: Annotated[str, typer.Option(help="The licence that the photos stand under.")] = "",
    note: Annotated[str, typer.Option(help="Anything the next steward should know.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 where a photo was skipped.")] = False,
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Register a folder as a source and enrol its photos. Goes on where an earlier run stopped."""
    with opened(bank, may_be_new=True) as service:
        details = {"name": name, "steward": steward, "basis": basis, "licence": licence, "note": note}
        if not service.is_registered(folder) and not as_json:
            details = ask_details(details)
        try:
            with show_progress(lambda: service.count_arrivals(folder), as_json) as tell:
                progress = service.enrol(folder, **details, tell=tell)
        except KeyboardInterrupt:
            printing.stopped()
            raise typer.Exit(Exit.STOPPED) from None
        printing.enrolment(progress, as_json)
    if strict and progress.skipped:
        raise typer.Exit(Exit.SKIPPED)


@cli.command()
def search(
    probes: Annotated[
        list[Path], typer.Argument(help="Photos of one person: the probes.", metavar="PROBE...")
    ],
    purpose: Annotated[str, typer.Option("--purpose", "-p", help="Why you search. Required.")] = "",
    face: Annotated[
        list[int] | None,
        typer.Option(
            help="Which face of a probe, from left to right; once for each probe, 0 for its only one."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(help="The longest list wanted.")] = 20,
    threshold: Annotated[
        float | None, typer.Option(help="A comparison score to cut at, in place of the policy's.")
    ] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be repeated.")] = None,
    captured_from: Annotated[
        str, typer.Option("--from", help="Only captures from then on: 2013, 2013-05, 2013-05-01 or a time.")
    ] = "",
    captured_until: Annotated[
        str, typer.Option("--until", help="Only captures until the end of then; UTC where no zone is given.")
    ] = "",
    licence: Annotated[str, typer.Option(help="Only this licence.")] = "",
    text: Annotated[
        str, typer.Option(help="Only captures with these words in caption, title, URL or path.")
    ] = "",
    contact_sheet: Annotated[
        Path | None, typer.Option(help="Write the probe's faces to this JPEG when one has to be chosen.")
    ] = None,
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Search the bank for the person in the probe. Needs a purpose; writes to the ledger."""
    filters = Filters(
        tuple(SourceId(one) for one in source or ()),
        _moment("--from", captured_from)[0],
        _moment("--until", captured_until)[1],
        licence,
        text,
    )
    with opened(bank) as service:
        numbers = [number or None for number in face or []][: len(probes)]
        numbers += [None] * (len(probes) - len(numbers))
        given = [Probe(read_probe(path), number) for path, number in zip(probes, numbers, strict=True)]
        try:
            found = service.search(given, purpose=purpose, filters=filters, limit=limit, threshold=threshold)
        except ManyFaces:
            printing.choose_faces(service, probes, given, contact_sheet)
            raise
        printing.candidate_list(found, as_json)


@cli.command()
def show(
    photo: Annotated[str, typer.Argument(help="A photo's SHA-256, or the first digits of it.")],
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Show a photo: where it came from, its faces, its near-copies. Writes to the ledger."""
    with opened(bank) as service:
        printing.photo_page(service.show(photo), as_json)


@cli.command()
def withdraw(
    name: Annotated[str, typer.Argument(help="A source's id, or a photo's SHA-256.", metavar="PHOTO|SOURCE")],
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Take a photo, or a source with its photos, out of the bank: record, templates and bytes."""
    with opened(bank) as service:
        if not yes:
            _confirm(service, name)
        printing.withdrawal(service.withdraw(name, reason), as_json)


def _confirm(service: Service, name: str) -> None:
    """Ask on a terminal, saying what would go; without one, `--yes` has to be given."""
    if not sys.stdin.isatty():
        raise typer.BadParameter("Without a terminal to ask on, give --yes.", param_hint="--yes")
    counts = next((counts for record, counts in service.sources() if record.id == name), None)
    what = f"photo {name}"
    if counts is not None:
        what = f"source {name!r} with its {count(counts.get('photos', 0), 'photo')}"
    typer.confirm(f"Withdraw {what}? Its record, templates and bytes go.", abort=True, err=True)


@cli.command()
def sources(bank: Bank = None, as_json: Json = False) -> None:
    """List the registered sources."""
    with opened(bank) as service:
        printing.source_list(service.sources(), as_json)


@cli.command()
def status(bank: Bank = None, as_json: Json = False) -> None:
    """Show the bank in figures."""
    with opened(bank) as service:
        printing.status(service.status(), as_json)


@cli.command()
def models(bank: Bank = None, as_json: Json = False) -> None:
    """Show the model cards: what finds faces, what compares them, and what they are weak at."""
    with opened(bank) as service:
        printing.model_cards(service.models(), as_json)


@gallery.command()
def rebuild(bank: Bank = None, as_json: Json = False) -> None:
    """Make the gallery again from the catalogue."""
    with opened(bank) as service:
        printing.rebuilt(service.rebuild(), as_json)


@ledger.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A tree head SIZE:ROOT that was written down earlier.")
    ] = None,
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Check every entry and the tree above them; with --head, also that nothing was taken away since."""
    with opened(bank) as service:
        checked = service.verify_ledger(head)
        printing.verification(checked, as_json)
    if checked.defects:
        raise typer.Exit(Exit.NOT_VERIFIED)


def _moment(option: str, text: str) -> tuple[datetime | None, datetime | None]:
    if not text:
        return None, None
    try:
        return span(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date: write 2013, 2013-05 or 2013-05-01.", param_hint=option
        ) from None
