"""The demonstration: bank the sample portraits, search them with one, show where each candidate came from."""

import subprocess
import sys
from pathlib import Path

HERE = Path(".demo")
BANK, PORTRAITS = HERE / "bank", HERE / "portraits"


def facewitness(*arguments: str) -> None:
    """Run a command as anybody would, and show it."""
    shown = " ".join(f"'{one}'" if " " in one else one for one in arguments)
    sys.stdout.write(f"\n$ facewitness {shown}\n")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "facewitness", *arguments], check=True)


def main() -> None:
    """Four commands, and how to go on."""
    bank = ("--bank", str(BANK))
    source = ("--name", "Sample portraits", "--steward", "You", "--basis", "licence")
    licence = ("--licence", "public domain (works of the US government)")
    facewitness("enrol", str(PORTRAITS), *source, *licence, *bank)
    facewitness("search", str(PORTRAITS / "obama2.jpg"), "--purpose", "try the demonstration", *bank)
    facewitness("ledger", "verify", *bank)
    sys.stdout.write(
        "\nThe same bank in a browser:\n\n"
        f"    {Path(sys.executable).parent}/facewitness serve --bank {BANK}\n\n"
        "then open the link that it prints. A folder of your own, into a bank of your own (~/facewitness):\n\n"
        f"    {Path(sys.executable).parent}/facewitness enrol FOLDER\n"
    )


if __name__ == "__main__":
    main()
