"""Each image that a page shows is found, however the page names it, with the text beside it."""

import time
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.texts import MAX_TEXT
from facewitness.sources.urls import MAX_URL
from facewitness.sources.webarchive.addresses import address_key, has_image_ending, resolve, web_address
from facewitness.sources.webarchive.elements import from_srcset
from facewitness.sources.webarchive.moments import moment
from facewitness.sources.webarchive.pages import MAX_PAGE, Embed, Page, read_page

URL = "https://one.example/folder/page"
HERE = "https://one.example/folder/"


def page(text: str, url: str = URL) -> Page:
    return read_page(text.encode(), "utf-8", url)


def shown(text: str, url: str = URL) -> list[str]:
    """The addresses of the images, less the folder of the page."""
    return [one.url.removeprefix(HERE) for one in page(text, url).embeds]


def captions(text: str) -> list[str]:
    return [one.caption for one in page(text).embeds]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<img src=a.jpg>", ["a.jpg"]),
        ("<IMG SRC='a.jpg'>", ["a.jpg"]),
        ("<img src='  a.jpg\n'>", ["a.jpg"]),
        ("<img src=a.jpg srcset='b.jpg 1x, c.jpg 2x'>", ["a.jpg", "b.jpg", "c.jpg"]),
        ("<img src=a.jpg srcset='a.jpg 1x'>", ["a.jpg"]),
        ("<img data-src=a.jpg>", ["a.jpg"]),
        ("<img src='data:image/gif;base64,R0lGOD' data-original=a.jpg>", ["a.jpg"]),
        ("<img data-lazy-src=a.jpg data-lazy-srcset='b.jpg 2x'>", ["a.jpg", "b.jpg"]),
        ("<img data-srcset='a.jpg 100w,b.jpg 200w'>", ["a.jpg", "b.jpg"]),
        ("<amp-img src=a.jpg></amp-img>", ["a.jpg"]),
        ("<noscript><img src=a.jpg></noscript>", ["a.jpg"]),
        (
            "<picture><source srcset='a.webp, b.webp 2x'><img src=a.jpg></picture>",
            ["a.webp", "b.webp", "a.jpg"],
        ),
        ("<picture><source data-srcset=a.webp><img></picture>", ["a.webp"]),
        ("<video><source src=a.mp4></video>", []),
        ("<picture></picture><video><source src=a.mp4></video>", []),
        ("<meta property=og:image content=a.jpg>", ["a.jpg"]),
        ("<meta property=og:image:secure_url content=a.jpg>", ["a.jpg"]),
        ("<meta name=twitter:image content=a.jpg>", ["a.jpg"]),
        ("<meta property=og:url content=a.jpg>", []),
        ("<link rel=image_src href=a.jpg>", ["a.jpg"]),
        ("<LINK REL=IMAGE_SRC HREF=a.jpg>", ["a.jpg"]),
        (f"<img src='/{'a' * MAX_URL}'>", []),
        ("<link rel=stylesheet href=a.css>", []),
        ("<a href=a.jpg>full size</a>", ["a.jpg"]),
        ("<a href='A.JPG?download=1#top'>full size</a>", ["A.JPG?download=1"]),
        ("<a href=a.html>page</a><a href='b.html?of=a.jpg'>page</a>", []),
        (
            "<img src=''><img src='#'><img><img src='javascript:alert(1)'><img src='http://'>",
            ["page", "http://"],
        ),
        (
            "<img src=/a.jpg><img src=//two.example/a.jpg>",
            ["https://one.example/a.jpg", "https://two.example/a.jpg"],
        ),
        ("<img src=../a.jpg>", ["https://one.example/a.jpg"]),
        (
            "<!-- <img src=a.jpg> --><script>'<img src=a.jpg>'</script><template><img src=a.jpg></template>",
            [],
        ),
        ("<img src='http://[broken/a.jpg'><img src=b.jpg>", ["http://[broken/a.jpg", "b.jpg"]),
        ("<base href='https://two.example/x/'><img src=a.jpg>", ["https://two.example/x/a.jpg"]),
        ("<base href='x/'><img src=a.jpg>", ["x/a.jpg"]),
        ("<base href='javascript:x'><img src=a.jpg>", ["a.jpg"]),
        ("", []),
    ],
)
def test_an_image_is_found_where_html_or_a_script_may_name_it(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<img src=a.jpg alt='A  caption\n here'>", ["A caption here"]),
        ("<img src=a.jpg>", [""]),
        (
            "<figure><img src=a.jpg alt=alt><figcaption>Two <b>people</b></figcaption></figure>",
            ["Two people"],
        ),
        (
            "<FIGURE><A href=b.html><P><IMG src=a.jpg></P></A><FIGCAPTION>Caption</FIGCAPTION></FIGURE>",
            ["Caption"],
        ),
        ("<figure><img src=a.jpg alt=alt><figcaption></figcaption></figure>", ["alt"]),
        ("<figure><figcaption>Caption</figcaption></figure><img src=a.jpg alt=alt>", ["alt"]),
        ("<figure><img src=a.jpg><img src=b.jpg><figcaption>Both</figcaption></figure>", ["Both", "Both"]),
        ("<picture><source srcset=a.webp><img src=a.jpg alt=alt></picture>", ["alt", "alt"]),
        ("<a href=a.jpg><img src=b.jpg alt=alt></a>", ["alt", "alt"]),
        ("<a href=a.jpg>The words of the link</a>", ["The words of the link"]),
        ("<a href=a.jpg>The words</a><img src=b.jpg alt=alt>", ["The words", "alt"]),
        ("<figure><figcaption>1</figcaption><img src=a.jpg><figcaption>2</figcaption></figure>", ["1"]),
        ("<meta property=og:image content=a.jpg><img src=a.jpg alt=alt>", ["alt"]),
        ("<img src=a.jpg alt=first><img src=a.jpg alt=second>", ["first"]),
    ],
)
def test_the_caption_is_the_figcaption_or_else_the_alternative_text(text: str, expected: list[str]) -> None:
    assert captions(text) == expected


