"""What the killer kills: commit an act, follow, now and then save or make the gallery again; until the end."""

import sys
from pathlib import Path
from typing import cast

from facewitness.acts.bank import follow, refill
from facewitness.store import Catalogue
from tests.unit.gallery.embedded.log import Log, open_small


def main(folder: Path) -> None:
    log, gallery = Log(folder / "log"), open_small(folder / "gallery")
    catalogue = cast("Catalogue", log)
    print("ready", flush=True)
    while True:
        log.commit()
        follow(gallery, catalogue)
        if log.acts % 5 == 0:
            gallery.save()
        if log.acts % 31 == 0:
            refill(gallery, catalogue)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
