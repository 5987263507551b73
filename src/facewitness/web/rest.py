"""What the parts of the REST interface share: how they are guarded, how errors look, how something is withdrawn."""

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from facewitness.acts import Withdrawal
from facewitness.web.problems import Problem


def rest_router() -> APIRouter:
    """A part of `/api/v1`."""
    return APIRouter(
        prefix="/api/v1",
        dependencies=[
            Depends(HTTPBearer(auto_error=False, description="The token of the link that was printed"))
        ],
        responses={
            "default": {
                "description": "An error",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                "model": Problem,
            }
        },
    )


class Asked(BaseModel):
    """A body that was sent: nothing in it that is not known."""

    model_config = ConfigDict(extra="forbid")


class WithdrawIn(Asked):
    """Why something is withdrawn."""

    reason: str = ""


class WithdrawalOut(BaseModel):
    """What was withdrawn."""

    name: str
    photos: int
    faces: int = Field(description="faces that can no longer be searched")

    @classmethod
    def of(cls, done: Withdrawal) -> "WithdrawalOut":
        """From the noun."""
        return cls(name=done.name, photos=done.photos, faces=done.templates)
