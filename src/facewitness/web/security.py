"""What stands before every page: who may ask, from where, how much they may send, and what goes along with
each answer.

The bank is served to one person's browser on one machine. Against other programs and other people stands
the token; against other web pages in the same browser stand the Host check (DNS rebinding), the SameSite
cookie and the Origin check (requests forged by a page), and the content security policy.
"""

import logging
import secrets
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from facewitness.web.problems import answer, is_api

MAX_BODY = 64 * 1024 * 1024
"""Bytes that one request may carry."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_log = logging.getLogger(__name__)


class Guard:
    """The middleware around the whole application."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let in with the body limited; either way with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, started = Request(scope), False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(raw=message["headers"]).update(HEADERS)
            await send(message)

        try:
            app = self._instead(request) or self._app
            await app(scope, _limited(receive), send_with_headers)
        except Exception:
            # Outside of this class the answer would go without the headers.
            _log.exception("An answer failed")
            if started:
                raise
            await answer(request, 500)(scope, receive, send_with_headers)

    def _instead(self, request: Request) -> Response | None:
        """What is answered in place of the page asked for; None where it may be had."""
        if request.headers.get("host") not in _own_hosts(request):
            return answer(request, 421)
        if request.url.path.startswith("/static/"):
            return None  # the program's own style and script, the same for everybody
        if request.method == "GET" and self._fits(request.query_params.get("token")):
            return self._let_in(request)
        by_bearer = is_api(request) and self._fits(_bearer(request))
        if not by_bearer:
            if not self._fits(request.cookies.get(_cookie(request))):
                return answer(request, 401)
            if request.method not in {"GET", "HEAD"} and not _is_from_own_page(request):
                return answer(
                    request,
                    403,
                    "This request came from another page.",
                    "Use the forms of this program, or the REST interface with the token in its header.",
                )
        if int(request.headers.get("content-length", 0)) > MAX_BODY:
            return answer(request, 413)
        return None

    def _fits(self, given: str | None) -> bool:
        return given is not None and secrets.compare_digest(given.encode(), self._token.encode())

    def _let_in(self, request: Request) -> Response:
        """Put the token into a cookie, and take it out of the address, which is seen and remembered."""
        rest = [(name, value) for name, value in request.query_params.multi_items() if name != "token"]
        path = request.url.path + ("?" + urlencode(rest) if rest else "")
        response = RedirectResponse(_origin(request) + path, 303)
        response.set_cookie(_cookie(request), self._token, httponly=True, samesite="strict")
        return response


def _own_hosts(request: Request) -> set[str]:
    port = _port(request)
    return {f"{name}{suffix}" for name in ("127.0.0.1", "localhost") for suffix in _suffixes(port)}


def _suffixes(port: int) -> tuple[str, ...]:
    return (f":{port}", "") if port == 80 else (f":{port}",)


def _port(request: Request) -> int:
    """The port that the connection came in on: the one number here that no request can choose."""
    server = request.scope.get("server")
    return int(server[1]) if server and server[1] else 0


def _cookie(request: Request) -> str:
    """Cookies are shared between ports, so each port has a name of its own."""
    return f"facewitness-{_port(request)}"


def _origin(request: Request) -> str:
    return f"http://{request.headers['host']}"


def _is_from_own_page(request: Request) -> bool:
    """By the Origin; a form under `no-referrer` sends `null`, and then by the browser's own word on the site."""
    origin = request.headers.get("origin", "null")
    if origin != "null":
        return origin == _origin(request)
    return request.headers.get("sec-fetch-site") in {"same-origin", "none"}


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _limited(receive: Receive) -> Receive:
    """The body, refused once it is longer than it may be, whatever its Content-Length says."""
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:
            raise HTTPException(413)
        return message

    return receive_some
