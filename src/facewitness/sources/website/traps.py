"""Pages that a site makes up without end, told by their addresses alone."""

from collections import Counter
from urllib.parse import urlsplit

from facewitness.sources.website.job import Limits


def is_trap(url: str, depth: int, limits: Limits) -> bool:
    """Whether the address of a page, found so many links from the start, looks like one of an endless series.

    Calendars end at a depth, wrong relative links where a step comes again and again. How many pages differ
    in their query alone is counted by the frontier.
    """
    steps = [step for step in urlsplit(url).path.split("/") if step]
    if depth > limits.depth or len(steps) > limits.steps:
        return True
    return max(Counter(steps).values(), default=0) > limits.repeats
