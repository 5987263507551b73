import pytest

from facewitness.sources.website import scope_of
from tests.unit.sources.website.crawling import record


@pytest.mark.parametrize(
    ("start", "scope", "inside", "outside"),
    [
        ("https://example.org/a", (), "http://example.org/b", "https://www.example.org/"),
        ("http://example.org:8000/a", (), "http://example.org:8000/b", "http://example.org/b"),
        ("http://[::1]:8000/", (), "http://[::1]:8000/b", "http://[::1]/b"),
        ("https://Exämple.org/", (), "https://xn--exmple-cua.org/", "https://example.org/"),
        ("https://example.org/", ("*.example.org",), "https://www.example.org/", "https://example.com/"),
    ],
)
def test_without_a_scope_it_is_the_host_of_the_start(
    start: str, scope: tuple[str, ...], inside: str, outside: str
) -> None:
    belongs = scope_of(record(start, *scope))
    assert (belongs.allows(inside), belongs.allows(outside)) == (True, False)
