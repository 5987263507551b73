"""Only http and https are addresses here, and a path is what a server would be asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.urls import authority_of, host_of, is_host_name, is_http, path_of

NONE = [
    "",
    "/a",
    "//one.example/a",
    "ftp://one.example/a",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://",
    "https:///a",
    "https://./",
    "https://[::1/a",
    "https://one.example:0/",
    "https://one.example:99999/",
    "https://one.example:x/",
    "https://one.example/" + "a" * 8_000,
]


@pytest.mark.parametrize("url", NONE)
def test_what_is_no_web_address_has_neither_path_nor_authority(url: str) -> None:
    assert not is_http(url)
    assert path_of(url) is None
    assert authority_of(url) is None
    assert host_of(url) == ""


@pytest.mark.parametrize(
    "url", ["https://one.example/a b", "https://one.example/\n", "https://one.example/\0"]
)
def test_an_address_with_spaces_or_control_characters_is_no_link(url: str) -> None:
    assert not is_http(url)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://one.example", "/"),
        ("HTTP://one.example?q", "/?q"),
        ("https://one.example/a;b?c=/../d#e", "/a;b?c=/../d"),
        ("https://one.example/a?", "/a?"),
        ("https://one.example/a#b?c", "/a"),
        ("https://one.example//a/...", "//a/..."),
        ("https://one.example/a/../b", None),
        ("https://one.example/a/.%2E/b", None),
        ("https://one.example/./b", None),
        ("https://one.example/a/%2e", None),
    ],
)
def test_a_path_has_its_query_and_no_steps(url: str, path: str | None) -> None:
    assert path_of(url) == path


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://One.Example/a", "https://one.example:443"),
        ("https://one.example:443", "https://one.example:443"),
        ("http://one.example./a", "http://one.example:80"),
        ("http://one.example:8080", "http://one.example:8080"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]:80"),
        ("https://name:word@one.example/", "https://one.example:443"),
    ],
)
def test_an_authority_is_scheme_host_and_port(url: str, authority: str) -> None:
    assert authority_of(url) == authority


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://One.Example:8443/a", "one.example"),
        ("https://name:word@one.example./", "one.example"),
        ("http://[2001:DB8::1]:80/", "2001:db8::1"),
    ],
)
def test_a_host_has_neither_port_nor_name_nor_brackets(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "text", ["", ".", "One.example", "one..example", "one.example.", "one:80", "ü.example"]
)
def test_what_could_not_stand_in_an_address_is_no_name_of_a_host(text: str) -> None:
    assert not is_host_name(text)


@given(st.text() | st.text().map("https://".__add__) | st.text().map("https://one.example/".__add__))
def test_no_text_raises(url: str) -> None:
    if is_http(url):
        assert authority_of(url)
    path = path_of(url)
    assert path is None or path.startswith("/")
