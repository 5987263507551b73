"""A date as people know it stands for a span of time."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.terms.dates import span


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2013", "2013-01-01T00:00:00", "2013-12-31T23:59:59.999999"),
        ("2012-02", "2012-02-01T00:00:00", "2012-02-29T23:59:59.999999"),
        (" 2012-05-01 ", "2012-05-01T00:00:00", "2012-05-01T23:59:59.999999"),
        ("2012-05-01T12:30", "2012-05-01T12:30:00", "2012-05-01T12:30:00"),
        ("2012-05-01T12:30:00+02:00", "2012-05-01T10:30:00", "2012-05-01T10:30:00"),
    ],
)
def test_a_year_a_month_a_day_and_a_moment_each_have_a_beginning_and_an_end(
    text: str, first: str, last: str
) -> None:
    assert span(text) == tuple(datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (first, last))


@pytest.mark.parametrize(
    "text", ["", "last summer", "2013-13", "2013-00", "0000", "13", "2013-02-30", "9999-12-31T23:59-12:00"]
)
def test_what_is_no_date_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        span(text)


@given(st.text(max_size=30))
def test_any_text_is_a_span_or_a_value_error(text: str) -> None:
    try:
        first, last = span(text)
    except ValueError:
        return
    assert first <= last
    assert first.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1000, 1, 1)))  # noqa: DTZ001  (naive on purpose)
def test_a_day_lies_in_its_month_and_its_month_in_its_year(moment: datetime) -> None:
    spans = [span(moment.isoformat()[:length]) for length in (10, 7, 4)]
    for (first, last), (begins, ends) in itertools.pairwise(spans):
        assert begins <= first <= last <= ends
