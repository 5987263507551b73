"""What headers and pages say about use: reservations are seen whatever stands around them, and all is kept."""

import string
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from facewitness.sources.preferences import MAX_STATEMENTS, from_headers, from_metas, reserving
from facewitness.sources.statements import MAX_VALUE, RESERVING
from facewitness.terms.provenance import Preference

RESERVED = [
    ("X-Robots-Tag", "noai"),
    ("X-Robots-Tag", "noimageai"),
    ("X-Robots-Tag", "noml"),
    ("X-Robots-Tag", "noindex"),
    ("X-Robots-Tag", "noimageindex"),
    ("X-Robots-Tag", "none"),
    ("x-robots-tag", "NoIndex, NoFollow"),
    ("X-Robots-Tag", "nofollow noindex"),
    ("X-Robots-Tag", "noarchive;noai"),
    ("X-Robots-Tag", "googlebot: noindex"),
    ("X-Robots-Tag", "googlebot: nofollow, otherbot: noindex, nofollow"),
    ("X-Robots-Tag", "facewitness:noai"),
    ("X-Robots-Tag", "unavailable_after: Friday, 25-Jun-10 15:00:00 GMT, noindex"),
    ("X-Robots-Tag", "noai, unavailable_after: 25 Jun 2010 15:00:00 PST"),
    ("X-Robots-Tag", "max-image-preview: none, noindex"),
    ("X-Robots-Tag", "index, noindex"),
    ("TDM-Reservation", "1"),
    ("tdm-reservation", " 1 "),
    ("tdm-reservation", "0, 1"),
    ("Content-Usage", "train-ai=n"),
    ("Content-Usage", "train-ai=y, search=n"),
    ("Content-Usage", "ai-use=n;because=asked"),
    ("Content-Usage", "something-new=n"),
    ("Content-Usage", 'train-ai = "n"'),
    ("Content-Signal", "search=yes, ai-train=no"),
    ("Content-Signal", "search=no"),
    ("content-signal", "AI-TRAIN=NO"),
]
LEFT_OPEN = [
    ("X-Robots-Tag", "all"),
    ("X-Robots-Tag", "index, follow"),
    ("X-Robots-Tag", "nofollow, noarchive, nosnippet"),
    ("X-Robots-Tag", "max-image-preview: none"),
    ("X-Robots-Tag", "max-image-preview:none, max-snippet:-1"),
    ("X-Robots-Tag", "unavailable_after: Friday, 25-Jun-10 15:00:00 GMT"),
    ("X-Robots-Tag", "noindexing"),
    ("X-Robots-Tag", "not-noindex"),
    ("tdm-reservation", "0"),
    ("tdm-reservation", "2"),
    ("tdm-reservation", "10"),
    ("tdm-reservation", "yes"),
    ("tdm-policy", "https://one.example/policy.json"),
    ("Content-Usage", "train-ai=y, search=y"),
    ("Content-Usage", "train-ai=maybe"),
    ("Content-Usage", "n"),
    ("Content-Usage", "train-ai=none"),
    ("Content-Signal", "search=yes, ai-train=yes"),
    ("Content-Signal", "use=reference"),
]


def reserves(name: str, value: str) -> bool:
    return reserving(from_headers([(name, value)])) is not None


@pytest.mark.parametrize(("name", "value"), RESERVED)
def test_a_reservation_in_a_header_reserves(name: str, value: str) -> None:
    assert reserves(name, value)


@pytest.mark.parametrize(("name", "value"), LEFT_OPEN)
def test_what_allows_or_is_not_known_is_kept_and_reserves_nothing(name: str, value: str) -> None:
    assert from_headers([(name, value)]) == (Preference(name.lower(), value, reserves=False),)


def test_repeated_headers_count_each() -> None:
    found = from_headers(
        [("X-Robots-Tag", "googlebot: nofollow"), ("Date", "today"), ("X-Robots-Tag", "otherbot: noindex")]
    )
    assert [(one.value, one.reserves) for one in found] == [
        ("googlebot: nofollow", False),
        ("otherbot: noindex", True),
    ]


def test_a_header_that_allows_does_not_outvote_one_that_reserves() -> None:
    first, *_ = RESERVED
    said = from_headers([("X-Robots-Tag", "all"), first, ("X-Robots-Tag", "facewitness: all")])
    assert reserving(said) == Preference("x-robots-tag", "noai", reserves=True)


@pytest.mark.parametrize(
    "name", ["robots", "ROBOTS", " robots ", "googlebot", "Googlebot-Image", "facewitness", "GPTBot", "slurp"]
)
def test_a_page_speaks_to_robots_in_general_or_by_name(name: str) -> None:
    found = reserving(from_metas([(name, "noindex, follow")]))
    assert found == Preference(f"meta {name.strip().lower()}", "noindex, follow", reserves=True)


