"""The tags of a page that show images are those that a parser of HTML5 finds, in time that grows with the page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resiliparse.parse.html import HTMLTree

from facewitness.sources.webarchive.elements import Elements
from facewitness.sources.webarchive.pages import read_page
from facewitness.sources.webarchive.tags import Tags


def attributes(tag: str) -> dict[str, str]:
    (found,) = Tags(tag)
    return {name: value for name, value in found.attributes().items() if name != "<img"}


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("<img src=a.jpg alt>", {"src": "a.jpg", "alt": ""}),
        ("<img src=\"a'b\" alt='a\"b'>", {"src": "a'b", "alt": 'a"b'}),
        ("<img\nSRC = a.jpg\talt= 'x > y'>", {"src": "a.jpg", "alt": "x > y"}),
        ("<img src=a.jpg/>", {"src": "a.jpg/"}),
        ("<img src='a.jpg'/>", {"src": "a.jpg"}),
        ("<img src='a'alt='b'>", {"src": "a", "alt": "b"}),
        ("<img src=a src=b>", {"src": "a"}),
        ("<img alt=it's src=a>", {"alt": "it's", "src": "a"}),
        (
            "<img src='?a=1&amp;b=2&copy=3&lt;4&#x35;&section=6&no;'>",
            {"src": "?a=1&b=2&copy=3<45&section=6&no;"},
        ),
        ("<img alt='&copy; &eacute &notit; &lt'>", {"alt": "© é &notit; <"}),
        ("<img src=''>", {"src": ""}),
        ("<img>", {}),
    ],
)
def test_attributes_are_read_as_html_writes_them(tag: str, expected: dict[str, str]) -> None:
    assert attributes(tag) == expected


def test_a_letter_that_grows_when_it_is_made_small_moves_nothing() -> None:
    assert [one.written for one in Tags("İİ<IMG SRC=İ.jpg>")] == ["<IMG SRC=İ.jpg>"]


WHOLE = [
    "<img src=1.jpg>",
    "<IMG alt='a > b' SRC='2.jpg?a=1&amp;b=2&lang=en'>",
    '<img class="x" src="3.jpg" alt="it\'s"/>',
    "<p title='<img src=no.jpg>'>text < text</p>",
    "<div class=a><b>text &lt;img src=no.jpg&gt;</b></div>",
    "<!-- <img src=no.jpg> -- > -->",
    "<!--><img src=4.jpg><!---><img src=5.jpg>",
    "<!-- - --!><img src=6.jpg>",
    "<script type='a>b'>if (a < b) '<img src=no.jpg>'</script >",
    "<STYLE>a:before{content:'<img src=no.jpg>'}</STYLE>",
    "<textarea><img src=no.jpg></textarea>",
    "<iframe src=x><img src=no.jpg></iframe>",
    "<template><p><img src=no.jpg></p></template>",
    "<noscript><img src=7.jpg></noscript>",
    "<a href=8.html><img src=8.jpg></a>",
    "<imgs src=no.jpg><image-set src=no.jpg>",
    "<? <p> ?><!x <p>><img src=9.jpg>",
    "</img src=no.jpg></p>",
    "<figure><img src=10.jpg><figcaption>x</figcaption></figure>",
    "<picture><source srcset=no.jpg><img src=11.jpg></picture>",
    "<img =a src=12.jpg b=><img / src = 13.jpg>",
]


@given(st.lists(st.sampled_from(WHOLE)).map("".join))
def test_a_parser_of_html5_finds_the_same_images(text: str) -> None:
    tree = HTMLTree.parse(f"<body>{text}")
    assert tree.document is not None
    expected = [one.getattr("src") for one in tree.document.query_selector_all("img[src]").values()]
    found = [tag.attributes().get("src") for tag in Tags(f"<body>{text}") if tag.name == "img"]
    assert found == expected


LOOSE = st.sampled_from(
    ["<img ", "<a href='x.jpg'", "<figcaption>", "<!--", "-->", "<script>", "=", '"', "'", ">"]
)


@given(st.lists(LOOSE | st.text(max_size=5)).map("".join))
def test_no_text_raises_and_tags_follow_each_other(text: str) -> None:
    last = 0
    for tag in Tags(text):
        assert last <= tag.start < tag.end <= len(text)
        assert text[tag.start : tag.end] == tag.written
        last = tag.end
        tag.attributes()
    Elements(text)


PIECES = [
    *('<img a="', "<img a='\"", "<img =", "<img ", "<!-- -", "<script>", "<style></styl", "<title>", "&amp;"),
    *(
        "<a ",
        "<title></b>",
        "<picture><source srcset=a>",
        "<p <",
        "<p a='<",
        "<a .jp.jp",
        "<a x.jp <",
        "<a href=a.jpg>",
        "<figure><figcaption>",
        "<figcaption><!",
        "<link ",
    ),
]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("end", ["", ">", '">'])
def test_the_time_that_a_page_takes_grows_with_its_length_alone(piece: str, end: str) -> None:
    began = time.process_time()
    read_page((piece * (300_000 // len(piece)) + end).encode(), "utf-8", "https://a.example/")
    assert time.process_time() - began < 3
