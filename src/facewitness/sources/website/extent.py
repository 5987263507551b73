"""How far a website goes: which addresses belong to it, and whether it may be a source at all."""

from urllib.parse import urlsplit

from facewitness.errors import BadInput
from facewitness.sources.closed import closed_because
from facewitness.sources.scope import UrlScope
from facewitness.sources.urls import ascii_name, is_http
from facewitness.sources.website.own import named_host
from facewitness.terms.provenance import SourceRecord


def scope_of(record: SourceRecord) -> UrlScope:
    """What belongs to a website: its scope, or else the host of its start; with a port of its own, what begins with
    that scheme, host and port. BadInput where it is no scope, or the start no address that may be shown."""
    if not is_http(record.location):
        raise BadInput(
            f"{record.location!r} is not the address of a website.",
            "Write it with https:// or http:// before it.",
        )
    parts = urlsplit(record.location)
    if "@" in parts.netloc:
        raise BadInput(
            "The address has a name or a password in it: nothing is asked for with them, and whoever reads the "
            "register would see them.",
            "Give it without what stands before the @.",
        )
    if record.scope:
        return UrlScope(record.scope)
    if parts.port is None and parts.hostname and ":" not in parts.hostname:
        return UrlScope((ascii_name(parts.hostname),))
    return UrlScope((f"{parts.scheme}://{parts.netloc}/",))


def checked_scope(record: SourceRecord) -> UrlScope:
    """`scope_of` a website that may be a source.

    BadInput where its start or an entry of its scope names a social network or an image host, and where the start
    lies outside of the scope.
    """
    scope = scope_of(record)
    entries = (entry.removeprefix("*.") for entry in scope.entries)
    hosts = map(named_host, (record.location, *entries))
    for because in filter(None, map(closed_because, hosts)):
        raise BadInput(
            f"No website source: {because}", "Ask for it, and use `facewitness sources add export`."
        )
    if not scope.allows(record.location):
        raise BadInput(
            f"The start {record.location} is outside the scope {' '.join(scope.entries)}.",
            "Give a scope that the start belongs to.",
        )
    return scope
