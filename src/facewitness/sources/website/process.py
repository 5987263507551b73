"""The child process that crawls, as its parent sees it: what it says while it works."""

import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, Any, cast

from facewitness.errors import BadInput, BankError
from facewitness.sources.website.job import Job

_CHILD = Path(__file__).with_name("child.py")


def work(job: Job) -> Iterator[tuple[str, Any]]:
    """Do the job in a child process: what it tells, until it is done. Ends the child when closed before.

    BadInput where Scrapy is not installed, BankError where the child ends before its work is done.
    """
    if find_spec("scrapy") is None:
        raise BadInput(
            "Fetching websites needs Scrapy, which is not installed.", "pip install 'facewitness[website]'"
        )
    Path(job.keep).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile() as complaints:
        # -P: the folder of the script holds modules whose names would hide others.
        child = Popen(  # noqa: S603  our own module, by our own interpreter
            [sys.executable, "-P", str(_CHILD)],
            stdin=PIPE,
            stdout=PIPE,
            stderr=complaints,
            encoding="utf-8",
        )
        try:
            yield from _told(child, job)
        except BrokenPipeError:
            raise _failure("It could not be started.", complaints) from None
        except EOFError as error:
            raise _failure(str(error), complaints) from None
        finally:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                _close(cast("IO[str]", pipe))


def _told(child: "Popen[str]", job: Job) -> Iterator[tuple[str, Any]]:
    """What the child tells. EOFError with what is known of why, where it ends before its work is done."""
    stdin, stdout = cast("IO[str]", child.stdin), cast("IO[str]", child.stdout)
    stdin.write(job.to_json() + "\n")
    stdin.flush()
    for line in stdout:
        told = json.loads(line)
        if told["event"] == "done":
            return
        if told["event"] == "error":
            raise EOFError(told["value"])
        yield told["event"], told["value"]
    raise EOFError(f"It ended with status {child.wait()}.")


def _failure(what: str, complaints: IO[bytes]) -> BankError:
    complaints.seek(0)
    last = complaints.read()[-4000:].decode("utf-8", "replace").strip().rpartition("\n")[2]
    more = f" ({last})" if last and last not in what else ""
    return BankError(
        f"Fetching the website stopped: {what}{more}",
        "What was fetched is kept; run it again to go on from there.",
    )


def _close(pipe: IO[str]) -> None:
    with contextlib.suppress(BrokenPipeError):  # what was not sent to a child that has gone
        pipe.close()
