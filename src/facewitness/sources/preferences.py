"""What a website says about the use of a photo, in the headers it is sent with and in the page it stands on.

Everything that is said is kept as a snapshot, whether it reserves or allows. `tdmrep` reads what is said in
/.well-known/tdmrep.json, `robots` what is said in robots.txt.
"""

import json
import re
from collections.abc import Iterable

from facewitness.sources.statements import directives, policy, reservation, usage
from facewitness.terms.provenance import Preference

MAX_STATEMENTS = 100
"""Statements kept of one response or page; of more, those first that reserve."""

_HEADERS = {
    "x-robots-tag": directives,
    "tdm-reservation": reservation,
    "tdm-policy": policy,
    "content-usage": usage,
    "content-signal": usage,
}

_AGENT = re.compile(
    r"robots?|[\w.-]*(?:bot|bots|spider|crawler)(?:[-_.][\w.-]*)?"
    r"|facewitness|slurp|teoma|google-extended|applebot-extended|anthropic-ai|cohere-ai|img2dataset",
    re.ASCII,
)
"""Names of `<meta>` that speak to robots: to all, or to one by its name. Names without `bot`, `spider` or
`crawler` have to be listed, since a page's description may well contain the word `none`."""


def from_headers(headers: Iterable[tuple[str, str]]) -> tuple[Preference, ...]:
    """The statements in a response's headers, given as names and values; repeated ones count each.

    `X-Robots-Tag`, `tdm-reservation`, `tdm-policy` (where it is an http or https address), `Content-Usage`
    and `Content-Signal`, in any case. The signal is the header's name in lower case.
    """
    named = [(name.strip().lower(), value) for name, value in headers]
    return bounded([_HEADERS[name](name, value) for name, value in named if name in _HEADERS])


def from_metas(metas: Iterable[tuple[str, str]]) -> tuple[Preference, ...]:
    """The statements in a page's `<meta name=… content=…>`, given as names and contents.

    `robots`, the same for one agent by its name (`googlebot`, `facewitness`, …), `tdm-reservation` and
    `tdm-policy`, in any case. The signal is `meta` and the name in lower case: `meta robots`.
    """
    readers = {"tdm-reservation": reservation, "tdm-policy": policy}
    named = ((name.strip().lower()[:60], content) for name, content in metas)
    return bounded(
        readers.get(name, directives)(f"meta {name}", content)
        for name, content in named
        if name in readers or _AGENT.fullmatch(name)
    )


def reserving(preferences: Iterable[Preference]) -> Preference | None:
    """The first statement that keeps a photo's faces out; None where there is none.

    Statements do not outvote each other: one reserves, whatever the others say. Only TDMRep knows an order
    in which a later word replaces an earlier one, see `tdmrep.combined`.
    """
    return next((one for one in preferences if one.reserves), None)


def bounded(found: Iterable[Preference]) -> tuple[Preference, ...]:
    """Each statement once, in the order in which they were made, and at most `MAX_STATEMENTS`."""
    once = list(dict.fromkeys(one for one in found if one.value or one.reserves))
    if len(once) > MAX_STATEMENTS:
        once = sorted(once, key=lambda one: not one.reserves)[:MAX_STATEMENTS]
    return tuple(once)


def packed(preferences: Iterable[Preference]) -> str:
    """The statements as an index keeps them: JSON, or nothing where there is none."""
    kept = [(one.signal, one.value, one.reserves) for one in preferences]
    return json.dumps(kept) if kept else ""


def unpacked(text: str) -> tuple[Preference, ...]:
    """What was `packed`."""
    return tuple(Preference(*one) for one in json.loads(text)) if text else ()
