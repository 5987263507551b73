"""Dates as people know them: a year, a month, a day or a moment, each a span of time."""

import calendar
import re
from datetime import UTC, datetime

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?")


def span(text: str) -> tuple[datetime, datetime]:
    """First and last moment of what `text` names: `2013`, `2013-05`, `2013-05-01` or an ISO 8601 time.

    In UTC, which is also taken where no zone is given. ValueError where it is none of these.
    """
    text = text.strip()
    if partial := _PARTIAL.fullmatch(text):
        year, month = int(partial[1]), partial[2]
        first, last = (int(month), int(month)) if month else (1, 12)
        days = calendar.monthrange(year, last)[1] if 1 <= last <= 12 else 0
        return datetime(year, first, 1, tzinfo=UTC), _end(datetime(year, last, days, tzinfo=UTC))
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from None
    day_alone = len(text) <= len("2013-05-01")
    return moment, _end(moment) if day_alone else moment


def _end(day: datetime) -> datetime:
    return day.replace(hour=23, minute=59, second=59, microsecond=999_999)
