"""TDMRep: the reservation of text and data mining (W3C Community Group, final report of 10 May 2024).

/.well-known/tdmrep.json is an array of rules, `{"location": "/photos/*.jpg", "tdm-reservation": 1}`, perhaps
with a `tdm-policy`. The first whose location applies is meant, not the longest. The headers of a response
replace what the file says of it, and the page's own `<meta>` replaces both.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from facewitness.sources.patterns import Pattern, comparable
from facewitness.sources.statements import kept, policy
from facewitness.terms.provenance import Preference

PATH = "/.well-known/tdmrep.json"

_SIGNALS = ("tdmrep.json", "tdm-reservation", "meta tdm-reservation")
"""Where a reservation may be stated. Each replaces those before it."""


@dataclass(frozen=True, slots=True)
class TdmRep:
    """A site's tdmrep.json."""

    rules: tuple[tuple[Pattern, Preference], ...] = ()
    digest: str = ""
    """SHA-256 of the file as it was fetched, 64 hexadecimal digits."""
    problem: str = ""
    """Why the file says nothing, where it is not what the report demands: to be told to the steward."""

    def preference(self, url_path: str) -> Preference | None:
        """What the file says of a path with its query (`urls.path_of`); None where no rule applies.

        A rule without a `?` speaks of the file, whatever query it is asked for with.
        """
        paths = {comparable(url_path), comparable(url_path.partition("?")[0])}
        applying = (said for pattern, said in self.rules if any(map(pattern.applies, paths)))
        return next(applying, None)


def parse(data: bytes) -> TdmRep:
    """The file's rules. Never raises: what is no rule is passed over, what is no array says nothing.

    `location` and `tdm-reservation` are mandatory in a rule. A value of the latter that is not the number 0
    or 1 leaves the reservation unset: it is kept and reserves nothing.
    """
    digest = hashlib.sha256(data).hexdigest()
    try:
        read: Any = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return TdmRep(digest=digest, problem="not JSON")
    if not isinstance(read, list):
        return TdmRep(digest=digest, problem="not an array of rules")
    rules = [_rule(one) for one in read if isinstance(one, dict)]
    return TdmRep(tuple(rule for rule in rules if rule), digest)


def combined(
    file: Preference | None, headers: Iterable[Preference], metas: Iterable[Preference]
) -> tuple[Preference, ...]:
    """All that was said of one resource, with those reservations lifted that a later statement replaces.

    `headers` and `metas` are what `from_headers` and `from_metas` give of the same response: the metas of a
    page say nothing of a photo that stands on it. What says nothing (no statement, or a value but 0 and 1)
    never replaces anything, and of contradictory statements in one place the reservation counts.
    """
    said = [*([file] if file else []), *headers, *metas]
    last = max((_SIGNALS.index(one.signal) for one in said if _is_set(one)), default=0)
    replaced = _SIGNALS[:last]
    return tuple(replace(one, reserves=False) if one.signal in replaced else one for one in said)


def _rule(values: dict[str, Any]) -> tuple[Pattern, Preference] | None:
    location, value = values.get("location"), values.get("tdm-reservation")
    if not isinstance(location, str) or not location or value is None:
        return None
    reserves = value == 1 and not isinstance(value, bool)
    offered = values.get("tdm-policy") if reserves else None
    written = json.dumps(value) if not reserves else "1"
    if isinstance(offered, str):
        written = f"{written} {policy('', offered).value}"
    return Pattern(location), Preference("tdmrep.json", kept(written), reserves)


def _is_set(said: Preference) -> bool:
    return said.signal in _SIGNALS and (said.reserves or said.value == "0")