@pytest.mark.parametrize(
    "name", ["description", "keywords", "author", "twitter:title", "viewport", "", "robot s"]
)
def test_the_rest_of_a_page_s_head_says_nothing_about_use(name: str) -> None:
    assert from_metas([(name, "none, noindex, noai")]) == ()


@pytest.mark.parametrize(("content", "expected"), [("1", True), ("0", False), ("true", False)])
def test_a_page_reserves_text_and_data_mining(content: str, expected: bool) -> None:
    [found] = from_metas([("TDM-Reservation", content)])
    assert found == Preference("meta tdm-reservation", content, expected)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "/policy.json", "ftp://one.example/p", "", "https://"]
)
def test_a_policy_that_is_no_web_address_is_not_kept(address: str) -> None:
    assert from_headers([("tdm-policy", address)]) == ()
    assert from_metas([("tdm-policy", address)]) == ()


def test_values_are_bounded_and_still_read_whole() -> None:
    [found] = from_headers([("X-Robots-Tag", "nofollow, " * 10_000 + "noindex")])
    assert found.reserves
    assert len(found.value) == MAX_VALUE


@pytest.mark.parametrize("text", ["max-" * 50_000, "=" * 200_000, "= " * 100_000, "a" * 200_000])
def test_a_long_value_costs_no_more_than_its_length(text: str) -> None:
    began = time.process_time()
    for name in ("X-Robots-Tag", "Content-Usage", "tdm-reservation", "tdm-policy"):
        from_headers([(name, text)])
    from_metas([(text, text), ("robots", text)])
    assert time.process_time() - began < 3


def test_of_very_many_statements_the_reserving_ones_are_kept() -> None:
    said = [("X-Robots-Tag", f"max-snippet:{n}") for n in range(5 * MAX_STATEMENTS)]
    found = from_headers([*said, ("X-Robots-Tag", "noai"), *said])
    assert len(found) == MAX_STATEMENTS
    assert reserving(found) == Preference("x-robots-tag", "noai", reserves=True)


def test_a_statement_is_one_line_of_text_that_can_be_stored() -> None:
    [found] = from_headers([("X-Robots-Tag", "noai,\r\n\x00 no\tfollow\ud800")])
    assert found == Preference("x-robots-tag", "noai, no follow", reserves=True)


NAMES = st.sampled_from([name for name, _ in LEFT_OPEN]) | st.text(max_size=20)
PAIRS = st.lists(st.tuples(NAMES, st.text(max_size=60)), max_size=5)


@given(PAIRS)
def test_nothing_raises_and_nothing_grows(said: list[tuple[str, str]]) -> None:
    for found in (from_headers(said), from_metas(said)):
        for one in found:
            assert len(one.value) <= MAX_VALUE
            assert one.value.isprintable()
            f"{one.signal}{one.value}".encode()


@given(PAIRS, st.sampled_from(RESERVED), PAIRS)
def test_other_headers_never_undo_a_reservation(
    before: list[tuple[str, str]], said: tuple[str, str], after: list[tuple[str, str]]
) -> None:
    assert reserving(from_headers([*before, said, *after]))


APART = st.text(alphabet=string.whitespace + ",;:", min_size=1, max_size=3)
CASED = st.sampled_from(RESERVING).flatmap(
    lambda word: st.tuples(*[st.sampled_from([one, one.upper()]) for one in word]).map("".join)
)


@given(st.text(max_size=30), APART, CASED, APART, st.text(max_size=30))
def test_other_words_never_undo_a_directive(
    before: str, left: str, word: str, right: str, after: str
) -> None:
    assume("max-" not in before.lower())  # `max-image-preview: none` is another word
    value = f"{before}{left}{word}{right}{after}"
    assert reserves("X-Robots-Tag", value)
    assert reserving(from_metas([("robots", value)]))


USAGES = st.sampled_from([("Content-Usage", "train-ai=n"), ("Content-Signal", "ai-train=no")])


@given(st.text(max_size=30), USAGES, st.sampled_from([",", ";", " ", "\t", ", "]), st.text(max_size=30))
def test_other_members_never_undo_a_refusal(
    before: str, said: tuple[str, str], apart: str, after: str
) -> None:
    name, refusal = said
    assert reserves(name, f"{before}{apart}{refusal}{apart}{after}")


@given(st.lists(st.sampled_from(["all", "index", "follow", "nofollow", "noarchive", "nosnippet"])))
def test_words_that_reserve_nothing_never_reserve_together(words: list[str]) -> None:
    assert not reserves("X-Robots-Tag", ", ".join(words))
