"""`manifest.csv` and `manifest.jsonl`: where the photos of a folder, and of those below it, were found.

CSV: UTF-8 with or without a byte order mark, a header line with the names of `COLUMNS` (`file` at least),
commas, or semicolons or tabs where the header has them. JSONL: one object a line with the same keys. Several
rows for one file are several appearances of that photo.
"""

import csv
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from facewitness.sources.files import open_file, refused
from facewitness.sources.rows import COLUMNS, BadRow, Row, file_key, parse_row
from facewitness.terms.provenance import SkippedPhoto, SkipReason

MANIFESTS = ("manifest.csv", "manifest.jsonl")

_MAX_LINE = 1024 * 1024
"""Bytes of a line that are looked at: a file without line breaks must not fill the memory."""

Read = tuple[int, "Row | BadRow"]
"""The line, counted from 1, and what it holds."""


class Manifest:
    """The rows of one manifest in memory; each is taken out when its file comes by."""

    def __init__(self, real_path: str, path: str) -> None:
        """The manifest at `real_path`, which within the source is called `path`."""
        self._real_path, self.path = real_path, path
        self._folder = path.rpartition("/")[0]
        self._rows: dict[str, list[Row]] = {}

    def load(self) -> Iterator[SkippedPhoto]:
        """Take in every row, and give those that cannot be used."""
        parse = read_jsonl if self.path.endswith(".jsonl") else read_csv
        try:
            with open_file(self._real_path) as stream:
                for line, row in parse(stream):
                    problem = self._keep(row) if isinstance(row, Row) else row
                    if problem is not None:
                        yield self._bad(line, problem)
        except OSError as error:
            yield refused(self.path, error)

    def take(self, path: str) -> list[Row]:
        """The rows of the file called `path` within the source, in their order; each is given once."""
        inside = path[len(self._folder) + 1 :] if self._folder else path
        return self._rows.pop(file_key(inside), [])

    def left(self) -> Iterator[SkippedPhoto]:
        """The rows whose file never came by."""
        for rows in self._rows.values():
            for row in rows:
                name = f"{self._folder}/{row.file}".lstrip("/")
                yield SkippedPhoto(name, SkipReason.MISSING_FILE, f"{self.path}, line {row.line}")

    def _keep(self, row: Row) -> BadRow | None:
        rows = self._rows.setdefault(file_key(row.file), [])
        for other in rows:
            if other.tag == row.tag:
                return BadRow(f"repeats file, addresses and time of line {other.line}")
        rows.append(row)
        return None

    def _bad(self, line: int, error: BadRow) -> SkippedPhoto:
        return SkippedPhoto(f"{self.path}:{line}", SkipReason.BAD_MANIFEST_ROW, f"line {line}: {error}")


def read_csv(stream: BinaryIO) -> Iterator[Read]:
    """The rows of a CSV manifest with their lines; for one that cannot be used the reason."""
    lines = _lines(stream)
    first = next(lines, "")
    names = _header(first)
    if "file" not in names:
        yield 1, BadRow("the header names no column `file`")
        return
    if unknown := [name for name in names if name not in COLUMNS]:
        yield 1, BadRow(f"columns not known and not used: {_some(unknown)}")
    reader = csv.reader(lines, delimiter=_delimiter(first), strict=True)
    while True:
        line = reader.line_num + 2
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # the reader goes on with the next line
            yield line, BadRow(str(error))
            continue
        if any(field.strip() for field in fields):
            yield line, _row(names, fields, line)


def read_jsonl(stream: BinaryIO) -> Iterator[Read]:
    """The rows of a JSONL manifest with their lines; for one that cannot be used the reason."""
    known: set[str] = set(COLUMNS)
    for line, text in enumerate(_lines(stream), start=1):
        if not text.strip():
            continue
        try:
            values: Any = json.loads(text)
            if not isinstance(values, dict):
                raise BadRow("not a JSON object")
            yield line, parse_row(values, line)
        except BadRow as error:
            yield line, error
        except (ValueError, RecursionError):
            yield line, BadRow("not JSON")
        else:
            if unknown := set(values) - known:
                yield line, BadRow(f"keys not known and not used: {_some(sorted(unknown))}")
                known |= unknown  # said once for each


def _header(line: str) -> list[str]:
    try:
        return [name.strip().lower() for name in next(csv.reader([line], delimiter=_delimiter(line)), [])]
    except csv.Error:
        return []


def _row(names: list[str], fields: list[str], line: int) -> Row | BadRow:
    if len(fields) != len(names):
        return BadRow(f"{len(fields)} fields under {len(names)} columns")
    try:
        return parse_row(dict(zip(names, fields, strict=True)), line)
    except BadRow as error:
        return error


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines as text, of overlong ones the beginning. Bytes that are not UTF-8 stay visible as surrogates."""
    start = True
    while piece := stream.readline(_MAX_LINE):
        rest = piece
        while len(rest) == _MAX_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(_MAX_LINE)
        text = piece.decode("utf-8", "surrogateescape")
        yield text.removeprefix("\ufeff") if start else text
        start = False


def _delimiter(header: str) -> str:
    if "," in header:
        return ","
    return next((one for one in ";\t" if one in header), ",")


def _some(names: list[str]) -> str:
    printable = [name[:40].encode("utf-8", "replace").decode() for name in names[:5]]
    return ", ".join(repr(name) for name in printable)
