"""Nothing on a private network is asked, whatever a name stands for, unless the source names it as its own."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from facewitness.errors import BadInput
from facewitness.sources.networks import checked_addresses, is_public, system_resolver

PRIVATE = """0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.0.1 169.254.0.1 172.16.0.1
172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1
240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 fe80::1 fec0::1 fc00::1 fd12::1 ff02::1 100::1 2001:db8::1 3fff::1 5f00::1 2001:10::1"""
EMBEDDED = """::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101::1 64:ff9b:1::808:808
2001:0:4136:e378:8000:63bf:3fff:fdd2 2001::1"""
METADATA = "169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16 fd00:ec2::254"
PUBLIC = """1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.0 198.17.255.255
223.255.255.255 2606:4700:4700::1111 2a00:1450::1 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1"""
NO_ADDRESS = [
    "",
    "one.example",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "[::1]",
    "2a00::1%eth0",
    "1.1.1.1/32",
]


@pytest.mark.parametrize("ip", [*f"{PRIVATE} {EMBEDDED} {METADATA}".split(), *NO_ADDRESS])
def test_what_is_not_of_the_public_internet_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", PUBLIC.split())
def test_what_is_of_the_public_internet_is_public(ip: str) -> None:
    assert is_public(ip)
    assert is_public(ipaddress.ip_address(ip))


@given(st.text())
def test_no_text_raises(text: str) -> None:
    is_public(text)


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_as_the_one_within_it(inner: IPv4Address) -> None:
    number = int(inner)
    for outer in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert is_public(IPv6Address(outer)) is is_public(inner)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_nothing_is_public_that_python_knows_as_private(ip: IPv4Address | IPv6Address) -> None:
    assume(isinstance(ip, IPv4Address) or not (ip.ipv4_mapped or ip.sixtofour))
    assume(ip not in ipaddress.ip_network("64:ff9b::/96"))
    if is_public(ip):
        assert ip.is_global
        assert not ip.is_multicast
        assert not ip.is_reserved


@given(st.ip_addresses(v=6))
def test_nothing_in_teredo_is_public(ip: IPv6Address) -> None:
    assert not is_public(IPv6Address(0x20010000 << 96 | int(ip) & (1 << 96) - 1))


def check(found: list[str], *own: str, host: str = "one.example") -> list[str]:
    return checked_addresses(host, 443, own, lambda name, port: found)


def test_of_a_host_s_addresses_the_public_ones_are_given_in_their_order() -> None:
    assert check(["8.8.8.8", "127.0.0.1", "2a00:1450::1", "8.8.8.8", "::1"]) == ["8.8.8.8", "2a00:1450::1"]


def test_a_host_that_stands_for_private_addresses_alone_has_none() -> None:
    assert check(["10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0"]) == []


def test_a_name_is_looked_up_once_so_that_no_second_answer_can_follow() -> None:
    answers = [["8.8.8.8"], ["127.0.0.1"]]
    assert checked_addresses("one.example", 443, (), lambda host, port: answers.pop(0)) == ["8.8.8.8"]
    assert answers == [["127.0.0.1"]]


def test_an_address_is_checked_without_a_resolver() -> None:
    def asked(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    for host in ("127.0.0.1", "::1", "10.0.0.1"):
        assert checked_addresses(host, 80, (), asked) == []
    assert checked_addresses("8.8.8.8", 80, (), asked) == ["8.8.8.8"]
    assert checked_addresses("127.0.0.1", 80, ["127.0.0.1"], asked) == ["127.0.0.1"]


@pytest.mark.parametrize("own", ["10.0.0.1", "10.0.0.0/8"])
def test_what_the_source_names_as_its_own_may_be_asked_and_nothing_beside_it(own: str) -> None:
    assert check(["10.0.0.1", "192.168.0.1", "::ffff:10.0.0.1"], own) == ["10.0.0.1", "::ffff:10.0.0.1"]


@pytest.mark.parametrize("ip", [*METADATA.split(), "::ffff:169.254.169.254"])
def test_no_source_can_name_a_cloud_s_metadata_service_as_its_own(ip: str) -> None:
    assert check([ip], ip, "0.0.0.0/0", "::/0") == []


@pytest.mark.parametrize("own", ["one.example", "", "10.0.0.1/8", "10.0.0", "*"])
def test_an_entry_that_is_no_address_is_said_to_the_operator(own: str) -> None:
    with pytest.raises(BadInput, match="not an address or a network"):
        check(["8.8.8.8"], own)


def test_a_failed_look_up_is_told_from_a_refusal() -> None:
    def fails(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(OSError, match="no such host"):
        checked_addresses("one.example", 443, (), fails)


@pytest.mark.parametrize("host", ["x" * 70 + ".example", "a..example"])
def test_a_name_that_cannot_be_one_is_refused(host: str) -> None:
    assert checked_addresses(host, 443) == []


def test_the_system_s_resolver_is_asked_and_its_answer_checked() -> None:
    assert "127.0.0.1" in system_resolver("127.0.0.1", 80)
    assert checked_addresses("localhost", 80) == []
    assert checked_addresses("0x7f000001", 80) == []
