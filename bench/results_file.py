"""`bench/results/NAME.json`: on what machine, from which commit, by which command, and the rows."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def write_results(name: str, command: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write the file and print its rows."""
    RESULTS.mkdir(exist_ok=True)
    found = {"machine": machine(), "commit": commit(), "command": command, "rows": list(rows)}
    (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n")
    for row in rows:
        print(json.dumps(row))


def machine() -> str:
    """Processor, cores and memory, in words."""
    model = platform.processor() or platform.machine()
    memory = ""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    except (OSError, StopIteration, ValueError):
        pass
    return f"{model}, {os.cpu_count()} cores{memory}, Python {platform.python_version()}"


def commit() -> str:
    """The commit that was measured, with a `+` where files had been changed since."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
        )
        changed = subprocess.run(
            ["git", "status", "--porcelain", "src"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")
