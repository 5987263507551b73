"""Parquet files by pyarrow, which only this module imports: which columns hold photos, and the rows in turn.

pyarrow is an optional extra (`facewitness[parquet]`), so this module is imported where a Parquet file turns up.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as kinds

from facewitness.sources.shards.description import KNOWN
from facewitness.sources.texts import MAX_TEXT

BYTES = (
    *("image", "img", "jpg", "jpeg", "png", "webp", "photo", "picture"),
    *("bytes", "image_bytes", "img_bytes", "image_data", "image.bytes"),
)
"""Names of columns of bytes that are photos, in lower case. img2dataset's are called after their format."""

PATHS = (
    *("image_path", "img_path", "file_path", "filepath", "path", "local_path", "file_name", "filename"),
    *("file", "image", "img", "jpg", "jpeg", "png", "webp", "photo"),
)
"""Names of columns of text that are paths of photos; the first one there is used, where there are no bytes."""

_ROWS = 4
"""Rows decoded at a time. The values of 4 may fill the memory before they are seen to be too large, and those
of 64 come no faster."""
_BUFFER = 64 * 1024
"""Bytes read from the file at a time, else pyarrow reads a row group's column whole."""

_ERRORS = (pa.ArrowException, OSError, ValueError, OverflowError, TypeError, LookupError, MemoryError)
"""What pyarrow raises for a file that is damaged, or that holds what Python cannot."""


class BadTable(Exception):
    """A file that pyarrow cannot open, and why. Never leaves this room."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One photo of a row: its bytes, or where it lies."""

    suffix: str
    """What tells it from the others of its row: its column, and its place in a list. Empty for an only one."""
    size: int
    """Bytes; -1 where there are none."""
    data: bytes | None = field(repr=False)
    """None too where there are more than may be read."""
    path: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row, counted from 0 over the whole file."""

    number: int
    group: int
    cells: tuple[Cell, ...]
    """Of null there is none."""
    values: dict[str, Any]
    """What the known columns hold, these in lower case: texts, times, numbers, lists; bytes where unreadable."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows that cannot be read."""

    first: int
    end: int
    """The first one after them."""
    what: str


class Table:
    """A Parquet file open for reading, by one thread."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        """BadTable where it is none. Of photos of more than `max_bytes` only the size is given."""
        self._max_bytes = max_bytes
        try:
            self._file = pq.ParquetFile(stream, buffer_size=_BUFFER, page_checksum_verification=True)
            schema = self._file.schema_arrow
            self.photos = tuple(dict.fromkeys(_photo_columns(schema))) or _path_column(schema)
            """The columns that hold photos or their paths."""
            self.columns = tuple(f"{one.name} ({_short(one.type)})" for one in schema)
            """All columns with their types, as they can be shown."""
        except _ERRORS as error:
            raise BadTable(_first_line(error)) from None
        self._wanted = [one for one in schema.names if one in self.photos or one.lower() in KNOWN | {"json"}]

    def rows(self) -> Iterator[TableRow | Gap]:
        """Every row, with at most a row group's damaged part missing."""
        first = 0
        for group in range(self._file.num_row_groups):
            end = first + self._file.metadata.row_group(group).num_rows
            yield from self._group(group, first, end)
            first = end

    def cell(self, group: int, number: int, suffix: str) -> Cell | None:
        """The cell again: its row group is decoded up to it, which takes a tenth of a second or so."""
        first = sum(self._file.metadata.row_group(one).num_rows for one in range(group))
        for row in self._group(group, first, number + 1):
            if isinstance(row, TableRow) and row.number == number:
                return next((one for one in row.cells if one.suffix == suffix), None)
        return None

    def _group(self, group: int, first: int, end: int) -> Iterator[TableRow | Gap]:
        number = first
        try:
            batches = self._file.iter_batches(_ROWS, [group], self._wanted, use_threads=False)
            for batch in batches:
                columns = dict(zip(batch.schema.names, batch.columns, strict=True))
                for at in range(min(batch.num_rows, end - number)):
                    row = self._row(number, group, {name: column[at] for name, column in columns.items()})
                    number += 1
                    yield row
                if number >= end:
                    return
            problem = "the row group ends before"
        except _ERRORS as error:
            problem = _first_line(error)
        if number < end:
            yield Gap(number, end, problem)

    def _row(self, number: int, group: int, scalars: dict[str, Any]) -> TableRow:
        cells = [
            cell
            for place, name in enumerate(self.photos)
            for cell in self._cells(scalars[name], self._suffix(place, name))
        ]
        values = {name.lower(): _value(scalar) for name, scalar in scalars.items() if name not in self.photos}
        return TableRow(number, group, tuple(cells), values)

    def _suffix(self, place: int, name: str) -> str:
        if len(self.photos) == 1:
            return ""
        return name if name.isidentifier() else f"@{place}"  # a column may be called anything

    def _cells(self, scalar: Any, suffix: str) -> Iterator[Cell]:
        if not scalar.is_valid:
            return
        if _is_list(scalar.type):
            for place, one in enumerate(scalar.values):
                yield from self._cells(one, f"{suffix}/{place}".lstrip("/"))
        elif kinds.is_struct(scalar.type):
            path = _value(scalar["path"]) if scalar.type.get_field_index("path") >= 0 else None
            yield from self._cell(scalar["bytes"], suffix, path if isinstance(path, str) else "")
        elif _is_text(scalar.type):
            yield Cell(suffix, -1, None, str(_value(scalar)))
        else:
            yield from self._cell(scalar, suffix, "")

    def _cell(self, scalar: Any, suffix: str, path: str) -> Iterator[Cell]:
        if scalar.is_valid:
            size = scalar.as_buffer().size
            yield Cell(suffix, size, scalar.as_py() if size <= self._max_bytes else None, path)
        elif path:
            yield Cell(suffix, -1, None, path)


