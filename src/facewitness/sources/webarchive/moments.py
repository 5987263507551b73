"""Times as archives write them, and as their index keeps them."""

from datetime import UTC, datetime, timedelta

from facewitness.terms.dates import span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(text: str) -> datetime | None:
    """A time as `WARC-Date` has it, to the year or to the nanosecond, in UTC; None where it is none."""
    try:
        return span(text)[0]
    except ValueError:
        return None


def microseconds(at: datetime | None) -> int | None:
    """A time as it is kept: microseconds since 1970."""
    return None if at is None else (at - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(number: int | None) -> datetime | None:
    """The time that is kept so."""
    return None if number is None else _EPOCH + timedelta(microseconds=number)
