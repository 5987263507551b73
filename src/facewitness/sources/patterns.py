"""Patterns of paths, as robots.txt (RFC 9309, 2.2.2 and 2.2.3) and tdmrep.json write them.

A pattern applies to the paths that begin with it; `*` stands for any characters, `$` at its end for the end of
the path. Both are compared octet by octet once their percent-encoding has one form.
"""

import re

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_OCTET = re.compile(rb"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]")
"""An escape, or an octet that RFC 3986 gives no place in an address (a `%` that escapes nothing is one)."""


def comparable(path: str) -> str:
    """A path with its query in the form that patterns are compared with."""
    return _literal(canonical(path))


def canonical(text: str) -> str:
    """Percent-encoding in one form: plain where it need not be escaped, `%C3` where it must be."""
    return _OCTET.sub(_one_octet, text.encode("utf-8", "surrogatepass")).decode("ascii")


class Pattern:
    """A pattern of paths."""

    def __init__(self, text: str) -> None:
        """Any text; one that begins with neither `/` nor `*` applies to no path."""
        written = canonical(text)
        self.octets = len(written)
        """How specific it is: of several that apply the longest is meant."""
        self._is_whole = written.endswith("$")
        self._first, *self._rest = map(_literal, written.removesuffix("$").split("*"))

    def applies(self, path: str) -> bool:
        """Whether it is meant, in time linear in the path's length. `path` is `comparable`."""
        if not path.startswith(self._first):
            return False
        at = len(self._first)
        if not self._rest:
            return not self._is_whole or at == len(path)
        *middle, last = self._rest
        for part in middle:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return path.endswith(last, at) if self._is_whole else path.find(last, at) >= 0


def _one_octet(found: re.Match[bytes]) -> bytes:
    octet = int(found[1], 16) if found[1] else found[0][0]
    return bytes([octet]) if octet in _UNRESERVED else b"%%%02X" % octet


def _literal(text: str) -> str:
    """`*` and `$` that mean themselves: written out, they are compared in their escaped form."""
    return text.replace("*", "%2A").replace("$", "%24")
