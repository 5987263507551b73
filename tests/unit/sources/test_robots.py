"""robots.txt by RFC 9309, case by case, never more open than it says; and what it says about use."""

import ast
import hashlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import facewitness
from facewitness.sources.preferences import reserving
from facewitness.sources.robot_groups import MAX_BYTES
from facewitness.sources.robots import MAX_REDIRECTS, Robots, RobotsAnswer, is_stale, robots_from, robots_url

SITE = "https://one.example"
US = "facewitness"


def allows(rules: str | bytes, path: str, agent: str = US) -> bool:
    """What `rules` say of a path; a text that names no agent is said to all."""
    data = rules.encode() if isinstance(rules, str) else rules
    if b"ser-agent" not in data:
        data = b"User-agent: *\n" + data
    return Robots(data).allows(agent, SITE + path)


# 1
@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Allow: /p\nDisallow: /", "/page", True),
        ("Disallow: /\nAllow: /p", "/page", True),
        ("Allow: /\nDisallow: /admin/", "/admin/x", False),
        ("Disallow: /a/\nAllow: /a/b\nDisallow: /a/b/c", "/a/b/c", False),
        ("Disallow: /ツ\nAllow: /abcd", "/abcd", True),
        ("Allow: /%7Ea/\nDisallow: /~a/bc", "/~a/bc", False),
        ("Allow: /*.php\nDisallow: /private", "/private/x.php", False),
        ("Disallow: /a$\nAllow: /a", "/a", False),
    ],
)
def test_the_longest_rule_in_octets_wins(rules: str, path: str, expected: bool) -> None:
    assert allows(rules, path) is expected


# 2
@pytest.mark.parametrize(
    "rules", ["Allow: /p\nDisallow: /p", "Disallow: /p\nAllow: /p", "Disallow: /*\nAllow: /p"]
)
def test_of_rules_of_equal_length_the_one_that_allows_wins(rules: str) -> None:
    assert allows(rules, "/page")


# 3
def test_where_no_rule_applies_all_is_allowed_and_robots_txt_always_is() -> None:
    assert allows("Disallow: /a", "/b")
    assert allows("", "/b")
    assert allows("Disallow:", "/b")
    assert allows("Disallow: /", "/robots.txt")
    assert not allows("Disallow: /", "/robots.txt?x")
    assert not allows("Disallow: /", "/a/robots.txt")


# 4
@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?x", True),
        ("Disallow: /a*b", "/a/x/by", False),
        ("Disallow: *", "/a", False),
        ("Disallow: /*?", "/a?", False),
        ("Disallow: /a # and more", "/a", False),
        ("Disallow: /a#b", "/a", False),
        ("# Disallow: /a", "/a", True),
        ("Disallow: /\nAllow: /a # and more", "/a", True),
        ("Disallow: /a%2Ab", "/a*b", False),
        ("Disallow: /a%2Ab", "/axb", True),
        ("Disallow: /a%24", "/a$", False),
    ],
)
def test_stars_dollars_and_comments(rules: str, path: str, expected: bool) -> None:
    assert allows(rules, path) is expected


# 5
TWICE = "User-agent: facewitness\nDisallow: /a\n\nUser-agent: b\nDisallow: /\n\n"
TWICE += "User-agent: FACEwitness\nDisallow: /c"


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        (TWICE, "/a", False),
        (TWICE, "/c", False),
        (TWICE, "/b", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: facewitness\nAllow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: facewitness\nDisallow: /b", "/a", True),
        ("User-agent: b\nDisallow: /\n\nUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: b\nUser-agent: facewitness\n\n\nDisallow: /a", "/a", False),
        ("User-agent: b\nDisallow: /", "/a", True),
        ("User-agent: face\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: facewitness-news\nDisallow: /", "/a", True),
        ("User-agent: facewitness/1.0\nDisallow: /", "/a", False),
        (
            "User-agent: *\nSitemap: https://one.example/s.xml\nCrawl-delay: 5\nUser-agent: b\nDisallow: /",
            "/a",
            False,
        ),
        ("Disallow: /a\nCrawl-delay: 9\nUser-agent: *\nDisallow: /b", "/a", True),
        ("User-agent: *bot\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /A", "/a", True),
        ("User-agent: *\nDisallow: /%7ea", "/~a", False),
        ("User-agent: *\nDisallow: /~a", "/%7Ea", False),
        ("User-agent: *\nDisallow: /a%2fb", "/a/b", True),
        ("User-agent: *\nDisallow: /a%2fb", "/a%2Fb", False),
        ("User-agent: *\nDisallow: /ツ", "/%E3%83%84", False),
        ("User-agent: *\nDisallow: /%e3%83%84", "/ツ", False),
    ],
)
def test_groups_agents_and_percent_encoding(rules: str, path: str, expected: bool) -> None:
    assert allows(rules, path) is expected


