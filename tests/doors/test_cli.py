"""The terminal door: every command, what it prints, and the code it exits with."""

import hashlib
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from typer.main import get_command
from typer.testing import CliRunner, Result

from facewitness import Service, __version__
from facewitness.__main__ import cli
from facewitness.cli.printing import out
from facewitness.faces import FaceReader
from facewitness.terms.candidate import CAVEAT, NO_CANDIDATE
from tests.assets import exports

DETAILS = ["--name", "Album", "--steward", "A. Steward", "--basis", "own-work"]
PURPOSE = ["--purpose", "test the terminal"]
ODD = "[bold]Zoë[/bold] :boat: 写真 [/] \\"
"""Words that a terminal library may take for markup."""

COMMANDS = [
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
COMMANDS += ["ledger", "ledger verify", "serve"]
COMMANDS += [
    f"sources {one}"
    for one in [
        "list",
        "add",
        "show",
        "report",
        "approve",
        "collect",
        "recheck",
        "reference",
        "expire",
        "renew",
        "withdraw",
    ]
]


@pytest.fixture(scope="module", autouse=True)
def models_once() -> Iterator[None]:
    """Each command opens the bank anew; the models are made ready once."""
    make, made = Service._make_faces, list[FaceReader]()

    def once(service: Service) -> FaceReader:
        if not made:
            made.append(make(service))
        return made[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Service, "_make_faces", once)
        yield


@pytest.fixture
def photos(portraits: Path, tmp_path: Path) -> Path:
    """A folder of three small photos, one with a caption that is hard to print, and a file that is none."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("biden.jpg", "obama.jpg", "obama3.jpg"):
        picture = Image.open(portraits / name)
        picture.thumbnail((256, 256))
        picture.save(folder / name, quality=92)
    (folder / "words.jpg").write_text("not a photo")
    row = {"file": "biden.jpg", "caption": ODD, "page_url": "https://example.org/[b]"}
    (folder / "manifest.jsonl").write_text(json.dumps(row))
    return folder


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bank that the commands work on; there is nothing in it yet."""
    folder = tmp_path / "bank"
    folder.mkdir()
    monkeypatch.setenv("FACEWITNESS_BANK", str(folder))
    return folder


@pytest.fixture
def album(bank: Path, photos: Path) -> Path:
    """The folder of photos, enrolled as the source `album`."""
    done("enrol", photos, *DETAILS)
    return photos


@pytest.fixture
def pair(photos: Path) -> Path:
    """A probe with two faces."""
    left, right = (Image.open(photos / name).resize((200, 256)) for name in ("biden.jpg", "obama.jpg"))
    both = Image.new("RGB", (400, 256))
    both.paste(left, (0, 0))
    both.paste(right, (200, 0))
    path = photos.parent / "pair.jpg"
    both.save(path, quality=92)
    return path


def run(*words: object) -> Result:
    """A command; nothing but its own exit may come out of it."""
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def done(*words: object) -> str:
    """What a command that succeeds prints."""
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def complaint(code: int, *words: object) -> list[str]:
    """The lines on stderr of a command that fails with this code; it prints nothing else."""
    result = run(*words)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    return result.stderr.splitlines()


def some_photo(folder: Path, name: str = "biden.jpg") -> str:
    """The digest by which a photo is named."""
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_explains_itself(command: str) -> None:
    for flag in ("--help", "-h"):
        text = done(*command.split(), flag)
        assert text.lstrip().startswith(f"Usage: facewitness {command}".rstrip())


def test_every_command_is_put_to_these_tests() -> None:
    root = get_command(cli)
    names = set()
    for name, command in getattr(root, "commands", {}).items():
        names |= {name} | {f"{name} {below}" for below in getattr(command, "commands", {})}
    assert names == set(COMMANDS)


def test_the_version_is_printed() -> None:
    assert done("--version") == f"facewitness {__version__}\n"


# What each prints, to people and to programs


def test_enrol_says_what_it_did_and_what_it_turned_away(bank: Path, photos: Path) -> None:
    text = done("enrol", photos, *DETAILS)
    assert "3 faces" in text
    assert "skipped: not an image 1." in text
    assert "4 of 4 paths were already done" in done("enrol", photos)


def test_enrol_tells_programs_of_each_photo_in_a_line(bank: Path, photos: Path) -> None:
    events = [json.loads(line) for line in done("enrol", photos, *DETAILS, "--json").splitlines()]
    assert [one["event"] for one in events] == ["enrolled"] * 3 + ["skipped", "summary"]
    assert {one["path"] for one in events[:3]} == {"biden.jpg", "obama.jpg", "obama3.jpg"}
    assert events[-2]["reason"] == "not an image"
    summary = {"photos": 3, "faces": 3, "captures": 3, "seen": 4, "skipped": {"not an image": 1}}
    assert summary.items() <= events[-1].items()


@pytest.mark.parametrize("shape", [[], ["--json"]])
def test_under_strict_a_skipped_photo_is_an_exit_code(bank: Path, photos: Path, shape: list[str]) -> None:
    assert run("enrol", photos, *DETAILS, "--strict", *shape).exit_code == 3
    (photos / "words.jpg").unlink()
    assert run("enrol", photos, "--strict", *shape).exit_code == 0


def test_search_shows_candidates_under_their_caveat_with_where_they_came_from(album: Path) -> None:
    text = done("search", album / "obama.jpg", *PURPOSE)
    assert text.startswith(CAVEAT)
    assert "from Album (own-work): obama.jpg" in text
    assert "2 candidates on 2 photographs, near-copies counted once." in text
    assert "FPIR(N=3" in text
    assert "ledger entry 1." in text


def test_search_gives_programs_the_same(album: Path) -> None:
    found = json.loads(done("search", album / "obama.jpg", *PURPOSE, "--json"))
    assert found["caveat"] == CAVEAT
    assert [one["rank"] for one in found["candidates"]] == [1, 2]
    assert found["purpose"] == "test the terminal"


@pytest.mark.parametrize(
    "filters",
    [
        ["--from", "2100-01-01"],
        ["--until", "1900-01-01T12:00:00"],
        ["--licence", "CC0"],
        ["--text", "harbour"],
        ["--threshold", "1"],
    ],
)
def test_a_search_that_finds_nobody_is_done_too(album: Path, filters: list[str], pair: Path) -> None:
    assert NO_CANDIDATE in done("search", pair, "--face", "2", *PURPOSE, *filters)


def test_what_others_wrote_is_printed_as_they_wrote_it(album: Path) -> None:
    found = done("search", album / "biden.jpg", *PURPOSE)
    page = done("show", some_photo(album))
    for text in (found, page):
        assert f"caption: {ODD}\n" in text
        assert "page: https://example.org/[b]\n" in text


def test_control_characters_in_a_file_name_do_not_reach_the_terminal(bank: Path, photos: Path) -> None:
    (photos / "obama.jpg").rename(photos / "\x1b]0;title\x07\x1b[2J.jpg")
    done("enrol", photos, *DETAILS)
    text = done("search", photos / "obama3.jpg", *PURPOSE)
    assert "\x1b" not in text
    assert "\\x1b]0;title\\x07\\x1b[2J.jpg" in text


@pytest.mark.parametrize("name", ["[red]", ODD, "a[/b]c"])
def test_names_are_printed_as_they_were_given(bank: Path, photos: Path, name: str) -> None:
    done("enrol", photos, "--name", name, "--steward", name, "--basis", "consent", "--licence", name)
    [record] = json.loads(done("sources", "--json"))
    assert (record["name"], record["steward"], record["licence"]) == (name, name, name)
    assert done("sources").count(name) == 3


def test_a_source_is_registered_on_terms_enrolled_by_its_id_ended_and_renewed(
    bank: Path, photos: Path
) -> None:
    terms = ["--owner", "The city", "--expires", "2999", "--minors", "none-shown"]
    text = done("sources", "add", "folder", photos, *DETAILS, *terms)
    assert "owner: The city" in text
    assert "expires: 2999-12-31" in text
    assert "`facewitness enrol album` enrols its photos." in text
    assert "3 faces" in done("enrol", "album")
    assert "approved: by" in done("sources", "approve", "album", "--reason", "seen")
    assert "not searched: it expired on" in done("sources", "expire", "album")
    assert "not searched" in done("sources")
    assert NO_CANDIDATE in done("search", photos / "obama.jpg", *PURPOSE)
    assert "not searched" not in done("sources", "renew", "album", "--review-by", "2999-05")
    shown = json.loads(done("sources", "show", "album", "--json"))
    assert shown["source"]["review_by"].startswith("2999-05-31")
    assert "photos skipped: not an image 1" in done("sources", "report")
    assert json.loads(done("sources", "report", "album", "--json"))[0]["skipped_photos"] == {
        "not an image": 1
    }
    assert done("sources", "withdraw", "album", "--yes") == "Withdrawn: 3 photos with 3 templates.\n"


def test_a_folder_goes_before_a_source_of_its_name(
    album: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "album").mkdir(parents=True)
    shutil.copy(album / "biden.jpg", tmp_path / "here" / "album")
    monkeypatch.chdir(tmp_path / "here")
    done("enrol", "album", "--name", "Other", "--steward", "A. Steward", "--basis", "consent")
    assert {one["source"] for one in json.loads(done("sources", "--json"))} == {"album", "other"}


def test_a_registered_file_is_enrolled_by_its_path_too(bank: Path, tmp_path: Path) -> None:
    export = exports.write_zip(tmp_path / "instagram-holder.zip", exports.instagram_2025())
    done("sources", "add", "export", export, *DETAILS)
    assert "New to the bank" in done("enrol", export)


def test_a_source_that_is_not_there_is_said_to_be_missing(album: Path) -> None:
    for command in ("show", "report", "approve", "expire", "renew", "withdraw"):
        assert complaint(1, "sources", command, "nowhere")[0] == "There is no source 'nowhere'."


def test_a_narrow_terminal_cuts_nothing_short(
    bank: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "_width", 40)
    done("enrol", photos, "--name", "n" * 60, "--steward", "A. Steward", "--basis", "consent")
    text = done("sources")
    assert "n" * 40 in text
    assert str(photos) in text


def test_show_prints_a_photo_with_its_faces(album: Path) -> None:
    photo = some_photo(album)
    text = done("show", photo[:8])
    assert text.startswith(f"Photo {photo}\n")
    assert "JPEG" in text
    assert "face 1: at" in text
    assert json.loads(done("show", photo, "--json"))["photo"]["photo"] == photo


@pytest.mark.parametrize("shape", [[], ["--json"]])
def test_withdraw_says_what_it_took(album: Path, shape: list[str]) -> None:
    photo = some_photo(album)
    text = done("withdraw", photo, "--reason", "asked for", "--yes", *shape)
    if shape:
        assert json.loads(text) == {"name": photo, "photos": 1, "templates": 1}
    else:
        assert text == "Withdrawn: 1 photo with 1 template.\n"
    assert complaint(1, "show", photo) == [f"There is no photo '{photo}' in the bank."]


def test_an_empty_bank_answers_every_question(bank: Path) -> None:
    assert "No source is registered." in done("sources")
    assert json.loads(done("sources", "--json")) == []
    assert "photos: 0" in done("status")
    assert "The ledger verifies: 0 entries." in done("ledger", "verify")
    assert done("gallery", "rebuild") == "The gallery was made again: 0 faces.\n"


def test_status_and_models_are_for_people_and_programs(album: Path, bank: Path) -> None:
    text = done("status")
    assert text.startswith(f"{bank}  policy personal, model ")
    assert "faces: 3" in text
    status = json.loads(done("status", "--json"))
    assert status["totals"]["faces"] == 3
    assert status["skipped_photos"] == {"not an image": 1}
    cards = json.loads(done("models", "--json"))
    assert [card["kind"] for card in cards] == ["detector", "embedder"]
    assert all(card["sha256"] in done("models") for card in cards)


def test_the_ledgers_head_is_printed_to_be_kept_and_held_against_it(album: Path) -> None:
    text = done("ledger", "verify")
    assert "The ledger verifies: 1 entry." in text
    head = text.rsplit(" ", 1)[1].strip()
    done("gallery", "rebuild", "--json")
    checked = json.loads(done("ledger", "verify", "--head", head, "--json"))
    assert (checked["verified"], checked["defects"]) == (True, [])
    assert checked["head"].startswith("2:")


@pytest.mark.parametrize("shape", [[], ["--json"]])
def test_a_ledger_that_does_not_verify_is_an_exit_code(album: Path, shape: list[str]) -> None:
    result = run("ledger", "verify", "--head", "9:" + "0" * 64, *shape)
    assert result.exit_code == 5
    assert "shortened" in result.stdout
    assert ("does NOT verify" in result.stdout) != bool(shape)


# Whose face is sought


def test_of_several_faces_one_has_to_be_chosen(album: Path, pair: Path) -> None:
    lines = complaint(1, "search", pair, *PURPOSE)
    assert lines[0] == f"{pair}:"
    assert [line.split(":")[0].strip() for line in lines[1:3]] == ["--face 1", "--face 2"]
    assert lines[-2:] == ["The probe shows 2 faces.", "Choose the person sought by number."]
    for number, name in (("1", "biden.jpg"), ("2", "obama.jpg")):
        assert f"): {name}\n" in done("search", pair, "--face", number, *PURPOSE)
    assert "There is no face 3" in complaint(1, "search", pair, "--face", "3", *PURPOSE)[0]


def test_the_faces_to_choose_from_are_written_as_a_picture(album: Path, pair: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet [1].jpg"
    lines = complaint(1, "search", pair, *PURPOSE, "--contact-sheet", sheet)
    assert f"Their pictures are in {sheet}." in lines
    with Image.open(sheet) as picture:
        assert picture.width > picture.height  # two faces side by side


def test_several_probes_each_have_their_own_face(album: Path, pair: Path) -> None:
    text = done("search", album / "obama3.jpg", pair, "--face", "0", "--face", "2", *PURPOSE)
    assert "obama.jpg" in text
    lines = complaint(1, "search", album / "obama3.jpg", pair, *PURPOSE)
    assert lines[0] == f"{pair}:"


# What goes wrong


def test_a_search_without_a_purpose_is_refused(album: Path) -> None:
    assert complaint(4, "search", album / "obama.jpg") == [
        "Refused: a search needs a stated purpose, of 3 letters at least."
    ]
    assert "2 entries" in done("ledger", "verify")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["enrol", "missing", *DETAILS], "is not a folder"),
        (["enrol", "missing", "--json", *DETAILS], "is not a folder"),
        (["enrol", "photos"], "is not registered as a source yet"),
        (["enrol", "photos", *DETAILS[:-1], "it was public"], "is not a legal basis"),
        (["search", "missing.jpg", *PURPOSE], "cannot be read"),
        (["search", "photos", *PURPOSE], "cannot be read"),
        (["search", "photos/words.jpg", *PURPOSE], "not an image"),
        (["search", "photos/obama.jpg", *PURPOSE, "--limit", "0"], "0 candidates"),
        (["search", "photos/obama.jpg", *PURPOSE, "--threshold", "nan"], "score of nan"),
        (["search", "photos/obama.jpg", *PURPOSE, "--threshold", "2"], "score of 2.0"),
        (["search", "pair.jpg", *PURPOSE, "--contact-sheet", "missing/sheet.jpg"], "cannot be written"),
        (["search", "photos/obama.jpg", "-p", os.fsdecode(b"why \xff\xfe\xfd")], "cannot be written down"),
        (["show", "[bold]"], "does not name a photo"),
        (["show", os.fsdecode(b"\xff")], "does not name a photo"),
        (["show", "abcdef"], "There is no photo"),
        (["withdraw", "no-such-source", "--yes"], "There is no source"),
        (["ledger", "verify", "--head", "nonsense"], "is not a tree head"),
        (["status", "--bank", "photos/obama.jpg"], "cannot be opened"),
        (["status", "--bank", "photos/obama.jpg/below"], "There is no bank"),
        (["status", "--bank", "missing"], "There is no bank"),
        (["search", "photos/obama.jpg", *PURPOSE, "--source", "another"], "There is no source"),
    ],
)
def test_an_error_is_two_lines_and_an_exit_code(
    bank: Path, photos: Path, pair: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], says: str
) -> None:
    monkeypatch.chdir(photos.parent)
    lines = complaint(1, *words)
    if "--contact-sheet" in words:
        lines = lines[3:]  # the faces to choose from stand above
    assert says in lines[0]
    assert len(lines) <= 2


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["search"],
        ["enrol"],
        ["search", "a.jpg", "--threshold", "high"],
        ["search", "a.jpg", "--limit", "many"],
        ["search", "a.jpg", "--from", "yesterday"],
        ["ledger", "verify", "--nonsense"],
        ["serve", "--port", "70000"],
    ],
)
def test_wrong_usage_is_an_exit_code_of_its_own(words: list[str]) -> None:
    assert "Usage:" in complaint(2, *words)[0]


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("fpir = 0", "rate between 0 and 1"),
        ("fpir = nan", "rate between 0 and 1"),
        ("fpir = 'low'", "takes a float"),
        ("ledger = false", "not a rule"),
        ("[bold", "cannot be read"),
    ],
)
def test_rules_that_cannot_be_used_are_named(bank: Path, policy: str, says: str) -> None:
    (bank / "policy.toml").write_text(policy)
    lines = complaint(1, "status")
    assert says in lines[0]
    assert lines[1].startswith("docs/settings.md")


