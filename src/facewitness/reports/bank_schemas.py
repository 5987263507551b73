"""The bank as JSON: its sources, its figures, its models and its ledger, in the way of `schemas`."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from pydantic import Field

from facewitness.reports.schemas import Out, ThresholdOut
from facewitness.terms.pages import SourceReport, Status
from facewitness.terms.provenance import SourceRecord


class SourceOut(Out):
    """A registered source and what the bank holds from it."""

    source: str
    name: str
    kind: str
    location: str
    steward: str
    legal_basis: str
    licence: str
    note: str
    registered_at: datetime
    scope: list[str] = Field(
        description="addresses beyond which nothing is fetched or taken in; empty: no such limit"
    )
    owner: str
    citation: str
    agreement: str
    agreement_digest: str
    minors: str
    starts: datetime | None
    expires: datetime | None
    review_by: datetime | None
    approved_by: str
    approved_at: datetime | None
    out_of_force: str = Field(description="why its photos are not searched now; empty where they are")
    photos: int
    captures: int
    faces: int

    @classmethod
    def of(cls, record: SourceRecord, counts: Mapping[str, int], out_of_force: str) -> "SourceOut":
        """From the noun and its counts."""
        return cls(
            **asdict(record.terms),
            scope=list(record.scope),
            out_of_force=out_of_force,
            source=record.id,
            name=record.name,
            kind=record.kind,
            location=record.location,
            steward=record.steward,
            legal_basis=record.basis,
            licence=record.licence,
            note=record.note,
            registered_at=record.registered_at,
            photos=counts.get("photos", 0),
            captures=counts.get("captures", 0),
            faces=counts.get("faces", 0),
        )


class SourceReportOut(Out):
    """A source in figures."""

    source: SourceOut
    refused_faces: dict[str, int] = Field(description="faces given no template, by reason")
    skipped_photos: dict[str, int] = Field(description="photos turned away, by reason")
    captures_by_state: dict[str, int] = Field(description="what the last recheck found of its captures")
    rechecked_at: datetime | None
    fetched: dict[str, int] = Field(description="the last time it was fetched from the web: kept and refused")
    fetched_at: datetime | None

    @classmethod
    def of(cls, report: SourceReport) -> "SourceReportOut":
        """From the noun."""
        return cls(
            source=SourceOut.of(report.source, report.totals, report.out_of_force),
            refused_faces=dict(report.refused),
            skipped_photos=dict(report.skipped),
            captures_by_state=dict(report.states),
            rechecked_at=report.rechecked_at,
            fetched=dict(report.fetched),
            fetched_at=report.fetched_at,
        )


class StatusOut(Out):
    """The bank in figures."""

    bank: str
    model: str
    policy: str
    policy_digest: str
    totals: dict[str, int]
    skipped_photos: dict[str, int] = Field(description="photos turned away, by reason")
    refused_faces: dict[str, int] = Field(description="faces given no template, by reason")
    threshold: ThresholdOut
    ledger_head: str

    @classmethod
    def of(cls, status: Status) -> "StatusOut":
        """From the noun."""
        return cls(
            bank=status.bank,
            model=status.model,
            policy=status.policy.name,
            policy_digest=str(status.policy.digest),
            totals=dict(status.totals),
            skipped_photos=dict(status.skipped),
            refused_faces=dict(status.refused),
            threshold=ThresholdOut.of(status.threshold),
            ledger_head=status.ledger_head,
        )


class ModelOut(Out):
    """A model card."""

    name: str
    kind: str
    sha256: str
    licence: str
    source: str
    measured_on: str
    weak_spots: str


class VerificationOut(Out):
    """A check of the whole ledger."""

    verified: bool
    head: str = Field(description="SIZE:ROOT, to be kept elsewhere")
    defects: list[str]
