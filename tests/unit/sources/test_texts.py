from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.texts import MAX_TEXT, clean, one_line


@given(st.text())
def test_what_is_kept_of_any_text_is_one_line_that_can_be_shown(text: str) -> None:
    for keep in (clean, one_line):
        kept = keep(text)
        assert kept.isprintable()
        assert len(kept) <= MAX_TEXT
        assert keep(kept) == kept


def test_the_spaces_of_a_caption_are_kept_and_those_of_a_page_are_not() -> None:
    assert clean(" A  rally\t1936\n") == "A  rally 1936"
    assert one_line(" A  rally\t1936\n") == "A rally 1936"


def test_a_control_character_joins_nothing_on_a_page() -> None:
    assert one_line("A\0rally\x1b1936") == "A rally 1936"


def test_an_overlong_text_is_cut() -> None:
    assert clean("a" * 20_000) == "a" * MAX_TEXT
    assert one_line("a" * 20_000, 10) == "a" * 10