@pytest.mark.parametrize(
    "agent", ["facewitness", "Facewitness", "facewitness/0.2 (+https://one.example/bot)"]
)
def test_an_agent_is_known_by_its_product_token(agent: str) -> None:
    rules = "User-agent: Facewitness\nDisallow: /a\n\nUser-agent: *\nDisallow: /"
    assert not allows(rules, "/a", agent)
    assert allows(rules, "/b", agent)


@pytest.mark.parametrize("agent", ["", "*", "(none)", "other"])
def test_an_agent_without_a_group_is_one_of_all(agent: str) -> None:
    assert not allows("User-agent: facewitness\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", agent)


# 6
def test_redirects_are_followed_and_what_is_found_there_speaks_for_the_first_authority() -> None:
    assert robots_url("https://one.example/a") == "https://one.example:443/robots.txt"
    assert MAX_REDIRECTS >= 5
    elsewhere = robots_from(200, b"User-agent: *\nDisallow: /a", redirects=MAX_REDIRECTS)
    assert not elsewhere.allows(US, SITE + "/a")
    assert elsewhere.allows(US, SITE + "/b")
    assert robots_from(404, redirects=1).allows(US, SITE + "/a")


@pytest.mark.parametrize("redirects", [MAX_REDIRECTS + 1, 100])
def test_redirects_without_an_end_leave_nothing_open(redirects: int) -> None:
    for status in (200, 404):
        assert not robots_from(status, b"", redirects).allows(US, SITE + "/a")


# 7, stricter than the RFC for 401, 403 and 429
@pytest.mark.parametrize("status", [400, 402, 404, 405, 410, 418, 451, 499])
def test_where_there_is_no_robots_txt_all_is_allowed(status: int) -> None:
    robots = robots_from(status, b"User-agent: *\nDisallow: /")
    assert robots.allows(US, SITE + "/a")
    assert (robots.answer, robots.digest) == (RobotsAnswer.ABSENT, "")


@pytest.mark.parametrize("status", [401, 403, 429])
def test_where_robots_txt_is_withheld_nothing_is_allowed(status: int) -> None:
    robots = robots_from(status, b"User-agent: *\nAllow: /")
    assert not robots.allows(US, SITE + "/a")
    assert robots.allows(US, SITE + "/robots.txt")
    assert (robots.answer, robots.digest) == (RobotsAnswer.WITHHELD, "")


# 8
@pytest.mark.parametrize("status", [None, 0, 100, 199, 201, 204, 206, 301, 304, 307, 500, 503, 599, 999])
def test_where_robots_txt_cannot_be_had_nothing_is_allowed(status: int | None) -> None:
    robots = robots_from(status, b"User-agent: *\nAllow: /")
    assert not robots.allows(US, SITE + "/a")
    assert (robots.answer, robots.digest) == (RobotsAnswer.UNREACHABLE, "")


# 9
def test_an_answer_is_used_for_24_hours_at_most() -> None:
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert not is_stale(now, now)
    assert not is_stale(now - timedelta(hours=24) + timedelta(seconds=1), now)
    assert is_stale(now - timedelta(hours=24), now)
    assert is_stale(now + timedelta(seconds=1), now)


