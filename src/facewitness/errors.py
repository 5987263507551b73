"""Every error that Facewitness raises on purpose.

    FacewitnessError
    ├── BadInput          what was given cannot be used (a probe, a manifest, an option)
    │   ├── NoFace        a probe in which no face was found
    │   └── ManyFaces     a probe with several faces, none chosen
    ├── NotFound          nothing of that name is in the bank, as far as this actor may see
    ├── NotAllowed        the access decision was no; `reason` says why
    ├── BankError         the bank on disk cannot be opened, or another process holds it
    ├── ModelError        a model file is missing, altered, or of another kind than its card says
    └── LedgerError       the ledger does not verify, or an entry could not be written

An error says what happened and what to do about it. Things that are merely turned away one by one
(a photo that cannot be decoded, a face too small) are not errors but values: `SkippedPhoto`, `RefusedFace`.
"""


class FacewitnessError(Exception):
    """The root of the tree: `what` happened and, where there is something to do, `advice`."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(f"{what} {advice}".strip())
        self.what = what
        self.advice = advice


class BadInput(FacewitnessError):
    """What was given cannot be used."""


class NoFace(BadInput):
    """No face was found in the probe."""


class ManyFaces(BadInput):
    """The probe shows several faces and none was chosen; `count` says how many."""

    def __init__(self, what: str, advice: str, count: int) -> None:
        super().__init__(what, advice)
        self.count = count


class NotFound(FacewitnessError):
    """Nothing of that name is in the bank, as far as this actor may see."""


class NotAllowed(FacewitnessError):
    """The access decision was no."""


class BankError(FacewitnessError):
    """The bank cannot be opened or written."""


class ModelError(FacewitnessError):
    """A model file is missing, altered, or not what its card says."""


class LedgerError(FacewitnessError):
    """The ledger does not verify, or an entry could not be written."""
