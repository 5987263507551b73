"""No address on a private network is connected to, whatever DNS says."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from twisted.internet.defer import Deferred, execute

from facewitness.sources.website.own import OwnPlaces
from facewitness.sources.website.resolver import CheckedResolver

PUBLIC, PUBLIC6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.1.5", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"]


class Receiver:
    """Twisted's endpoint, as the resolver sees it."""

    def __init__(self) -> None:
        self.given: list[tuple[str, int]] = []
        self.is_complete = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.given.append((address.host, address.port))

    def resolutionComplete(self) -> None:  # noqa: N802
        self.is_complete = True


def at_once(call: Callable[..., list[str]], *arguments: Any) -> "Deferred[list[str]]":
    """Instead of a thread."""
    return execute(call, *arguments)


def resolved(
    host: str, answers: Sequence[str], scope: Sequence[str] = ("*.example.org",)
) -> tuple[list[str], CheckedResolver, list[str]]:
    """What a connection to the host is given, where DNS has these answers; the resolver; and what DNS was asked."""
    asked: list[str] = []

    def look_up(name: str, port: int) -> list[str]:
        asked.append(name)
        return list(answers)

    resolver = CheckedResolver(OwnPlaces(scope), look_up, at_once)
    receiver = Receiver()
    resolver.resolveHostName(receiver, host, 8443)
    assert receiver.is_complete
    assert {port for _, port in receiver.given} <= {8443}
    return [given for given, _ in receiver.given], resolver, asked


@pytest.mark.parametrize("private", PRIVATE)
def test_a_public_name_with_a_private_address_is_not_connected_to(private: str) -> None:
    given, resolver, _ = resolved("www.example.org", [private])
    assert given == []
    assert resolver.private == {"www.example.org"}


def test_of_several_addresses_the_public_ones_are_connected_to() -> None:
    given, resolver, _ = resolved("www.example.org", ["10.0.0.1", PUBLIC, PUBLIC6])
    assert given == [PUBLIC, PUBLIC6]
    assert resolver.private == set()


@pytest.mark.parametrize("literal", PRIVATE)
def test_an_address_instead_of_a_name_passes_the_same_check(literal: str) -> None:
    given, _, asked = resolved(literal, ["1.1.1.1"])
    assert (given, asked) == ([], [])


@pytest.mark.parametrize("written", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
def test_an_address_in_disguise_is_what_it_stands_for(written: str) -> None:
    given, _, _ = resolved(written, ["127.0.0.1"], scope=[written])
    assert given == []


def test_a_name_is_looked_up_once_for_a_connection() -> None:
    given, _, asked = resolved("www.example.org", [PUBLIC])
    assert (given, asked) == ([PUBLIC], ["www.example.org"])


def test_a_name_is_looked_up_as_it_stood_in_the_address() -> None:
    _, _, asked = resolved("straße.example.org", [PUBLIC])
    assert asked == ["xn--strae-oqa.example.org"]


def test_a_look_up_that_fails_in_any_way_gives_nothing() -> None:
    def fails(name: str, port: int) -> list[str]:
        raise KeyError

    resolver, receiver = CheckedResolver(OwnPlaces(()), fails, at_once), Receiver()
    resolver.resolveHostName(receiver, "www.example.org", 80)
    assert (receiver.given, receiver.is_complete) == ([], True)


def test_an_answer_that_changes_is_checked_again() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    resolver = CheckedResolver(OwnPlaces(()), lambda *_: next(answers), at_once)
    given = []
    for _ in range(2):
        receiver = Receiver()
        resolver.resolveHostName(receiver, "www.example.org", 80)
        given.append([host for host, _ in receiver.given])
    assert given == [[PUBLIC], []]


def test_a_name_that_cannot_be_looked_up_is_not_called_private() -> None:
    def fails(name: str, port: int) -> list[str]:
        raise OSError

    resolver, receiver = CheckedResolver(OwnPlaces(()), fails, at_once), Receiver()
    resolver.resolveHostName(receiver, "nowhere.example", 80)
    assert (receiver.given, receiver.is_complete, resolver.private) == ([], True, set())


@pytest.mark.parametrize(
    ("scope", "host", "answer"),
    [
        (["http://127.0.0.1:8000/"], "127.0.0.1", "127.0.0.1"),
        (["192.168.1.5"], "192.168.1.5", "192.168.1.5"),
        (["http://[fd00::5]/"], "fd00::5", "fd00::5"),
        (["localhost"], "localhost", "127.0.0.1"),
        (["https://nas/photos/"], "nas", "192.168.1.5"),
        (["photos.internal"], "photos.internal", "10.0.0.1"),
    ],
)
def test_what_the_source_names_as_its_own_is_connected_to(scope: list[str], host: str, answer: str) -> None:
    assert resolved(host, [answer], scope)[0] == [answer]


@pytest.mark.parametrize(
    ("scope", "host", "answer"),
    [
        (["http://127.0.0.1/", "www.example.org"], "www.example.org", "127.0.0.1"),
        (["www.example.org"], "www.example.org", "10.0.0.1"),
        (["*.internal"], "photos.internal", "10.0.0.1"),
        (["http://169.254.169.254/"], "169.254.169.254", "169.254.169.254"),
        (["nas"], "nas", "169.254.169.254"),
        (["fe80::1%eth0"], "fe80::1%eth0", "fe80::1%eth0"),
        (["2130706433"], "2130706433", "127.0.0.1"),
    ],
)
def test_what_it_does_not_name_is_not(scope: list[str], host: str, answer: str) -> None:
    assert resolved(host, [answer], scope)[0] == []