# 10
def test_at_least_500_kib_are_read_and_no_half_line_after_the_last() -> None:
    filler = b"# " + b"x" * 97 + b"\n"
    long_file = b"User-agent: *\n" + filler * (500 * 1024 // 100) + b"Disallow: /a\n"
    assert len(long_file) > 500 * 1024
    assert not allows(long_file, "/a")
    start, half = b"User-agent: *\nDisallow: /\n#", b"\nAllow: /open"
    too_long = start + b"x" * (MAX_BYTES - len(start) - len(half)) + half + b"/only/this\n"
    assert not allows(too_long, "/open")


# 11
@pytest.mark.parametrize(
    "noise",
    [
        "<html>",
        "nonsense",
        ": /b",
        "Disallow /b",
        "Foo: bar",
        "\x00\x01\x02",
        "User-agent:",
        "User-agent: (b)",
        "Noindex: /b",
        "\u2028Allow: /a",
        "\x0cAllow: /a",
        "\x85Allow: /a",
        "x" * 10_000,
        "=" * 1_000 + ":" * 1_000,
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_that_cannot_be_read_cost_only_themselves(noise: str, end: str) -> None:
    rules = end.join([noise, "User-agent: *", noise, "Disallow: /a", noise, "Disallow: /c", noise])
    assert [allows(rules, path) for path in ("/a", "/c", "/d")] == [False, False, True]


@pytest.mark.parametrize(
    "line", ["disallow:/a", "DISALLOW : /a", "\tDisallow:\t/a \t", "Disalow: /a", "Disallow /a"]
)
def test_a_line_is_read_as_its_writer_meant_it(line: str) -> None:
    assert not allows(f"User-agent: *\n{line}\n\nUser-agent: b\nAllow: /a", "/a")


# 12
def test_each_scheme_host_and_port_has_a_robots_txt_of_its_own() -> None:
    urls = [
        "https://one.example/",
        "http://one.example/",
        "https://one.example:8443/",
        "https://www.one.example/",
    ]
    assert len({robots_url(url) for url in urls}) == len(urls)
    assert robots_url("https://ONE.example:443/a?b#c") == robots_url("https://one.example")
    assert robots_url("ftp://one.example/") is None


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_byte_order_mark_or_another_encoding_opens_nothing(codec: str) -> None:
    assert not Robots("User-agent: *\nDisallow: /a\n# é".encode(codec)).allows(US, SITE + "/a")


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf"),
        ("User-agent: *\nAllow: /\nDisallow: /admin/", "/admin/"),
        ("User-agent: facewitness\nDisallow: /a\n\nUser-agent: facewitness\nDisallow: /b", "/b"),
    ],
)
def test_nothing_is_open_where_the_standard_library_s_parser_lets_in(rules: str, path: str) -> None:
    assert not allows(rules, path)


def test_the_standard_library_s_parser_is_nowhere_used() -> None:
    for file in Path(facewitness.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                assert "urllib.robotparser" not in [one.name for one in node.names]
            if isinstance(node, ast.ImportFrom):
                assert node.module != "urllib.robotparser"
                assert (node.module, [one.name for one in node.names]) != ("urllib", ["robotparser"])


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ("Disallow: /\nAllow: /a/index.html", "/a/"),
        ("Disallow: /\nAllow: /a$", "/a$b"),
        ("Disallow: /\nAllow: /%E9", "/%E8"),
        ("Disallow: /\nAllow: /a?b", "/a%3Fb"),
        ("\ufeffUser-agent: *\nDisallow: /", "/a"),
        ("User-agent: *\nDisallow: /a # the \u2028Allow: /a", "/a"),
        ("User-agent: facewitness/1.0\nDisallow: /", "/a"),
        (
            "User-agent: b\nCrawl-delay: 1\nUser-agent: facewitness\nCrawl-delay: 2\nUser-agent: c\nDisallow: /",
            "/a",
        ),
    ],
)
def test_nothing_is_open_where_protego_alone_lets_in(rules: str, path: str) -> None:
    assert not allows(rules, path)


@pytest.mark.parametrize(("rules", "path"), [("Disallow: /a?b", "/a%3Fb"), ("Disallow: /%E9", "/%E8")])
def test_nothing_is_open_where_protego_alone_does_not_let_in(rules: str, path: str) -> None:
    assert not allows(rules, path)


@pytest.mark.parametrize(
    "agent", ["User agent: facewitness", "user  agent facewitness", "USERAGENT:facewitness"]
)
def test_a_group_is_found_however_its_agent_is_written(agent: str) -> None:
    assert not allows(f"User-agent: *\nAllow: /\n\n{agent}\nDisallow: /a", "/a")
    assert allows(f"User-agent: *\nDisallow: /\n\n{agent}\nALLOW: /a", "/a")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/a",
        "ftp://one.example/a",
        "https://[::1/a",
        "https://one.example/b/../a",
        "https://one.example/./a",
    ],
)
def test_what_is_no_address_that_a_rule_can_be_compared_with_is_not_allowed(url: str) -> None:
    robots = Robots(b"")
    assert not robots.allows(US, url)
    assert robots.preferences(US, url) == ()


