"""Social networks and hosts of people's images are no websites to be registered, under none of their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.closed import closed_because

LISTED = """facebook.com fbcdn.net instagram.com cdninstagram.com x.com twitter.com twimg.com tiktok.com
linkedin.com licdn.com snapchat.com pinterest.com pinterest.de pinimg.com reddit.com redd.it vk.com ok.ru weibo.com
threads.net threads.com flickr.com staticflickr.com imgur.com tumblr.com 500px.com deviantart.com
photos.google.com googleusercontent.com youtube.com ytimg.com t.me telegram.org whatsapp.com discord.com badoo.com
tinder.com bsky.app mastodon.social"""


@pytest.mark.parametrize("domain", LISTED.split())
def test_a_listed_domain_is_closed_with_all_below_it(domain: str) -> None:
    for host in (domain, f"www.{domain}", f"a.b.c.d.e.{domain}"):
        reason = closed_because(host)
        assert reason
        assert reason.startswith(host)
        assert reason.endswith("the account holder's own export is the way in.")


def test_the_service_is_named() -> None:
    assert "Instagram" in (closed_because("scontent-ams2-1.cdninstagram.com") or "")


@pytest.mark.parametrize(
    "host",
    [
        "FACEBOOK.com",
        "facebook.com.",
        " facebook.com\n",
        "ｆａｃｅｂｏｏｋ.com",
        "www.facebook。com",
        "face\u00adbook.com",
        "x" * 70 + ".facebook.com",
        "x." * 500 + "facebook.com",
    ],
)
def test_no_way_of_writing_a_name_opens_it(host: str) -> None:
    assert closed_because(host)


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "notfacebook.com",
        "facebook.com.example.org",
        "facebook.org",
        "com",
        "google.com",
        "max.com",
        "qq.com",
        "wixmp.com",
        "",
        ".",
        "127.0.0.1",
        "::1",
    ],
)
def test_other_hosts_are_not_closed(host: str) -> None:
    assert closed_because(host) is None


@given(st.text())
def test_no_name_raises_and_no_label_before_a_closed_domain_opens_it(label: str) -> None:
    closed_because(label)
    assert closed_because(f"{label}.facebook.com")
