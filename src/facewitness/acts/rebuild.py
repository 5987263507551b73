"""Make the gallery again from the catalogue."""

from facewitness.acts.accountable import accountable
from facewitness.acts.bank import Bank, refill
from facewitness.terms.actor import ActKind, Actor


def rebuild(bank: Bank, actor: Actor) -> int:
    """Drop the gallery and build it anew; gives how many faces it holds."""
    with accountable(bank.catalogue, ActKind.REBUILD, actor) as account:
        gallery = bank.gallery()
        with bank.following:
            refill(gallery, bank.catalogue)
            gallery.save()
        account.facts |= {"model": gallery.model, "faces": len(gallery)}
    return len(gallery)