def test_title_and_metas_are_read() -> None:
    found = page(
        "<title>A\n title</title><meta name=ROBOTS content=noai><meta name=empty><meta charset=utf-8>"
    )
    assert found.title == "A title"
    assert found.metas == (("ROBOTS", "noai"),)


GERMAN = "<title>Größe</title><img src=ä.jpg alt=Äpfel>"
RUSSIAN = "<title>Снимок</title><img src=a.jpg alt=Люди>"


@pytest.mark.parametrize(
    ("data", "charset", "title", "caption"),
    [
        (GERMAN.encode(), "utf-8", "Größe", "Äpfel"),
        (GERMAN.encode(), "UTF8", "Größe", "Äpfel"),
        (GERMAN.encode(), "", "Größe", "Äpfel"),
        (GERMAN.encode("latin-1"), "iso-8859-1", "Größe", "Äpfel"),
        (b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), "", "Снимок", "Люди"),
        (b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), "nonsense", "Снимок", "Люди"),
        (b"<meta charset=koi8-r>" + RUSSIAN.encode("cp1251"), "windows-1251", "Снимок", "Люди"),
        (b"<meta charset=utf-16>" + RUSSIAN.encode(), "", "Снимок", "Люди"),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">'
            + RUSSIAN.encode("koi8-r"),
            *("", "Снимок", "Люди"),
        ),
        (b"\xef\xbb\xbf" + GERMAN.encode(), "iso-8859-1", "Größe", "Äpfel"),
        (GERMAN.encode("utf-16"), "", "Größe", "Äpfel"),
        ("<title>写真</title><img src=a.jpg alt=人>".encode("shift_jis"), "Shift_JIS", "写真", "人"),
    ],
)
def test_a_page_is_read_in_its_charset(data: bytes, charset: str, title: str, caption: str) -> None:
    found = read_page(data, charset, URL)
    assert (found.title, [one.caption for one in found.embeds]) == (title, [caption])


def test_bytes_that_are_not_in_the_charset_cost_only_themselves() -> None:
    found = read_page("<title>é".encode() + b"\xff\xe9</title><img src=a.jpg>", "utf-8", URL)
    assert found.title == "é��"
    assert len(found.embeds) == 1


def test_of_an_overlong_page_the_beginning_is_read() -> None:
    text = "<img src=a.jpg>" + " " * MAX_PAGE + "<img src=b.jpg>"
    assert shown(text) == ["a.jpg"]


