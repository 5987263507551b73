"""REST for the register of sources."""

from dataclasses import fields
from typing import Any

from pydantic import Field

from facewitness.acts import SourceDetails
from facewitness.reports.bank_schemas import SourceOut, SourceReportOut
from facewitness.terms.provenance import SourceKind, SourceRecord
from facewitness.web.desk import Desk, TheDesk
from facewitness.web.rechecks import RecheckOut
from facewitness.web.rest import Asked, WithdrawalOut, WithdrawIn, rest_router
from facewitness.web.withdrawing import withdraw_source

router = rest_router()


class SourceIn(Asked):
    """A source to be registered."""

    kind: SourceKind
    location: str = Field(
        description="where its photos are: a path on the machine that serves the bank, or an address"
    )
    name: str
    steward: str = Field(description="who answers for these photos")
    legal_basis: str
    licence: str = ""
    note: str = ""
    owner: str = ""
    citation: str = Field(default="", description="the law that a statutory mandate rests on")
    agreement: str = Field(default="", description="in words, or the path of its document")
    minors: str = ""
    starts: str = Field(default="", description="2027, 2027-05, 2027-05-01 or an ISO 8601 time")
    expires: str = ""
    review_by: str = ""
    scope: list[str] = Field(default=[], description="addresses beyond which nothing is fetched or taken in")

    def details(self) -> SourceDetails:
        """As the service takes them."""
        said: dict[str, Any] = self.model_dump(exclude={"kind", "location"})
        said |= {"basis": said.pop("legal_basis"), "scope": tuple(self.scope)}
        return SourceDetails(**{field.name: said[field.name] for field in fields(SourceDetails)})


class ReasonIn(Asked):
    """Why a source is changed."""

    reason: str = ""


class RenewIn(ReasonIn):
    """Until when a source holds; without a date it has none."""

    expires: str = ""
    review_by: str = ""


@router.get("/sources")
def sources(desk: TheDesk) -> list[SourceOut]:
    """The registered sources."""
    service = desk.service
    return [SourceOut.of(one, counts, service.out_of_force(one)) for one, counts in service.sources()]


@router.post("/sources", status_code=201)
def add_source(desk: TheDesk, asked: SourceIn) -> SourceReportOut:
    """Register a source. Its photos are enrolled from the terminal or Python."""
    return _report(desk, desk.service.add_source(asked.kind, asked.location, asked.details()))


@router.get("/sources/{source}")
def source(desk: TheDesk, source: str) -> SourceReportOut:
    """A source: its terms, what the bank holds from it, and what was turned away, by reason."""
    return SourceReportOut.of(desk.service.source_report(source))


@router.post("/sources/{source}/approve")
def approve(desk: TheDesk, source: str, asked: ReasonIn) -> SourceReportOut:
    """Approve a source, in the name of whoever serves the bank."""
    return _report(desk, desk.service.approve_source(source, asked.reason))


@router.post("/sources/{source}/expire")
def expire(desk: TheDesk, source: str, asked: ReasonIn) -> SourceReportOut:
    """End a source now: its photos leave the search, and stay in the bank."""
    return _report(desk, desk.service.expire_source(source, asked.reason))


@router.post("/sources/{source}/renew")
def renew(desk: TheDesk, source: str, asked: RenewIn) -> SourceReportOut:
    """Set when a source ends and when it is to be reviewed."""
    renewed = desk.service.renew_source(source, asked.expires, asked.review_by, asked.reason)
    return _report(desk, renewed)


@router.post("/sources/{source}/recheck", status_code=202)
def recheck(desk: TheDesk, source: str) -> RecheckOut:
    """Ask again for what a source's captures were taken from; it goes on after this answer."""
    return desk.rechecks.start(source)


@router.get("/sources/{source}/recheck")
def recheck_state(desk: TheDesk, source: str) -> RecheckOut:
    """How far a recheck is; what it found is in the source's report."""
    return desk.rechecks.state(source)


@router.post("/sources/{source}/withdraw")
def withdraw_one_source(desk: TheDesk, source: str, asked: WithdrawIn) -> WithdrawalOut:
    """Withdraw a source with the photos that no other source holds."""
    return WithdrawalOut.of(withdraw_source(desk.service, source, asked.reason))


def _report(desk: Desk, record: SourceRecord) -> SourceReportOut:
    return SourceReportOut.of(desk.service.source_report(record.id))
