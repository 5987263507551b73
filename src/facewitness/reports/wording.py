"""Turns of phrase that pages and terminal share: how rates and counts are said."""

from facewitness.terms.candidate import Candidate, CandidateList, Plan, Threshold

RAREST = 1e-4
"""Where rates are no longer told apart: to write "1 in a billion" would say who somebody is, and no calibration
reaches that far."""


def count(number: int, noun: str) -> str:
    """`1 photo`, `2 photos`, `3 near-copies`."""
    if number == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith(("py", "ry")) else noun + "s"
    return f"{number:,} {plural}"


def one_in(share: float) -> str:
    """A rate in natural frequencies, which people read more safely than small decimals."""
    if share <= 0:
        return "too few to be estimated"
    if share >= 0.95:
        return "nearly all"
    if share >= 0.1:
        return f"about {round(share * 10)} in 10"
    return f"about 1 in {_rounded(1 / share):,}"


def rate(share: float) -> str:
    """The same, no rarer than can be told apart."""
    return one_in(share) if share > RAREST else f"fewer than {one_in(RAREST).removeprefix('about ')}"


def expected_false(faces: float, size: int) -> str:
    """How many faces of other people would be expected to score as high, in a bank of this size."""
    bank = f"In a bank of {count(size, 'face')}"
    if faces < 0.1:
        return f"{bank}, {rate(faces)} searches would be expected to show a face of another person at this score."
    number = f"{faces:.1f}" if faces < 10 else f"{_rounded(faces):,}"
    return f"{bank}, about {number} faces of other people would be expected at this score or above."


def copy_of(one: Candidate, found: CandidateList) -> str:
    """Why a candidate is not one more photograph; empty where it is one."""
    if one.near_copy_of is None:
        return ""
    first = next((other for other in found.candidates if other.rank == one.near_copy_of), None)
    if first is not None and first.photo.id == one.photo.id:
        return f"Another face in the photo of candidate {one.near_copy_of}."
    return f"Near-copy of candidate {one.near_copy_of}, not one more photograph."


def fpir(cut: Threshold) -> str:
    """The rate with its parameters, no smaller than can be told apart."""
    value = f"< {RAREST:g}" if cut.fpir < RAREST else f"= {cut.fpir:.2g}"
    return f"FPIR(N={cut.gallery_size}, T={cut.score:.3f}) {value}"


def how_searched(plan: Plan) -> str:
    """What was compared with the probe."""
    if not plan.by_code:
        return f"Compared with the template of every face searched: {plan.compared:,}."
    return (
        f"{count(plan.by_code, 'face')} gone through by their codes; compared by their templates: "
        f"{plan.compared:,}."
    )


def cut_off(cut: Threshold) -> str:
    """Where a list was cut, and what that costs."""
    return (
        f"Candidates are faces whose comparison score is at least {cut.score:.3f}. With N = "
        f"{count(cut.gallery_size, 'face')} searched, {rate(cut.fpir)} searches for somebody who is not in the "
        f"bank would be expected to show a candidate all the same: "
        f"{fpir(cut)}. Such rates are of "
        f"strangers; relatives and people who look alike score higher. Calibration: {cut.calibration}."
    )


def _rounded(number: float) -> int:
    """To two significant digits: more would be false precision."""
    return int(float(f"{number:.2g}"))
