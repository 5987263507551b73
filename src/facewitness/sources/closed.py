"""Websites that are never a source, since the photos there are held for other people.

The list is `closed.toml`. What federates under its members' own domains, such as Mastodon, cannot be listed as
one domain; its largest servers are.
"""

import tomllib
from functools import cache
from importlib.resources import files

from facewitness.sources.urls import ascii_name

_MAX_LABELS = 4  # of a domain on the list


def closed_because(host: str) -> str | None:
    """Why nothing is fetched from a host, in a sentence for the steward; None where it is not on the list.

    `host` is a name without port, in any case or script, with or without a dot at its end. A listed domain
    stands for itself and everything below it.
    """
    name = ascii_name(host.strip().rstrip(".").lower()).lower().rstrip(".")
    labels = name.split(".")[-_MAX_LABELS:]
    domains = (".".join(labels[start:]) for start in range(len(labels)))
    service = next((found for domain in domains if (found := _services().get(domain))), None)
    if service is None:
        return None
    return (
        f"{name} belongs to {service}, which holds photos for its account holders: "
        "the account holder's own export is the way in."
    )


@cache
def _services() -> dict[str, str]:
    """The service by each of its domains."""
    kinds = tomllib.loads(files(__package__).joinpath("closed.toml").read_text("utf-8"))
    return {
        domain: service
        for services in kinds.values()
        for service, domains in services.items()
        for domain in domains
    }