def test_the_digest_is_of_the_file_as_it_was_fetched() -> None:
    data = b"\xef\xbb\xbfUser-agent: *\r\nDisallow:"
    assert robots_from(200, data).digest == hashlib.sha256(data).hexdigest()
    assert robots_from(200, data).answer is RobotsAnswer.READ


def test_sitemaps_are_read_wherever_they_stand_and_only_web_addresses_are_given() -> None:
    robots = Robots(
        b"Sitemap: https://one.example/1.xml\nUser-agent: b\nSitemap: /2.xml\nDisallow: /\n"
        b"site-map:http://two.example/3.xml\nSitemap: file:///etc/passwd\nSitemap: ftp://one.example/4.xml"
    )
    assert robots.sitemaps == ("https://one.example/1.xml", "http://two.example/3.xml")


@pytest.mark.parametrize(
    ("value", "expected"), [("2.5", 2.5), ("0", 0.0), ("-1", None), ("inf", None), ("soon", None), ("", None)]
)
def test_the_delay_is_a_number_of_seconds_or_none(value: str, expected: float | None) -> None:
    rules = f"User-agent: facewitness\nCrawl-delay: {value}\nDisallow:\n\nUser-agent: *\nCrawl-delay: 9"
    robots = Robots(rules.encode())
    assert robots.crawl_delay(US) == expected
    assert robots.crawl_delay("other") == 9


def test_of_several_delays_the_longest_is_kept_to() -> None:
    assert Robots(b"User-agent: *\nCrawl-delay: 9\nCrawl-delay: 10\nCrawl-delay: 1").crawl_delay(US) == 10


def said(rules: str, path: str, agent: str = US) -> list[tuple[str, bool]]:
    """Values and whether they reserve, by a file that may leave out to whom it speaks."""
    text = rules if "ser-agent" in rules else f"User-agent: *\n{rules}"
    found = Robots(text.encode()).preferences(agent, SITE + path)
    assert all(one.signal in ("robots.txt content-usage", "robots.txt content-signal") for one in found)
    return [(one.value, one.reserves) for one in found]


DRAFT = """User-Agent: *
Allow: /
Disallow: /never/
Content-Usage: train-ai=n
Content-Usage: /ai-ok/ train-ai=y

User-Agent: ExampleBot
Allow: /
Content-Usage: train-ai=y
"""


@pytest.mark.parametrize(
    ("path", "agent", "expected"),
    [
        ("/test", US, ("train-ai=n", True)),
        ("/ai-ok/test", US, ("/ai-ok/ train-ai=y", False)),
        ("/test", "ExampleBot", ("train-ai=y", False)),
    ],
)
def test_the_example_of_the_draft(path: str, agent: str, expected: tuple[str, bool]) -> None:
    assert said(DRAFT, path, agent) == [expected]


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Content-Usage: /a train-ai=y\nContent-Usage: /a/b train-ai=n", "/a/b/c", [True]),
        ("Content-Usage: /a/b train-ai=y\nContent-Usage: /a train-ai=n", "/a/b/c", [False]),
        ("Content-Usage: /a train-ai=y\nContent-Usage: /a train-ai=n", "/a", [False, True]),
        ("Content-Usage: /%7Ea train-ai=y\nContent-Usage: /~a train-ai=n", "/~a", [False, True]),
        ("Content-Usage: train-ai=n\nContent-Usage: / train-ai=y", "/a", [True, False]),
        ("Content-Usage: /*.jpg$ search=n", "/a.jpg", [True]),
        ("Content-Usage: /*.jpg$ search=n", "/a.png", []),
        ("Content-Usage: /a\tsearch=n", "/a", [True]),
        ("content-usage:search=n#, search=y", "/a", [True]),
        ("Content-Usage: search=n\nContent-Usage: /a", "/a", [True]),
        ("Content-Usage: search=n\nContent-Usage: /a search=perhaps", "/a", [True]),
        ("Content-Signal: search=yes, ai-input=no, ai-train=no", "/a", [True]),
        ("Content-signal: search=yes,use=reference", "/a", [False]),
        ("Content-Signal: /a search=yes\nContent-Usage: train-ai=n", "/a", [False, True]),
        ("Content-Signal: nothing", "/a", []),
    ],
)
def test_the_longest_path_speaks_and_of_equal_ones_all(rules: str, path: str, expected: list[bool]) -> None:
    assert [reserves for _, reserves in said(rules, path)] == expected


