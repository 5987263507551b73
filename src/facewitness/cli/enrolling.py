"""Enrolment in the terminal: asking for what a source needs, and showing how far it is."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from facewitness.acts import Enrolled, Known, OnProgress, Outcome, Progress, TurnedAway
from facewitness.acts.register import legal_basis
from facewitness.cli import printing
from facewitness.cli.opening import Exit
from facewitness.errors import BadInput, FacewitnessError
from facewitness.service import Service
from facewitness.terms.collecting import Collected
from facewitness.terms.provenance import LegalBasis, SkippedPhoto

RATE_OVER = 20
"""Photos over which the rate is averaged before a time left is worth showing."""


def ask_details(given: dict[str, str]) -> dict[str, str]:
    """Ask for what was not given; without a terminal, what was given has to do."""
    if not sys.stdin.isatty() or all(given[name] for name in ("name", "steward", "basis")):
        return given
    typer.echo(
        "This folder is new to the bank. A source needs a name, someone who answers for it, and a ground."
    )
    asked = dict(given)
    asked["name"] = given["name"] or typer.prompt("Name of the source", err=True)
    asked["steward"] = given["steward"] or typer.prompt("Steward (who answers for these photos)", err=True)
    bases = ", ".join(basis.value for basis in LegalBasis)
    asked["basis"] = given["basis"] or typer.prompt(f"Legal basis ({bases})", err=True, value_proc=_basis)
    if legal_basis(asked["basis"]) is LegalBasis.STATUTORY_MANDATE and not given["citation"]:
        asked["citation"] = typer.prompt("Citation (the law that charges you with it)", err=True)
    for name in ("licence", "note"):
        prompt = f"{name.capitalize()} (Enter: none)"
        asked[name] = given[name] or typer.prompt(prompt, default="", show_default=False, err=True)
    return asked


def _basis(answer: str) -> str:
    """A legal basis; anything else is asked for again, with the reason."""
    try:
        return legal_basis(answer)
    except BadInput as error:
        raise typer.BadParameter(str(error)) from None


@contextmanager
def show_progress(count: Callable[[], int | None], as_json: bool) -> Iterator[OnProgress]:
    """A bar on a terminal, one JSON line for each photo with `--json`."""
    if as_json:
        yield _print_event
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[found]}"),
    )
    terminal = printing.err.is_terminal
    with Bar(*columns, console=printing.err, transient=True, disable=not terminal) as bar:
        task = bar.add_task("enrolling", total=None, rate="", found="")

        def total() -> None:
            with suppress(FacewitnessError):  # the enrolment says it
                bar.update(task, total=count())

        # Counting reads folders only, so it is done long before the photos are; a huge folder need not wait.
        threading.Thread(target=total, daemon=True).start()

        def tell(progress: Progress, outcome: Outcome | SkippedPhoto | None) -> None:
            speed = bar.tasks[0].speed
            skipped, refused = sum(progress.skipped.values()), sum(progress.refused.values())
            turned_away = outcome.skipped if isinstance(outcome, TurnedAway) else outcome
            if isinstance(turned_away, SkippedPhoto):
                printing.skipped(turned_away)
            bar.update(
                task,
                completed=progress.seen,
                rate=f"{speed:.1f} photos/s" if speed and progress.seen > RATE_OVER else "",
                found=f"{progress.faces} faces, {refused} faces refused, {skipped} photos skipped",
            )

        yield tell


def fetch(service: Service, source: str, as_json: bool) -> None:
    """Fetch a source on the web, and say how far that is."""
    with printing.err.status("fetching") as status:

        def tell(so_far: Collected) -> None:
            status.update(
                f"fetching: {so_far.requests} requests, {so_far.pages} pages, {so_far.images} images, "
                f"{sum(so_far.refused.values())} not fetched"
            )

        try:
            done = service.collect_source(source, tell)
        except KeyboardInterrupt:
            printing.stopped()
            raise typer.Exit(Exit.STOPPED) from None
    printing.collected(done, as_json)


def _print_event(_progress: Progress, outcome: Outcome | SkippedPhoto | None) -> None:
    event = _event(outcome)
    if event:
        sys.stdout.write(json.dumps(event, ensure_ascii=True) + "\n")


def _event(outcome: Outcome | SkippedPhoto | None) -> dict[str, object]:
    if isinstance(outcome, Enrolled):
        return {
            "event": "enrolled",
            "path": outcome.arrival.path,
            "photo": outcome.photo.id,
            "faces": len(outcome.faces),
            "refused": [one.reason.value for one in outcome.refused],
        }
    if isinstance(outcome, Known):
        return {"event": "known", "path": outcome.arrival.path, "photo": outcome.photo_id}
    skipped = outcome.skipped if isinstance(outcome, TurnedAway) else outcome
    return {"event": "skipped", **asdict(skipped)} if skipped else {}
