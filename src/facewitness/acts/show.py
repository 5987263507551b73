"""Open a photo: everything the bank knows of it, and where it came from."""

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank
from facewitness.terms.actor import ActKind, Actor
from facewitness.terms.pages import PhotoPage


def show(bank: Bank, actor: Actor, name: str) -> PhotoPage:
    """The photo whose SHA-256 is or begins with `name`; NotFound where it is not in the actor's scope."""
    with accountable(bank.catalogue, ActKind.SHOW, actor) as account:
        account.seals["name"] = name
        with bank.view(actor.scope) as view:
            photo = view.photo(name)
            copies = view.near_copies([photo.id]).get(photo.id, ())
            page = PhotoPage(
                photo=photo,
                captures=view.captures([photo.id])[photo.id],
                faces=tuple(view.faces_of(photo.id)),
                near_copies=tuple(view.photos(copies).values()),
            )
        account.seals["photo"] = photo.id
    return page
