"""`facewitness sources`: the register of where photos arrive from, and on what terms they are held."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from facewitness.acts import SourceDetails
from facewitness.cli import printing
from facewitness.cli.enrolling import fetch
from facewitness.cli.opening import Bank, Json, confirm_withdrawal, opened
from facewitness.reports.bank_schemas import SourceOut
from facewitness.service import Service
from facewitness.terms.provenance import SourceKind, SourceRecord

sources = typer.Typer(
    help="Where photos arrive from, and on what terms they are held.", invoke_without_command=True
)

KINDS = ", ".join(SourceKind)
Source = Annotated[str, typer.Argument(help="The source's id, as `facewitness sources` lists it.")]
Reason = Annotated[str, typer.Option(help="Why; it is written to the ledger.")]
Expires = Annotated[str, typer.Option(help="The last day: 2027, 2027-05 or 2027-05-01.")]
ReviewBy = Annotated[str, typer.Option(help="When it has to be reviewed; past it, it leaves the search.")]


@sources.callback()
def _without_command(context: typer.Context, bank: Bank = None, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        _list(bank, as_json)


@sources.command("list")
def _list(bank: Bank = None, as_json: Json = False) -> None:
    """List the registered sources."""
    with opened(bank) as service:
        rows = [SourceOut.of(one, counts, service.out_of_force(one)) for one, counts in service.sources()]
        printing.source_list(rows, as_json)


@sources.command()
def add(
    kind: Annotated[str, typer.Argument(help=f"What it is: {KINDS}.")],
    location: Annotated[
        str,
        typer.Argument(help="Where its photos are: a path, or the address of a website or IIIF manifest."),
    ],
    name: Annotated[str, typer.Option(help="The source's name.")],
    steward: Annotated[str, typer.Option(help="Who answers for these photos.")],
    basis: Annotated[
        str,
        typer.Option(
            help="The legal basis: own-work, licence, consent, statutory-mandate or public-archive-mandate."
        ),
    ],
    licence: Annotated[str, typer.Option(help="The licence that the photos stand under.")] = "",
    note: Annotated[str, typer.Option(help="Anything the next steward should know.")] = "",
    owner: Annotated[str, typer.Option(help="Whose photos they are.")] = "",
    citation: Annotated[str, typer.Option(help="The law that a statutory mandate rests on.")] = "",
    agreement: Annotated[
        str, typer.Option(help="The agreement in words, or its document, whose digest is kept.")
    ] = "",
    minors: Annotated[
        str, typer.Option(help="Children in it: none-shown, with-guardians-consent or left-out.")
    ] = "",
    starts: Annotated[str, typer.Option(help="The first day on which its photos may be searched.")] = "",
    expires: Expires = "",
    review_by: ReviewBy = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="Only these addresses: example.org, *.example.org or https://example.org/a/; may be repeated."
        ),
    ] = None,
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Register a source. `facewitness enrol SOURCE` then enrols its photos."""
    details = SourceDetails(
        name=name,
        steward=steward,
        basis=basis,
        licence=licence,
        note=note,
        owner=owner,
        citation=citation,
        agreement=agreement,
        minors=minors,
        starts=starts,
        expires=expires,
        review_by=review_by,
        scope=tuple(scope or ()),
    )
    with opened(bank, may_be_new=True) as service:
        record = service.add_source(kind, location, details)
        printing.source(service.source_report(record.id), as_json)
        if not as_json:
            printing.out.print(f"`facewitness enrol {record.id}` enrols its photos.")


@sources.command()
def show(source: Source, bank: Bank = None, as_json: Json = False) -> None:
    """Show a source: who answers for it, its terms, and what the bank holds from it."""
    with opened(bank) as service:
        printing.source(service.source_report(source), as_json)


@sources.command()
def report(
    source: Annotated[str, typer.Argument(help="One source; without it all of them.")] = "",
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Count what came in and what was turned away, by reason."""
    with opened(bank) as service:
        names = [source] if source else [record.id for record, _ in service.sources()]
        printing.source_reports([service.source_report(name) for name in names], as_json)


@sources.command()
def approve(source: Source, reason: Reason = "", bank: Bank = None, as_json: Json = False) -> None:
    """Approve a source, in your name."""
    _amended(bank, as_json, lambda service: service.approve_source(source, reason))


@sources.command()
def reference(
    source: Source,
    photo: Annotated[Path, typer.Argument(help="A photo of the account's holder.")],
    face: Annotated[int | None, typer.Option(help="Which face of it, from left to right.")] = None,
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Show who the holder of an account export is, for the rule `only_the_consenting`. The photo is not kept."""
    with opened(bank) as service:
        service.give_reference(source, photo, face)
        printing.source(service.source_report(source), as_json)


@sources.command()
def expire(source: Source, reason: Reason = "", bank: Bank = None, as_json: Json = False) -> None:
    """End a source now: its photos leave the search, and stay in the bank."""
    _amended(bank, as_json, lambda service: service.expire_source(source, reason))


@sources.command()
def renew(
    source: Source,
    expires: Expires = "",
    review_by: ReviewBy = "",
    reason: Reason = "",
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Set when a source ends and when it is to be reviewed; without a date, never."""
    _amended(bank, as_json, lambda service: service.renew_source(source, expires, review_by, reason))


@sources.command()
def collect(source: Source, bank: Bank = None, as_json: Json = False) -> None:
    """Fetch a registered website into the bank's own archives; `enrol` does so too, and goes on to enrol."""
    with opened(bank) as service:
        fetch(service, source, as_json)


@sources.command()
def recheck(
    source: Annotated[str, typer.Argument(help="One source; without it all that lie on the web.")] = "",
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Ask again for what captures were taken from: they may be gone, changed or reserved by now."""
    with opened(bank) as service:
        names = [source] if source else [one.id for one, _ in service.sources() if service.is_on_the_web(one)]
        for name in names:
            printing.rechecked(service.recheck_source(name), as_json)


@sources.command()
def withdraw(
    source: Source,
    reason: Reason = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Take a source out of the bank, with the photos that no other source holds."""
    with opened(bank) as service:
        service.source_report(source)  # says so where it is none, before anything is asked
        if not yes:
            confirm_withdrawal(service, source)
        printing.withdrawal(service.withdraw(source, reason), as_json)


def _amended(bank: Path | None, as_json: bool, change: Callable[[Service], SourceRecord]) -> None:
    with opened(bank) as service:
        printing.source(service.source_report(change(service).id), as_json)
