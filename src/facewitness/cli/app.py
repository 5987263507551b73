"""The commands.

Exit codes: 0 done (a search without a candidate is done too), 1 an error, 2 wrong usage, 3 done but photos
were skipped under `--strict`, 4 refused, 5 the ledger does not verify, 130 stopped by Ctrl-C.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from facewitness import __version__
from facewitness.acts import Probe
from facewitness.cli import printing
from facewitness.cli.enrolling import ask_details, fetch, show_progress
from facewitness.cli.opening import Bank, Exit, Json, confirm_withdrawal, opened
from facewitness.cli.sources import sources
from facewitness.errors import ManyFaces
from facewitness.service import read_probe
from facewitness.terms.candidate import Filters
from facewitness.terms.dates import span
from facewitness.terms.provenance import SourceId

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
cli.add_typer(sources, name="sources")


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
    place: Annotated[
        Path,
        typer.Argument(help="The folder of photos, or a registered source's id.", metavar="FOLDER|SOURCE"),
    ],
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
    citation: Annotated[str, typer.Option(help="The law that a statutory mandate rests on.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 where a photo was skipped.")] = False,
    bank: Bank = None,
    as_json: Json = False,
) -> None:
    """Enrol the photos of a source; a new folder is registered and a website fetched first.

    Goes on where an earlier run stopped.
    """
    with opened(bank, may_be_new=True) as service:
        source = service.registered(str(place))
        details = {"name": name, "steward": steward, "basis": basis, "licence": licence, "note": note}
        details["citation"] = citation
        if source is None and not as_json:
            details = ask_details(details)
        if source is not None and service.is_on_the_web(source):
            fetch(service, source.id, as_json)
        try:
            with show_progress(lambda: service.count_arrivals(source or place), as_json) as tell:
                if source and not any(details.values()):
                    progress = service.enrol_source(source.id, tell)
                else:
                    progress = service.enrol(place, **details, tell=tell)
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
            confirm_withdrawal(service, name)
        printing.withdrawal(service.withdraw(name, reason), as_json)


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


@gallery.command()
def check(bank: Bank = None, as_json: Json = False) -> None:
    """Hold the gallery against the catalogue: counts, every file's digest, sampled searches."""
    with opened(bank) as service:
        checked = service.check_gallery()
        printing.gallery_check(checked, as_json)
    if not checked.is_sound:
        raise typer.Exit(Exit.ERROR)


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