def test_preferences_above_the_first_group_are_said_to_every_agent() -> None:
    rules = "Content-Signal: ai-train=no\nUser-agent: facewitness\nContent-Usage: search=y"
    assert said(rules, "/a") == [("ai-train=no", True), ("search=y", False)]
    assert said(rules, "/a", "other") == [("ai-train=no", True)]


def test_preferences_change_nothing_about_what_may_be_fetched() -> None:
    assert allows("Content-Usage: train-ai=n\nContent-Signal: search=no", "/a")
    assert not allows("User-agent: b\nContent-Usage: train-ai=n\nUser-agent: *\nDisallow: /", "/a")


def test_a_preference_ends_a_row_of_user_agent_lines_as_any_rule_does() -> None:
    rules = "User-agent: *\nContent-Signal: search=yes\n\nUser-agent: b\nDisallow: /"
    assert allows(rules, "/a")
    assert not allows(rules, "/a", "b")


def test_many_agents_with_many_rules_cost_no_more_than_their_lines() -> None:
    began = time.process_time()
    agents = b"".join(b"User-agent: a%d\n" % number for number in range(20_000))
    robots = Robots(agents + b"Disallow: /a\n" * 20_000)
    assert not robots.allows("a19999", SITE + "/a")
    assert time.process_time() - began < 5


ANY_BYTES = st.binary(max_size=100)
LINES = st.sampled_from(
    [
        *["User-agent: *", "User-agent: facewitness", "User-agent: b", "", "#", "Crawl-delay: 1", "nonsense"],
        *["Disallow: /", "Disallow: /a*b$", "Disallow:", "Allow: /", "Allow: /a", "Disallow: /%"],
        *[
            "Content-Usage: /a train-ai=n",
            "Content-Signal: search=yes",
            "Sitemap: https://[",
            "Content-Usage:",
        ],
    ]
)
FILES = ANY_BYTES | st.lists(LINES.map(str.encode) | ANY_BYTES, max_size=12).map(b"\n".join)
PATHS = st.text(max_size=20) | st.sampled_from(["a", "ab", "a%", "a?b", "\ud800", "%ff"])


@given(FILES, PATHS, st.text(max_size=20) | st.just(US), st.none() | st.integers(-1, 700))
def test_no_file_no_address_and_no_agent_raises(
    data: bytes, path: str, agent: str, status: int | None
) -> None:
    robots = robots_from(status, data)
    for url in (path, f"{SITE}/{path}"):
        assert robots.allows(agent, url) in (True, False)
        for one in robots.preferences(agent, url):
            assert one.value.isprintable()
    assert robots.crawl_delay(agent) is None or robots.answer is RobotsAnswer.READ
    assert all(url.startswith(("http://", "https://")) for url in robots.sitemaps)


def is_noise(line: str) -> bool:
    """Whether a line, and what a line break within it makes of it, is neither a rule nor names an agent."""
    return not any(word in line.lower().replace(" ", "") for word in ("agent", "allow", "content"))


NOISE = st.lists(st.text(max_size=30).filter(is_noise), max_size=3).map("\n".join)


@given(NOISE, NOISE, NOISE, NOISE, st.sampled_from(["*", "facewitness", "b\nUser-agent: FaceWitness/2"]))
def test_noise_around_a_rule_never_undoes_it(
    first: str, second: str, third: str, last: str, agent: str
) -> None:
    lines = [first, f"User-agent: {agent}", second, "Disallow: /photos/", "Content-Usage: train-ai=n", third]
    lines += ["User-agent: c", "Allow: /", last]
    robots = Robots("\n".join(lines).encode("utf-8", "surrogatepass"))
    assert not robots.allows(US, SITE + "/photos/a.jpg")
    assert robots.allows(US, SITE + "/other")
    assert reserving(robots.preferences(US, SITE + "/other"))
