"""The web application: routes, errors and the guard around them."""

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from facewitness import __version__
from facewitness.service import Service
from facewitness.web import api, pages, pictures, source_api, source_pages
from facewitness.web.desk import Desk
from facewitness.web.problems import add_handlers
from facewitness.web.rechecks import Rechecks
from facewitness.web.security import Guard


def make_app(service: Service, token: str) -> FastAPI:
    """The application for one bank, open to whoever has the token."""
    app = FastAPI(
        title="Facewitness",
        version=__version__,
        summary="A self-hosted face search engine that can account for itself.",
        description=api.DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # both would load their scripts from elsewhere
        redoc_url=None,
    )
    app.state.desk = Desk(service, Rechecks(service))
    app.add_middleware(Guard, token=token)
    add_handlers(app)
    app.include_router(pages.router)
    app.include_router(source_pages.router)
    app.include_router(pictures.router)
    app.include_router(api.router)
    app.include_router(source_api.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return app
