"""Settings from the environment: read once, at the doors, then frozen. `docs/settings.md` lists them."""

import getpass
import os
from pathlib import Path

from platformdirs import user_cache_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from facewitness.errors import BadInput


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
        description="Worker threads for enrolment and threads for inference.",
    )
    actor: str = Field(
        default_factory=getpass.getuser, description="Who acts, as it is written to the ledger."
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
