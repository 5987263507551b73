"""The terminal door: one command per act."""

from facewitness.cli.app import cli
from facewitness.cli.opening import Bank, opened

__all__ = ["Bank", "cli", "opened"]
