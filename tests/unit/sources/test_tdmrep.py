"""tdmrep.json is read to the letter of the report, and later words replace earlier ones in its order alone."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.preferences import from_headers, from_metas, reserving
from facewitness.sources.tdmrep import combined, parse
from facewitness.terms.provenance import Preference

RULES = [
    {"location": "/directory-a/", "tdm-reservation": 1},
    {
        "location": "/directory-b/html/",
        "tdm-reservation": 1,
        "tdm-policy": "https://provider.example/policies/policy.json",
    },
    {"location": "/directory-b/images/*.jpg", "tdm-reservation": 0},
]


def file(*rules: object) -> bytes:
    return json.dumps(rules).encode()


def said(path: str, *rules: object) -> tuple[str, bool] | None:
    found = parse(file(*rules)).preference(path)
    return (found.value, found.reserves) if found else None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/directory-a/x.pdf", ("1", True)),
        ("/directory-b/html/x", ("1 https://provider.example/policies/policy.json", True)),
        ("/directory-b/images/a/x.jpg", ("0", False)),
        ("/directory-b/images/x.png", None),
        ("/Directory-A/x.pdf", None),
        ("/", None),
    ],
)
def test_the_example_of_the_report(path: str, expected: tuple[str, bool] | None) -> None:
    assert said(path, *RULES) == expected


def test_the_first_rule_that_applies_is_meant_not_the_longest() -> None:
    wide, narrow = ({"location": at, "tdm-reservation": n} for at, n in (("/", 1), ("/open/", 0)))
    assert said("/open/x", wide, narrow) == ("1", True)
    assert said("/open/x", narrow, wide) == ("0", False)


@pytest.mark.parametrize(
    ("location", "path", "expected"),
    [
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/*/a.jpg$", "/x/y/a.jpg", True),
        ("/*.jpg$", "/a.jpg?width=300", True),
        ("/a?b", "/a?b=1", True),
        ("/%7Ea", "/~a", True),
    ],
)
def test_stars_and_the_dollar_are_those_of_robots_txt(location: str, path: str, expected: bool) -> None:
    assert (said(path, {"location": location, "tdm-reservation": 1}) is not None) is expected


@pytest.mark.parametrize("value", [2, -1, "1", "0", True, False, [1], {"a": 1}, 0.5])
def test_any_other_value_leaves_the_reservation_unset_and_is_kept(value: object) -> None:
    rules = [{"location": "/", "tdm-reservation": value}, {"location": "/", "tdm-reservation": 1}]
    found = parse(file(*rules)).preference("/a")
    assert found == Preference("tdmrep.json", json.dumps(value), reserves=False)
    headers = from_headers([("tdm-reservation", "1")])
    assert reserving(combined(found, headers, []))


@pytest.mark.parametrize(
    "rule",
    [
        {"location": "/"},
        {"tdm-reservation": 0},
        {"location": "", "tdm-reservation": 0},
        {"location": None, "tdm-reservation": 0},
        {"location": ["/"], "tdm-reservation": 0},
        {"location": "/", "tdm-reservation": None},
        [],
        "/",
        None,
        3,
    ],
)
def test_what_is_no_rule_is_passed_over(rule: object) -> None:
    assert said("/a", rule, {"location": "/", "tdm-reservation": 1}) == ("1", True)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "policy.json", 3, None])
def test_a_policy_that_is_no_web_address_is_not_kept(address: object) -> None:
    assert said("/", {"location": "/", "tdm-reservation": 1, "tdm-policy": address}) == ("1", True)


def test_a_policy_without_a_reservation_is_not_read() -> None:
    rule = {"location": "/", "tdm-reservation": 0, "tdm-policy": "https://one.example/"}
    assert said("/", rule) == ("0", False)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not JSON"),
        (b"<!doctype html>", "not JSON"),
        (b'[{"location": "/", "tdm-reservation": 1},]', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"location": "/", "tdm-reservation": 1}', "not an array of rules"),
        (b"1", "not an array of rules"),
    ],
)
def test_a_file_that_is_no_array_says_nothing_and_the_steward_can_be_told(data: bytes, problem: str) -> None:
    found = parse(data)
    assert found.problem == problem
    assert found.preference("/") is None


def test_a_byte_order_mark_is_tolerated_and_the_digest_is_of_the_file_as_fetched() -> None:
    data = b"\xef\xbb\xbf" + file(*RULES)
    found = parse(data)
    assert found.preference("/directory-a/")
    assert found.digest == hashlib.sha256(data).hexdigest()
    assert found.problem == ""


UNSET, RESERVED, OPEN = None, "1", "0"


@pytest.mark.parametrize(
    ("in_file", "header", "meta", "expected"),
    [
        (UNSET, UNSET, UNSET, False),
        (RESERVED, UNSET, UNSET, True),
        (RESERVED, OPEN, UNSET, False),
        (RESERVED, UNSET, OPEN, False),
        (RESERVED, OPEN, RESERVED, True),
        (OPEN, RESERVED, UNSET, True),
        (OPEN, RESERVED, OPEN, False),
        (UNSET, RESERVED, UNSET, True),
        (RESERVED, "2", "yes", True),
        (RESERVED, RESERVED, "unset", True),
        (OPEN, "0, 1", UNSET, True),
    ],
)
def test_headers_replace_the_file_and_the_page_both_but_silence_replaces_nothing(
    in_file: str | None, header: str | None, meta: str | None, expected: bool
) -> None:
    rule = {"location": "/", "tdm-reservation": int(in_file)} if in_file else None
    told = combined(
        parse(file(rule)).preference("/"),
        from_headers([("tdm-reservation", header)] if header else []),
        from_metas([("tdm-reservation", meta)] if meta else []),
    )
    assert (reserving(told) is not None) is expected
    assert len(told) == sum(one is not None for one in (in_file, header, meta))


def test_in_one_place_the_reservation_counts() -> None:
    headers = from_headers([("tdm-reservation", "1"), ("tdm-reservation", "0")])
    assert reserving(combined(None, headers, []))


def test_other_mechanisms_are_never_lifted() -> None:
    headers = from_headers([("X-Robots-Tag", "noai"), ("tdm-reservation", "0")])
    metas = from_metas([("tdm-reservation", "0")])
    assert reserving(combined(None, headers, metas)) == Preference("x-robots-tag", "noai", reserves=True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["location", "tdm-reservation", "tdm-policy", "note"])
RULE = st.dictionaries(KEYS, st.sampled_from([0, 1, "/", "/a", "*"]) | JSON)


@given(st.binary(max_size=100) | st.lists(RULE | JSON, max_size=4).map(lambda rules: file(*rules)), st.text())
def test_no_bytes_raise(data: bytes, path: str) -> None:
    found = parse(data).preference(path)
    assert found is None or found.value.isprintable()


NO_RULE = JSON.filter(lambda one: not isinstance(one, dict)) | st.fixed_dictionaries({"note": JSON})


@given(st.lists(NO_RULE, max_size=3), st.dictionaries(st.text(max_size=5), JSON, max_size=3), st.lists(RULE))
def test_noise_around_a_rule_never_undoes_it(
    before: list[object], beside: dict[str, object], after: list[object]
) -> None:
    rule = beside | {"location": "/photos/", "tdm-reservation": 1}
    found = parse(file(*before, rule, *after)).preference("/photos/a.jpg")
    assert found is not None
    assert found.reserves
