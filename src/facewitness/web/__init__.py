"""The web door: server-rendered pages and a REST interface, on this machine only."""

from facewitness.web.app import make_app
from facewitness.web.serving import serve

__all__ = ["make_app", "serve"]
