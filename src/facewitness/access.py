"""Whether an act may happen. One function, so that there is one place to read and to change the rules."""

from facewitness.terms.actor import ActKind, Actor, Verdict

MIN_PURPOSE = 3
"""Letters or digits of purpose below which nothing has been said."""


def decide(actor: Actor, act: ActKind, purpose: str = "") -> Verdict:
    """The decision and its reason. Under the `personal` policy one gate stands: a search needs a purpose."""
    if not actor.name:
        return Verdict(False, "nobody is named as the one who acts")
    if act is ActKind.SEARCH and sum(map(str.isalnum, purpose)) < MIN_PURPOSE:
        return Verdict(False, f"a search needs a stated purpose, of {MIN_PURPOSE} letters at least")
    return Verdict(True, "allowed by the personal policy")
