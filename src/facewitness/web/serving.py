"""Open the web door: a socket on this machine, a link with a token, and the server behind it."""

import secrets
import socket
from contextlib import suppress
from dataclasses import replace

import uvicorn

from facewitness.errors import BadInput
from facewitness.service import Service
from facewitness.web.app import make_app

LOCALHOST = "127.0.0.1"


def serve(service: Service, port: int) -> None:
    """Serve the bank until Ctrl-C; port 0 takes any that is free. BadInput where the port is taken."""
    service.actor = replace(service.actor, door="web")
    token = secrets.token_urlsafe(32)
    with listening(port) as sock:
        print(f"Facewitness is open at\n\n    {link(sock, token)}\n", flush=True)
        print("The link lets its holder search this bank; keep it to yourself. Ctrl-C closes it.", flush=True)
        with suppress(KeyboardInterrupt):  # uvicorn closes down, then sends itself the signal again
            make_server(service, token).run(sockets=[sock])


def make_server(service: Service, token: str) -> uvicorn.Server:
    """The server. It keeps no access log: the first line would hold the token."""
    config = uvicorn.Config(
        make_app(service, token),
        access_log=False,
        log_level="warning",
        lifespan="off",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


def listening(port: int) -> socket.socket:
    """A socket that only this machine reaches. Whoever follows the link before the server is up waits for it."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((LOCALHOST, port))
        sock.listen()
    except OSError as error:
        sock.close()
        raise BadInput(
            f"Port {port} cannot be opened: {error.strerror}.", "Choose another with --port, or 0 for any."
        ) from None
    return sock


def link(sock: socket.socket, token: str) -> str:
    """The address that lets a browser in."""
    return f"http://{LOCALHOST}:{sock.getsockname()[1]}/?token={token}"
