"""What every command shares: the bank it works on, its exit codes, and what to ask before something goes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer

from facewitness.cli import printing
from facewitness.errors import BankError, FacewitnessError, NotAllowed
from facewitness.reports.wording import count
from facewitness.service import Service
from facewitness.settings import read_settings


class Exit(IntEnum):
    """Exit codes."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    SKIPPED = 3
    REFUSED = 4
    NOT_VERIFIED = 5
    STOPPED = 130


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


def confirm_withdrawal(service: Service, name: str) -> None:
    """Ask on a terminal, saying what would go; without one, `--yes` has to be given."""
    if not sys.stdin.isatty():
        raise typer.BadParameter("Without a terminal to ask on, give --yes.", param_hint="--yes")
    counts = next((counts for record, counts in service.sources() if record.id == name), None)
    what = f"photo {name}"
    if counts is not None:
        what = f"source {name!r} with its {count(counts.get('photos', 0), 'photo')}"
    typer.confirm(f"Withdraw {what}? Its record, templates and bytes go.", abort=True, err=True)
