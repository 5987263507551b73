"""Patterns of paths mean what RFC 9309 says, and cost no more than the path is long."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.patterns import Pattern, canonical, comparable


def applies(pattern: str, path: str) -> bool:
    return Pattern(pattern).applies(comparable(path))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/", "/anything", True),
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish", False),
        ("/fish/", "/fish", False),
        ("/*.jpg", "/a/b.jpg?w=1", True),
        ("/*.jpg$", "/a/b.jpg?w=1", False),
        ("/*.jpg$", "/a/b.jpg", True),
        ("/this/path/exactly$", "/this/path/exactly", True),
        ("/this/path/exactly$", "/this/path/exactly/", False),
        ("/this/*/exactly", "/this/path/exactly", True),
        ("*", "/", True),
        ("*.gif", "/a.gif", True),
        ("/ab*b$", "/ab", False),
        ("/a**b", "/acb", True),
        ("fish", "/fish", False),
        ("", "/fish", True),
        ("/path/foo-%24", "/path/foo-$", True),
        ("/a%2Ab", "/a*b", True),
        ("/a%2Ab", "/acb", False),
        ("/a$b", "/a$b", True),
        ("/a$", "/a$", False),
        ("/~user", "/%7Euser", True),
        ("/%7euser", "/~user", True),
        ("/a%2fb", "/a%2Fb", True),
        ("/a%2Fb", "/a/b", False),
        ("/a?b", "/a%3Fb", False),
        ("/ツ", "/%E3%83%84", True),
        ("/%e3%83%84", "/ツ", True),
        ("/%E9", "/%E8", False),
        ("/a b", "/a%20b", True),
        ('/"', "/%22", True),
        ("/100%", "/100%", True),
        ("/100%", "/100%25", True),
    ],
)
def test_a_pattern_applies(pattern: str, path: str, expected: bool) -> None:
    assert applies(pattern, path) is expected


def test_the_octets_of_a_pattern_are_those_of_its_escapes() -> None:
    assert [Pattern(text).octets for text in ("/a", "/a$", "/%7E", "/ツ")] == [2, 3, 2, 10]


def test_many_stars_cost_no_time() -> None:
    began = time.process_time()
    assert not applies("/" + "a*" * 5_000 + "c$", "/" + "a" * 20_000 + "b")
    assert time.process_time() - began < 2


FEW = st.text(alphabet="/ab*$%41", max_size=8)


@given(FEW, st.text(alphabet="/ab", max_size=8).map("/".__add__))
def test_a_pattern_is_a_regular_expression_of_two_signs(pattern: str, path: str) -> None:
    written = canonical(pattern)
    body, end = (written[:-1], "") if written.endswith("$") else (written, ".*")
    expression = ".*".join(re.escape(part) for part in body.split("*")) + end
    assert applies(pattern, path) is bool(re.fullmatch(expression, path))


@given(st.text())
def test_the_canonical_form_is_ascii_and_its_own(text: str) -> None:
    once = canonical(text)
    assert once.isascii()
    assert canonical(once) == once


@given(st.text(min_size=1), st.text())
def test_a_path_s_own_text_applies_to_it_and_to_what_goes_on_from_it(start: str, more: str) -> None:
    literal = comparable("/" + start)
    assert Pattern(literal).applies(literal)
    assert Pattern(literal).applies(literal + comparable(more))
