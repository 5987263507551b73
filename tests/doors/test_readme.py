"""What README and quickstart tell a newcomer to type works, as it is written there."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    return [text for kind, text in FENCE.findall((ROOT / page).read_text()) if kind == language]


def commands(page: str) -> list[str]:
    lines = [line for text in blocks(page, "sh") for line in text.splitlines()]
    return [line.split("  #")[0].strip() for line in lines]


@pytest.fixture
def newcomer(tmp_path: Path, portraits: Path) -> dict[str, str]:
    """A home with a folder of pictures, a probe, and the programs of this environment on the path."""
    pictures = tmp_path / "Pictures"
    pictures.mkdir()
    for name in ("obama.jpg", "biden.jpg"):
        shutil.copy(portraits / name, pictures)
    shutil.copytree(pictures, tmp_path / "photos")
    shutil.copy(portraits / "obama2.jpg", tmp_path / "probe.jpg")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"HOME": str(tmp_path), "PATH": path, "FACEWITNESS_PORT": "0", "LANG": "C.UTF-8"}


def run(command: str, home: dict[str, str]) -> subprocess.CompletedProcess[str]:
    expanded = command.replace("~", home["HOME"])
    return subprocess.run(
        shlex.split(expanded),
        cwd=home["HOME"],
        env=home,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def test_the_commands_of_the_readme_work(newcomer: dict[str, str]) -> None:
    typed = [one for one in commands("README.md") if one.startswith("facewitness")]
    assert [one.split()[1] for one in typed] == ["enrol", "search", "serve"]
    for one in typed[:2]:
        done = run(one, newcomer)
        assert done.returncode == 0, done.stderr
    assert "obama.jpg" in done.stdout


def test_the_python_of_the_readme_works(newcomer: dict[str, str]) -> None:
    [code] = blocks("README.md", "python")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=newcomer["HOME"],
        env=newcomer,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 0.")
    assert "obama.jpg" in done.stdout


def test_the_python_of_the_readme_is_six_lines(newcomer: dict[str, str]) -> None:
    [code] = blocks("README.md", "python")
    assert len([line for line in code.splitlines() if line.strip()]) <= 6


def test_the_commands_of_the_quickstart_work(newcomer: dict[str, str]) -> None:
    details = " --name 'Family album' --steward me --basis own-work"  # asked for on a terminal
    for one in commands("docs/quickstart.md"):
        program = one.split()[:2]
        if program[0] != "facewitness" or program[1] == "serve" or "SIZE:ROOT" in one:
            continue
        if "a7efcc907375" in one:
            continue  # the digest of a photo that this newcomer does not have
        done = run(one + (details if program[1] == "enrol" else ""), newcomer)
        assert done.returncode == 0, f"{one}: {done.stderr}"


@pytest.fixture
def served(newcomer: dict[str, str]) -> Iterator[str]:
    """The link that `facewitness serve` prints."""
    with subprocess.Popen(
        ["facewitness", "serve"], env=newcomer, cwd=newcomer["HOME"], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            links = (re.findall(r"http://\S+token=\S+", line) for line in server.stdout)
            [link] = next(found for found in links if found)
            yield link
        finally:
            server.terminate()


def test_the_link_that_serve_prints_opens(served: str) -> None:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    for _ in range(50):
        try:
            page = opener.open(served, timeout=5).read().decode()
            break
        except OSError:
            time.sleep(0.2)
    assert "Search the bank" in page
