"""Settings from the environment; a bank's rules from its `policy.toml`, its places from its `bank.toml`.

Read once, at the doors, then frozen. `docs/settings.md` lists all three.
"""

import getpass
import os
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from facewitness.errors import BadInput
from facewitness.terms.policy import POLICIES, Policy


class Settings(BaseSettings):
    """Each field is read from `FACEWITNESS_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="FACEWITNESS_", frozen=True, extra="forbid")

    bank: Path = Field(
        default_factory=lambda: Path.home() / "facewitness",
        description="The bank's folder: catalogue, photos, gallery, and `policy.toml` where there is one.",
    )
    models: Path | None = Field(
        default=None, description="A folder of model cards, which are used in place of the default models."
    )
    cache: Path = Field(
        default_factory=lambda: user_cache_path("facewitness"),
        description="Where prepared model files are kept; may be deleted at any time.",
    )
    threads: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        description="Worker threads for enrolment, and threads for inference and for the search of a large bank.",
    )
    code_bytes: int = Field(
        default=16,
        ge=16,
        le=32,
        multiple_of=16,
        description="Bytes of memory a face takes in a bank of 10,000 faces or more, 16 or 32: with 32 a large "
        "bank's search finds in its first look what it otherwise compares four times as many templates for. Holds "
        "for what is written from then on; `facewitness gallery rebuild` writes all of it.",
    )
    actor: str = Field(
        default_factory=getpass.getuser, description="Who acts, as it is written to the ledger."
    )
    contact: str = Field(
        default="",
        description="An e-mail or web address under which whoever runs a website can reach you; sent with every "
        "request, and nothing is fetched without it.",
    )
    port: int = Field(
        default=8738, ge=0, le=65535, description="The port of `facewitness serve`; 0: any free."
    )


def read_settings(**given: object) -> Settings:
    """The settings, those given explicitly first; BadInput that names the variable which cannot be used."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "FACEWITNESS_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(
            f"{name} cannot be used: {first['msg']}.", "docs/settings.md lists the settings."
        ) from None


@dataclass(frozen=True, slots=True)
class Places:
    """Where a bank keeps what does not lie in its own folder. An empty one lies there.

    Whoever opens the folder opens all of the bank, so this stands in the folder and not in the environment.
    Secrets do not: each of these reads its own from where its tools do.
    """

    catalogue: str = ""
    """The URL of a PostgreSQL database."""
    photos: str = ""
    """`s3://bucket/prefix`."""
    gallery: str = ""
    """The URL of a Milvus server."""


def read_places(path: Path) -> Places:
    """The places in `bank.toml`, or the folder for all of them where there is none; BadInput where it is wrong."""
    advice = "docs/settings.md lists the places that it may name."
    known = {field.name for field in fields(Places)}
    places = _toml(path, advice)
    for name, value in places.items():
        if name not in known or not isinstance(value, str):
            raise BadInput(f"{path} sets {name!r} to {value!r}, which is not a place.", advice)
    return Places(**places)


def _toml(path: Path, advice: str) -> dict[str, Any]:
    """What a file of the bank sets; nothing where there is no such file."""
    try:
        return tomllib.loads(path.read_text()) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read: {error}.", advice) from None


def read_policy(path: Path) -> Policy:
    """The rules in `policy.toml`, or the defaults where there is no such file; BadInput where it is wrong."""
    advice = "docs/settings.md lists the rules that it may set."
    rules = _toml(path, advice)
    kinds = {name: type(default) for name, default in asdict(Policy()).items()}
    for name, value in rules.items():
        if name not in kinds:
            raise BadInput(f"{path} sets {name!r}, which is not a rule.", advice)
        if not isinstance(value, kinds[name] | int) or isinstance(value, bool) != (kinds[name] is bool):
            raise BadInput(f"{path} sets {name} to {value!r}; it takes a {kinds[name].__name__}.", advice)
    named = rules.get("name", Policy().name)
    if named not in POLICIES:
        known = ", ".join(POLICIES)
        raise BadInput(f"{path} names the policy {named!r}, which there is not.", f"Choose one of {known}.")
    policy = replace(POLICIES[named], **{name: kinds[name](value) for name, value in rules.items()})
    if not 0 < policy.fpir < 1:
        raise BadInput(f"{path} sets fpir to {policy.fpir}; it is a rate between 0 and 1.", advice)
    return policy
