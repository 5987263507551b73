"""What headers and pages say about the use of photos."""

from collections.abc import Iterable

from facewitness.terms.provenance import Preference


def from_headers(headers: Iterable[tuple[str, str]]) -> tuple[Preference, ...]:  # noqa: ARG001
    """What HTTP headers say."""
    return ()


def from_metas(metas: Iterable[tuple[str, str]]) -> tuple[Preference, ...]:  # noqa: ARG001
    """What the names and contents of a page's `<meta>` elements say."""
    return ()