def _photo_columns(schema: Any) -> tuple[str, ...]:
    """The columns of bytes that are photos: by name, or as Hugging Face's `datasets` writes them."""
    features = _features(schema)
    return tuple(
        one.name
        for one in schema
        if (_is_bytes(one.type) and one.name.lower() in BYTES)
        or (_holds_bytes(one.type) and features.get(one.name, "Image") in ("Image", "List", "Sequence"))
    )


def _path_column(schema: Any) -> tuple[str, ...]:
    there = {one.name.lower(): one.name for one in schema if _is_text(one.type)}
    return tuple(there[name] for name in PATHS if name in there)[:1]


def _features(schema: Any) -> dict[str, str]:
    """What `datasets` says that each column is: `Image`, `Audio`, … Its `Audio` has the same type as `Image`."""
    try:
        said = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        return {
            str(name): str(one["_type"])
            for name, one in said.items()
            if isinstance(one, dict) and "_type" in one
        }
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def _holds_bytes(kind: Any) -> bool:
    if _is_list(kind):
        return kinds.is_struct(kind.value_type) and _holds_bytes(kind.value_type)
    return (
        kinds.is_struct(kind) and kind.get_field_index("bytes") >= 0 and _is_bytes(kind.field("bytes").type)
    )


def _is_list(kind: Any) -> bool:
    return bool(kinds.is_list(kind) or kinds.is_large_list(kind))


def _is_bytes(kind: Any) -> bool:
    return bool(kinds.is_binary(kind) or kinds.is_large_binary(kind) or kinds.is_binary_view(kind))


def _is_text(kind: Any) -> bool:
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def _value(scalar: Any) -> Any:
    """What a cell holds, of texts the beginning. Where Python cannot hold it bytes, which pass for no text."""
    if not scalar.is_valid:
        return None
    try:
        if _is_text(scalar.type) or _is_bytes(scalar.type):
            buffer = scalar.as_buffer()
            return buffer.slice(0, min(buffer.size, 8 * MAX_TEXT)).to_pybytes().decode("utf-8", "replace")
        if kinds.is_timestamp(scalar.type):
            scalar = scalar.cast(pa.timestamp("us", "UTC"), safe=False)
        return scalar.as_py()
    except _ERRORS:
        return b""


def _short(kind: Any) -> str:
    return str(kind)[:40]


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
