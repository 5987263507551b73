"""The verbs. Each act decides once, writes one ledger entry, and is the only kind of code that joins rooms."""

from facewitness.acts.amend import approve, expire, renew
from facewitness.acts.bank import Bank, now
from facewitness.acts.check import GalleryCheck, check
from facewitness.acts.collect import OnCollected, collect, recheck
from facewitness.acts.enrol import OnProgress, Progress, enrol
from facewitness.acts.pipeline import Enrolled, Known, Outcome, TurnedAway
from facewitness.acts.probe import ExaminedProbe, Probe, ProbeFace, chosen_face, examine
from facewitness.acts.rebuild import rebuild
from facewitness.acts.recall import recall
from facewitness.acts.reference import give_reference
from facewitness.acts.register import Place, SourceDetails, register
from facewitness.acts.runs import close_orphans, hear_nothing
from facewitness.acts.search import Query, search
from facewitness.acts.show import open_copy, show
from facewitness.acts.withdraw import Withdrawal, withdraw

__all__ = [
    "Bank",
    "Enrolled",
    "ExaminedProbe",
    "GalleryCheck",
    "Known",
    "OnCollected",
    "OnProgress",
    "Outcome",
    "Place",
    "Probe",
    "ProbeFace",
    "Progress",
    "Query",
    "SourceDetails",
    "TurnedAway",
    "Withdrawal",
    "approve",
    "check",
    "chosen_face",
    "close_orphans",
    "collect",
    "enrol",
    "examine",
    "expire",
    "give_reference",
    "hear_nothing",
    "now",
    "open_copy",
    "rebuild",
    "recall",
    "recheck",
    "register",
    "renew",
    "search",
    "show",
    "withdraw",
]
