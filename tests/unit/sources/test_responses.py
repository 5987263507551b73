import pytest

from facewitness.sources.responses import begins_as_page, charset, first_header, media_type


def test_of_a_header_that_is_repeated_the_first_counts_in_any_case() -> None:
    headers = (("ETag", "a"), ("Location", "/one"), ("location", "/two"))
    assert first_header(headers, "location") == "/one"
    assert first_header(headers, "content-type") == ""


@pytest.mark.parametrize(
    ("written", "kind", "encoding"),
    [
        ("", "", ""),
        (" Text/HTML ;charset=UTF-8", "text/html", "UTF-8"),
        ("text/html; a=b; Charset = 'koi8-r'; c", "text/html", "koi8-r"),
        ('text/html; charset="latin-1"', "text/html", "latin-1"),
    ],
)
def test_a_content_type_is_a_type_and_perhaps_a_charset(written: str, kind: str, encoding: str) -> None:
    assert media_type(written) == kind
    assert charset(written) == encoding


@pytest.mark.parametrize(
    ("content", "is_page"),
    [
        (b"\n <!DOCTYPE html>", True),
        (b"<BODY class=a>", True),
        (b"<header>", False),
        (b"text <html>", False),
        (b"", False),
    ],
)
def test_a_page_is_known_by_how_it_begins(content: bytes, is_page: bool) -> None:
    assert begins_as_page(content) is is_page