@pytest.mark.parametrize(
    "piece", ["<div>", "<figure><img src=a.jpg>", "<picture>", "<a href=a.jpg>", "<b><p>"]
)
def test_a_page_that_is_nested_without_end_takes_no_time(piece: str) -> None:
    began = time.process_time()
    page(piece * 20_000 + "<figcaption>x</figcaption><img src=b.jpg>")
    assert time.process_time() - began < 2


def test_no_more_than_two_thousand_elements_are_looked_at() -> None:
    assert len(shown("".join(f"<img src={number}.jpg>" for number in range(3_000)))) == 2_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.jpg", ["a.jpg"]),
        ("a.jpg 1x, b.jpg 2x", ["a.jpg", "b.jpg"]),
        ("a.jpg 1x,b.jpg 2x", ["a.jpg", "b.jpg"]),
        ("a.jpg, b.jpg", ["a.jpg", "b.jpg"]),
        ("\n a.jpg 100w ,\n b.jpg 200w\n", ["a.jpg", "b.jpg"]),
        ("w_1,h_2/a.jpg 1x, w_3,h_4/b.jpg 2x", ["w_1,h_2/a.jpg", "w_3,h_4/b.jpg"]),
        ("a.jpg,b.jpg 2x", ["a.jpg,b.jpg"]),
        (",, a.jpg 1x,, b.jpg,", ["a.jpg", "b.jpg"]),
        ("", []),
        (" , , ", []),
    ],
)
def test_a_srcset_is_read_as_browsers_read_it(text: str, expected: list[str]) -> None:
    assert list(from_srcset(text)) == expected


@given(st.text(alphabet="ab ,\n12xw."))
def test_a_srcset_gives_addresses_without_spaces_and_commas_at_their_ends(text: str) -> None:
    for address in from_srcset(text):
        assert address
        assert address == address.strip(",").strip()


PIECES = st.sampled_from(
    [
        "<img src='",
        "<a href='",
        "<base href='",
        "<figure>",
        "<figcaption>",
        "<picture><source srcset='",
        "'>",
        "</a>",
        "<meta name='",
        "' content='",
        "<title>",
        "</title>",
        "http://",
        "//",
        "[",
        "]",
        "..",
        "\x00",
        "&#0;",
        "é",
        "%e",
    ]
)


@given(
    st.lists(PIECES | st.text(max_size=8)).map("".join), st.sampled_from(["", "utf-8", "utf-16", "x", "big5"])
)
def test_no_page_raises_and_what_it_gives_can_be_kept(text: str, charset: str) -> None:
    found = read_page(text.encode("utf-8", "surrogatepass"), charset, URL)
    assert len(found.title) <= MAX_TEXT
    for one in found.embeds:
        assert isinstance(one, Embed)
        (one.url + one.caption + found.title).encode()
        assert one.url.lower().startswith(("http://", "https://"))
        assert -(2**63) <= address_key(one.url) < 2**63


@given(st.binary(), st.text())
def test_no_bytes_raise(data: bytes, charset: str) -> None:
    read_page(data, charset, URL)


@given(st.text() | st.text().map("http://a/".__add__) | st.text().map("//".__add__), st.text() | st.just(URL))
def test_no_address_raises(reference: str, base: str) -> None:
    for address in (web_address(reference), resolve(base, reference)):
        address.encode()
        assert not any(one.isspace() for one in address)
    address_key(reference)
    has_image_ending(reference)


@given(st.text(alphabet="/.a?=%:").map("/a".__add__) | st.text(alphabet="/.a").map("/".__add__))
def test_a_reference_means_what_the_standard_says(reference: str) -> None:
    assert address_key(resolve(URL, reference)) == address_key(urljoin(URL, reference))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://one.example/a?b", "https://one.example:443/a?b"),
        ("http://one.example:80/a", "https://ONE.example/%61"),
        ("https://one.example", "http://x@one.example/?"),
    ],
)
def test_addresses_that_mean_the_same_have_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    "other",
    [
        "http://one.example:8080/a?b",
        "https://one.example:80/a?b",
        "http://one.example:443/a?b",
        "http://one.example/a",
        "http://one.example/A?b",
    ],
)
def test_addresses_that_may_mean_another_have_another_key(other: str) -> None:
    assert address_key("http://one.example/a?b") != address_key(other)


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", fullmatch=True))
def test_no_time_raises(text: str) -> None:
    moment(text)
