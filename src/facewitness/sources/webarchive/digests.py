"""The digests that archives write beside their content: `sha1:BASE32`, `sha256:HEX` and the like."""

import base64
import hashlib
from collections.abc import Iterable

_ALGORITHMS = ("md5", "sha1", "sha256", "sha512")


class Check:
    """The check of content, piece by piece, against the digest that was written beside it.

    In hexadecimal, as WACZ has it, or in base 32 with or without padding, as crawlers write it.
    """

    def __init__(self, written: str) -> None:
        algorithm, _, self._value = written.strip().lower().partition(":")
        name = algorithm.replace("-", "")
        self._hash = hashlib.new(name, usedforsecurity=False) if name in _ALGORITHMS else None

    def update(self, piece: bytes) -> None:
        """The next piece of the content."""
        if self._hash is not None:
            self._hash.update(piece)

    def fits(self) -> bool:
        """Whether this is the content; what was written in a way that is not known here cannot say no."""
        if self._hash is None:
            return True
        digest = self._hash.digest()
        base32 = base64.b32encode(digest).decode().lower()
        return self._value in (digest.hex(), base32, base32.rstrip("="))


def fits(written: str, contents: Iterable[bytes]) -> bool:
    """Whether the digest is that of one of the contents, as far as `Check` can tell."""
    for content in contents:
        check = Check(written)
        check.update(content)
        if check.fits():
            return True
    return False
