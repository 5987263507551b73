"""Software finds candidates; who somebody is, people say. No words that claim more leave the program."""

import ast
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

import facewitness
from facewitness.__main__ import cli

CODE = Path(facewitness.__path__[0])
CLAIMS = re.compile(
    r"\bmatch(es|ed|ing)?\b|\bidentif(y|ies|ied|ying)\b|\bhits?\b|\bidentity\b|\bconfiden(ce|t)\b|\bsimilarity\b",
    re.IGNORECASE,
)

TECHNICAL = {"If-None-Match", "warc-identified-payload-type"}
"""Strings of the code that hold such a word and are never shown to anybody."""

COMMANDS = [
    ["enrol", "photos", "--name", "Album", "--steward", "A. Steward", "--basis", "own-work"],
    ["search", "photos/biden.jpg", "--purpose", "test the words"],
    ["search", "photos/biden.jpg", "--purpose", "test the words", "--threshold", "1", "--text", "nothing"],
    ["search", "photos/biden.jpg"],
    ["search", "photos/words.txt", "--purpose", "test the words"],
    ["sources"],
    ["status"],
    ["models"],
    ["gallery", "rebuild"],
    ["gallery", "check"],
    ["show", "PHOTO"],
    ["show", "ffffff"],
    ["withdraw", "PHOTO"],
    ["ledger", "verify"],
    ["ledger", "verify", "--head", "99:" + "0" * 64],
]
HELPED = [
    "",
    "enrol",
    "search",
    "show",
    "withdraw",
    "sources",
    "status",
    "models",
    "gallery",
    "gallery rebuild",
    "gallery check",
]
HELPED += ["ledger", "ledger verify", "serve"]


@pytest.fixture
def place(portraits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two photos and a file that is none; beside it the bank will be."""
    (tmp_path / "photos").mkdir()
    for name in ("biden.jpg", "obama.jpg"):
        picture = Image.open(portraits / name)
        picture.thumbnail((256, 256))
        picture.save(tmp_path / "photos" / name)
    (tmp_path / "photos/words.txt").write_text("not a photo")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FACEWITNESS_BANK", str(tmp_path / "bank"))
    return tmp_path


def printed(words: list[str]) -> str:
    """All that a command prints, on both streams."""
    return CliRunner().invoke(cli, words).output


def strings(path: Path) -> Iterator[str]:
    """The string constants of a module, docstrings left out."""
    tree = ast.parse(path.read_text())
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


@pytest.mark.parametrize(
    "claim",
    [
        "3 matches",
        "a Match",
        "was identified",
        "identify",
        "a hit",
        "97 % identity",
        "high confidence",
        "similarity",
    ],
)
def test_words_that_claim_too_much_are_noticed(claim: str) -> None:
    assert CLAIMS.search(claim)


@pytest.mark.parametrize("word", ["false positive identification rate", "white", "dispatched", "candidate"])
def test_other_words_are_not(word: str) -> None:
    assert not CLAIMS.search(word)


def test_no_command_prints_a_word_that_claims_too_much(place: Path) -> None:
    photo = hashlib.sha256((place / "photos/biden.jpg").read_bytes()).hexdigest()
    for words in COMMANDS:
        for shape in ([], ["--json"]):
            text = printed([photo if word == "PHOTO" else word for word in words] + shape)
            assert text.strip()
            assert CLAIMS.findall(text) == [], words


@pytest.mark.parametrize("command", HELPED)
def test_no_help_claims_too_much(command: str) -> None:
    text = printed([*command.split(), "--help"])
    assert "Usage:" in text
    assert CLAIMS.findall(text) == []


def test_no_string_of_the_code_claims_too_much() -> None:
    claims = {
        f"{path.relative_to(CODE)}: {text[:80]}"
        for path in sorted(CODE.rglob("*.py"))
        for text in strings(path)
        if CLAIMS.search(text) and text not in TECHNICAL
    }
    assert claims == set()


def test_no_page_claims_too_much() -> None:
    pages = sorted(CODE.rglob("*.html"))
    assert pages
    assert {path.name for path in pages if CLAIMS.search(path.read_text())} == set()
