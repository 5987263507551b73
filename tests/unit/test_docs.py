"""The documents say what the code does: settings, rules, words, links."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from facewitness import terms
from facewitness.settings import Settings
from facewitness.terms import policy as policy_module
from facewitness.terms.policy import Policy

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]

PLAIN = {
    "Box",
    "Detection",
    "EmbeddedFacts",
    "Entry",
    "Filters",
    "Observation",
    "Outcome",
    "Quality",
    "Status",
}
PLAIN |= {
    "ActKind",
    "Answer",
    "EmbeddedFace",
    "PhotoPage",
    "RefusalReason",
    "Seal",
    "SkipReason",
    "SourceKind",
    "Verdict",
}
PLAIN |= {"Appearance", "Collected", "DoomedRecord", "FetchRefusal", "OpenedCopy", "Revisited"}
PLAIN |= {"MinorsPolicy", "SourceReport", "Terms", "Validity"}
PLAIN |= {"Arrival", "Photo", "Policy", "Scored", "SourceRecord", "TemplateRole", "Visit"}
"""Nouns of the code that mean what they say, or are parts and kinds of a noun that the glossary has."""


def table(page: str, heading: str) -> dict[str, tuple[str, str]]:
    """The table with that first column: its other two columns by the first, in its order."""
    text = (DOCS / page).read_text()
    rows = text.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {name.strip("`"): (default, meaning) for name, default, meaning in cells}


def glossary() -> list[str]:
    """The words that the glossary defines, in its order."""
    return re.findall(r"^\| \*\*(.+?)\*\* \|", (DOCS / "glossary.md").read_text(), re.MULTILINE)


def nouns() -> Iterator[str]:
    """The public classes of `terms`."""
    for path in sorted(Path(terms.__path__[0]).glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name


def links(page: Path) -> list[str]:
    """The targets of a page's links, those in code left out."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
    return [one for one in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", one)]


def anchors(page: Path) -> set[str]:
    """What a link may name within a page: its headings, as they are written in addresses."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def test_every_setting_is_listed_with_its_meaning() -> None:
    listed = {name: meaning for name, (_, meaning) in table("settings.md", "variable").items()}
    assert listed == {
        f"FACEWITNESS_{name.upper()}": field.description for name, field in Settings.model_fields.items()
    }


@pytest.mark.parametrize("name", ["bank", "port"])
def test_the_defaults_of_settings_are_as_listed(name: str) -> None:
    default, _ = table("settings.md", "variable")[f"FACEWITNESS_{name.upper()}"]
    actual = str(getattr(Settings(), name)).replace(str(Path.home()), "~")
    assert default == f"`{actual}`"


def test_every_rule_is_listed_with_its_default() -> None:
    listed = {name: default for name, (default, _) in table("settings.md", "rule").items()}
    assert listed == {field.name: f"`{field.default}`" for field in fields(Policy)}


def test_every_rule_is_explained_as_in_the_code() -> None:
    body = ast.parse(inspect.getsource(policy_module)).body
    [definition] = [node for node in body if isinstance(node, ast.ClassDef) and node.name == "Policy"]
    listed = table("settings.md", "rule")
    explained = 0
    for node, after in zip(definition.body, definition.body[1:], strict=False):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            assert listed[node.target.id][1] == after.value.value
            explained += 1
    assert explained == len(listed) - 1  # the name explains itself


def test_the_glossary_has_every_noun_of_the_code_that_needs_a_word() -> None:
    spaced = {re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower(): name for name in nouns()}
    defined = {word.split(" (")[0] for word in glossary()}
    assert {name for word, name in spaced.items() if word not in defined} == PLAIN


def test_the_glossary_is_in_the_order_of_the_alphabet_and_defines_nothing_twice() -> None:
    words = [re.sub(r"\(.*", "", word).strip().lower() for word in glossary()]
    assert len(words) == len(set(words)) > 30
    assert words == sorted(words, key=lambda word: word.replace("-", " "))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_every_folder_of_the_code_is_in_the_plan_of_the_architecture() -> None:
    plan = (DOCS / "architecture.md").read_text().split("```")[1]
    code = ROOT / "src/facewitness"
    rooms = {f"{path.parent.name}/" for path in code.glob("*/__init__.py")}
    modules = {path.name for path in code.glob("*.py")} - {"__init__.py"}
    assert [one for one in sorted(rooms | modules) if one not in plan] == []
