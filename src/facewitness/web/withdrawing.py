"""Withdraw exactly what an address names: the act itself takes a photo or a source by either's name."""

from facewitness.acts import Withdrawal
from facewitness.errors import BadInput, NotFound
from facewitness.service import Service
from facewitness.web.forms import Form

DIGEST_LENGTH = 64


def confirmed(form: Form) -> None:
    """BadInput where the box was not ticked that says that it is meant."""
    if not form.text("confirmed"):
        raise BadInput(
            "The withdrawal was not confirmed.", "Go back, and tick the box that says that it is meant."
        )


def withdraw_photo(service: Service, photo: str, reason: str) -> Withdrawal:
    """Withdraw the photo of that whole digest; NotFound where it is none."""
    if len(photo) != DIGEST_LENGTH:
        raise NotFound(f"There is no photo {photo!r} in the bank.", "Give its whole SHA-256.")
    return service.withdraw(photo, reason)


def withdraw_source(service: Service, source: str, reason: str) -> Withdrawal:
    """Withdraw the source of that id; NotFound where it is none."""
    if all(record.id != source for record, _ in service.sources()):
        raise NotFound(f"There is no source {source!r} in the bank.", "The sources page lists them.")
    return service.withdraw(source, reason)