def test_settings_that_cannot_be_used_are_named(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEWITNESS_THREADS", "many")
    assert "FACEWITNESS_THREADS" in complaint(1, "status")[0]


def test_a_catalogue_that_is_none_is_named(bank: Path) -> None:
    (bank / "catalogue.sqlite").write_text("no database" * 100)
    assert "catalogue" in complaint(1, "status")[0]


# In a process of its own


def test_a_new_folder_is_asked_about_on_a_terminal(bank: Path, photos: Path) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, b"Album\nA. Steward\nown work\n\n\n")
    done = subprocess.run(
        [sys.executable, "-m", "facewitness", "enrol", str(photos)],
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    assert "Legal basis (own-work, licence, consent" in done.stderr
    assert "A source needs a name" in done.stdout + done.stderr
    with Service.open(bank, actor="tester") as service:
        [(record, _)] = service.sources()
    assert (record.id, record.basis) == ("album", "own-work")


def test_the_program_says_an_error_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "facewitness", "enrol", "missing", *DETAILS, "--bank", "bank"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert [line for line in done.stderr.splitlines() if line.strip()] == [
        f"{tmp_path / 'missing'} is not a folder.",
        "Give the folder that holds the photos.",
    ]


def test_a_reader_who_leaves_early_is_no_accident(bank: Path, photos: Path) -> None:
    words = [sys.executable, "-m", "facewitness", "enrol", str(photos), *DETAILS, "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
