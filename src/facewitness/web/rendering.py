"""Pages out of templates, and the few turns of phrase that several of them need."""

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from facewitness.reports.wording import copy_of, count, expected_false, fpir, how_searched, one_in, rate


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
    "copy_of": copy_of,
    "count": count,
    "one_in": one_in,
    "rate": rate,
    "fpir": fpir,
    "how_searched": how_searched,
    "expected_false": expected_false,
}
