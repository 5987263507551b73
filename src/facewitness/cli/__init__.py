"""The terminal door: one command per act."""

from facewitness.cli.app import Bank, cli, opened

__all__ = ["Bank", "cli", "opened"]
