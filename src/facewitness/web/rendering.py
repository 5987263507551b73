"""Pages out of templates, and the few turns of phrase that several of them need."""

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

RAREST = 1e-4
"""Where rates are no longer told apart: to write "1 in a billion" would say who somebody is, and no calibration
reaches that far."""


def page(request: Request, template: str, status: int = 200, **shown: object) -> HTMLResponse:
    """A page; the template knows the bank it is about and whether the reader is let in."""
    text = _TEMPLATES.get_template(template).render(
        status=status, bank=request.app.state.desk.service.settings.bank, **shown
    )
    return HTMLResponse(text, status)


def when(moment: datetime | None) -> str:
    """A time to read: in UTC, or as the camera's clock showed it where no zone is known."""
    if moment is None:
        return ""
    if moment.tzinfo is None:
        return f"{moment:%-d %B %Y, %H:%M} (camera’s clock)"
    return f"{moment.astimezone(UTC):%-d %B %Y, %H:%M} UTC"


def web_address(text: str) -> str:
    """An address that may be made a link; empty for any other scheme, `javascript:` above all."""
    return text if text.lower().startswith(("http://", "https://")) else ""


def code_spans(text: str) -> Markup:
    """What stands between backticks as code; everything else as it is."""
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if n % 2 else part for n, part in enumerate(text.split("`")))


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


def expected_false(faces: float, size: int) -> str:
    """How many faces of other people would be expected to score as high, in a bank of this size."""
    bank = f"In a bank of {count(size, 'face')}"
    if faces < 0.1:
        rarity = one_in(faces) if faces > RAREST else f"fewer than {one_in(RAREST).removeprefix('about ')}"
        return f"{bank}, {rarity} searches would be expected to show a face of another person at this score."
    number = f"{faces:.1f}" if faces < 10 else f"{_rounded(faces):,}"
    return f"{bank}, about {number} faces of other people would be expected at this score or above."


def _rounded(number: float) -> int:
    """To two significant digits: more would be false precision."""
    return int(float(f"{number:.2g}"))


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {
    "when": when,
    "web_address": web_address,
    "code_spans": code_spans,
    "count": count,
    "one_in": one_in,
    "expected_false": expected_false,
}
