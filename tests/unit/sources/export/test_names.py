"""A path in an export is what it is within the export, and never leads out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.export.names import MAX_NAME, in_messages, inside
from facewitness.terms.provenance import SkippedPhoto, SkipReason


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("media/posts/a.jpg", "media/posts/a.jpg"),
        ("./media//posts/a.jpg", "media/posts/a.jpg"),
        ("media\\posts\\a.jpg", "media/posts/a.jpg"),
        ("instagram-name-2024/media/posts/a.jpg", "media/posts/a.jpg"),
        ("takeout-001/Takeout/Google Photos/media/a.jpg", "Takeout/Google Photos/media/a.jpg"),
        ("Takeout/Google Photos/posts/a.jpg", "Takeout/Google Photos/posts/a.jpg"),
        ("x/connections/contacts/media/posts/a.jpg", "connections/contacts/media/posts/a.jpg"),
        ("somewhere/else/a.jpg", "somewhere/else/a.jpg"),
        ("a/media", "a/media"),
    ],
)
def test_the_folder_into_which_it_was_unpacked_is_no_part_of_a_path(written: str, path: str) -> None:
    assert inside(written) == path


@pytest.mark.parametrize(
    "written",
    ["/etc/passwd", "../a.jpg", "media/../../a.jpg", "..\\a.jpg", "C:\\a.jpg", "c:a.jpg", "\\\\host\\a.jpg"],
)
def test_a_path_that_leads_out_is_refused(written: str) -> None:
    found = inside(written)
    assert isinstance(found, SkippedPhoto)
    assert found.reason is SkipReason.OUTSIDE_SOURCE


@pytest.mark.parametrize("written", ["", ".", "a\0.jpg", "caf\udce9.jpg", "x" * (MAX_NAME + 1)])
def test_a_name_that_cannot_be_kept_is_refused_by_one_that_can(written: str) -> None:
    found = inside(written)
    assert isinstance(found, SkippedPhoto)
    assert found.reason is SkipReason.ODD_NAME
    assert 0 < len(found.path.encode()) <= 4 * MAX_NAME


@given(st.text() | st.lists(st.sampled_from(["..", ".", "", "media", "C:", "\\", "a"])).map("/".join))
def test_whatever_is_written_the_path_is_relative_and_stays_within(written: str) -> None:
    found = inside(written)
    if isinstance(found, str):
        assert not {"", ".", ".."} & set(found.split("/"))
        assert inside("wrapped/" + found) in (found, f"wrapped/{found}")


def test_a_thread_s_folder_which_bears_names_is_left_out_of_a_message_s_path() -> None:
    assert in_messages("messages/inbox/somebody_123/photos/a.jpg") == "messages/…/a.jpg"
    assert in_messages("media/posts/messages.jpg") == ""
