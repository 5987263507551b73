"""A self-hosted face search engine that can account for itself.

from facewitness import Service

with Service.open("bank") as service:
    service.enrol("photos", name="Our photos", steward="A. Name", basis="own-work")
    found = service.search("probe.jpg", purpose="find the negatives of this portrait")
"""

__version__ = "0.1.0"

from facewitness.acts import Probe, Progress
from facewitness.errors import BadInput, FacewitnessError, ManyFaces, NoFace, NotAllowed, NotFound
from facewitness.service import Service
from facewitness.terms.candidate import Candidate, CandidateList, Filters
from facewitness.terms.face import Face
from facewitness.terms.pages import PhotoPage
from facewitness.terms.provenance import Capture, Photo

__all__ = [
    "BadInput",
    "Candidate",
    "CandidateList",
    "Capture",
    "Face",
    "FacewitnessError",
    "Filters",
    "ManyFaces",
    "NoFace",
    "NotAllowed",
    "NotFound",
    "Photo",
    "PhotoPage",
    "Probe",
    "Progress",
    "Service",
]
