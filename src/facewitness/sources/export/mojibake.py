"""The texts in Meta's JSON, where every byte of UTF-8 is written as a character of its own (`\\u00c3\\u00a9`)."""

from typing import Any


def repaired(text: str) -> str:
    """The text that was meant; as it is where it cannot have come from bytes.

    Once is enough, and right: what it gives may itself look like such bytes (somebody may have posted `Ã©`).
    """
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def repaired_tree(value: Any) -> Any:
    """What `json.loads` gave, with every string in it repaired, keys too. RecursionError as `json` has it."""
    if isinstance(value, str):
        return repaired(value)
    if isinstance(value, list):
        return [repaired_tree(one) for one in value]
    if isinstance(value, dict):
        return {repaired(key): repaired_tree(one) for key, one in value.items()}
    return value
