"""The verbs. Each act decides once, writes one ledger entry, and is the only kind of code that joins rooms."""

from facewitness.acts.bank import Bank
from facewitness.acts.enrol import OnProgress, Progress, close_orphans, enrol, ignore
from facewitness.acts.pipeline import Enrolled, Known, Outcome, TurnedAway
from facewitness.acts.probe import ExaminedProbe, Probe, ProbeFace, chosen_face, examine
from facewitness.acts.rebuild import rebuild
from facewitness.acts.recall import recall
from facewitness.acts.register import SourceDetails
from facewitness.acts.search import Query, search
from facewitness.acts.show import show
from facewitness.acts.withdraw import Withdrawal, withdraw

__all__ = [
    "Bank",
    "Enrolled",
    "ExaminedProbe",
    "Known",
    "OnProgress",
    "Outcome",
    "Probe",
    "ProbeFace",
    "Progress",
    "Query",
    "SourceDetails",
    "TurnedAway",
    "Withdrawal",
    "chosen_face",
    "close_orphans",
    "enrol",
    "examine",
    "ignore",
    "rebuild",
    "recall",
    "search",
    "show",
    "withdraw",
]
