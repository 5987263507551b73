"""The rules of one bank: what a face must be like, and how a candidate list is cut."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from facewitness.terms.provenance import Digest, Validity


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a bank; by default those of `personal`. Their digest is written beside every search."""

    name: str = "personal"
    min_face_px: float = 24.0
    """A face whose box is narrower, in photo pixels, is refused as too small."""
    min_sharpness: float = 4.0
    """Variance of the Laplacian below which a face is refused as too blurred."""
    max_yaw: float = 75.0
    """Degrees of turn to either side beyond which a face is refused as too turned."""
    max_bad_exposure: float = 0.9
    """Share of under- or over-exposed pixels above which a face is refused as badly exposed."""
    fpir: float = 0.01
    """Target false positive identification rate: the threshold is set for it at the present bank size."""
    max_candidates: int = 50
    """The longest candidate list that may be asked for."""
    approved_sources_only: bool = False
    """Whether the photos of a source that nobody has approved stay out of the search."""
    only_the_consenting: bool = False
    """Whether of an account export only the faces of its holder, shown by a reference photo, get a template."""
    search_gone: bool = False
    """Whether a capture is searched on after a recheck has found it gone from the web."""
    search_changed: bool = True
    """Whether a capture is searched on after a recheck has found other content at its address."""

    def validity(self, at: datetime) -> Validity:
        """Which captures count in a search at that moment."""
        return Validity(at, self.approved_sources_only, self.search_gone, self.search_changed)

    @property
    def digest(self) -> Digest:
        """SHA-256 of the rules as canonical JSON."""
        canonical = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return Digest("sha256", hashlib.sha256(canonical.encode()).hexdigest())


POLICIES = {
    policy.name: policy
    for policy in (
        Policy(),
        Policy("archive", approved_sources_only=True, only_the_consenting=True, search_gone=True),
        Policy("agency", approved_sources_only=True, only_the_consenting=True),
    )
}
"""The policies by name: for one operator, for an archive that keeps what the web forgets, for an agency."""
