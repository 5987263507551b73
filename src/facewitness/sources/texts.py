"""Texts that strangers wrote, as they are kept: one line that can be shown and stored."""

MAX_TEXT = 10_000
"""Characters kept of a title, caption or licence."""


def clean(text: str) -> str:
    """The text as it was written, its own spaces kept: on one line, without control characters or halves of
    characters, cut at `MAX_TEXT`."""
    if not text.isprintable():
        text = "".join(one if one.isprintable() else " " if one.isspace() else "" for one in text)
    return text.strip()[:MAX_TEXT]


def one_line(text: str, limit: int = MAX_TEXT) -> str:
    """The words of a text that was laid out for something else, such as a page, one space apart and without control
    characters; of an overlong one the beginning, `limit` characters at most."""
    words = " ".join(text.split())
    if not words.isprintable():
        words = " ".join("".join(one if one.isprintable() else " " for one in words).split())
    return words[:limit]
