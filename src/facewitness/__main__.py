"""The program: the terminal door, with the command that opens the web door."""

from typing import Annotated

import typer

from facewitness.cli import Bank, cli, opened

__all__ = ["cli", "main"]


@cli.command()
def serve(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")
    ] = None,
    bank: Bank = None,
) -> None:
    """Open the bank in a browser, on this machine only."""
    from facewitness.web import serve as serve_web  # FastAPI takes half a second that no other command needs

    with opened(bank, may_be_new=True) as service:
        serve_web(service, service.settings.port if port is None else port)


def main() -> None:
    """The `facewitness` command."""
    cli()


if __name__ == "__main__":
    main()
