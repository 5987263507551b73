"""Text out of files that anyone may have written."""

from typing import Any

MAX_LENGTH = 4_000
"""Characters kept of one embedded text: twice the 2,000 bytes that IPTC IIM allows a caption, so none is cut."""


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """The text without control characters, surrogates and outer blanks, at most `limit` characters long.

    Line breaks and tabs become blanks: these texts end up in tables, logs and terminals.
    """
    kept = "".join(one if one.isprintable() else " " if one.isspace() else "" for one in text[: 2 * limit])
    return kept.strip()[:limit].strip()


def decoded(value: Any) -> str:
    """Cleaned text of a metadata value: bytes or a string that was read byte by byte as Latin-1.

    UTF-8 where the bytes are valid UTF-8, else Latin-1; anything but text is empty.
    """
    if isinstance(value, str):
        try:
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return clean(value)
    if not isinstance(value, bytes):
        return ""
    try:
        return clean(value.decode("utf-8"))
    except UnicodeDecodeError:
        return clean(value.decode("latin-1"))
