"""The photos of a Parquet shard: bytes in its rows, or files that its rows name."""

import os
import stat
from collections.abc import Iterator
from functools import partial
from typing import Any

from facewitness.sources.files import read_file, refused, too_many_bytes
from facewitness.sources.shards.carried import Carried
from facewitness.sources.shards.description import Description, describe, from_json, known
from facewitness.sources.shards.parquet import BadTable, Cell, Gap, Table, TableRow
from facewitness.sources.shards.shard import DAMAGED, Shard, file_time, unreadable
from facewitness.sources.texts import clean
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason


class ParquetShard:
    """The rows of one Parquet shard of the source at `root`, which its rows may not lead out of."""

    def __init__(self, shard: Shard, root: str, carried: Carried, max_bytes: int) -> None:
        self._shard, self._root, self._carried, self._max_bytes = shard, root, carried, max_bytes

    def problem(self) -> str | None:
        """Why there can be no photos in it; None where there can, or where it is damaged."""
        try:
            with self._shard.opened() as stream:
                return _no_photos(Table(stream, self._max_bytes))
        except (*DAMAGED, BadTable):
            return None

    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        """Every photo, and every row that has none; see `Source.arrivals`."""
        try:
            with self._shard.opened() as stream:
                table = Table(stream, self._max_bytes)
                problem = _no_photos(table)
                if problem and not self._shard.is_beside_a_tar:
                    yield SkippedPhoto(self._shard.path, SkipReason.UNKNOWN_LAYOUT, problem)
                    return
                for row in table.rows():
                    yield from self._gap(row) if isinstance(row, Gap) else self._row(row, bool(table.photos))
        except BadTable as error:
            yield SkippedPhoto(self._shard.path, SkipReason.BROKEN_ARCHIVE, f"not a Parquet file: {error}")
        except DAMAGED as error:
            yield unreadable(self._shard.path, error)

    def _gap(self, gap: Gap) -> Iterator[SkippedPhoto]:
        what = f"rows {gap.first} to {gap.end - 1} cannot be read: {gap.what}"
        yield SkippedPhoto(self._shard.path, SkipReason.BROKEN_ARCHIVE, what)

    def _row(self, row: TableRow, has_photos: bool) -> Iterator[Arrival | SkippedPhoto]:
        path, (values, bad) = f"{self._shard.path}#{row.number}", _said(row)
        said = describe(values)
        for cell in row.cells:
            yield self._photo(f"{path}/{cell.suffix}" if cell.suffix else path, row, cell, said)
        if not row.cells and (has_photos or said.failure):
            yield SkippedPhoto(path, SkipReason.NOT_CAPTURED, said.failure or "described, and not in the row")
        elif row.cells:
            for what in (*bad, *said.problems):
                yield SkippedPhoto(
                    f"{path}/#", SkipReason.BAD_RECORD, f"{what}; without it the photo comes in"
                )

    def _photo(self, path: str, row: TableRow, cell: Cell, said: Description) -> Arrival | SkippedPhoto:
        if cell.size > self._max_bytes:
            return too_many_bytes(path, cell.size, self._max_bytes)
        if cell.data is None:
            return self._file(path, cell.path, said)
        again = partial(self._again, path, row.group, row.number, cell.suffix)
        room = self._carried.has_room(cell.size)
        return Arrival(
            path=path,
            fingerprint=f"{self._shard.stamp}-{said.digest(cell.size)}",
            observations=(said.observation(path, self._shard.time),),
            read=self._carried.carry(cell.data) if room else again,
        )

    def _again(self, path: str, group: int, number: int, suffix: str) -> bytes | SkippedPhoto:
        """The bytes of a photo that could not be carried."""
        try:
            with self._shard.opened() as stream:
                cell = Table(stream, self._max_bytes).cell(group, number, suffix)
        except BadTable as error:
            return SkippedPhoto(path, SkipReason.BROKEN_ARCHIVE, str(error))
        except DAMAGED as error:
            return unreadable(path, error)
        if cell is None or cell.data is None:
            return SkippedPhoto(path, SkipReason.BROKEN_ARCHIVE, "its row can no longer be read")
        return cell.data

    def _file(self, path: str, written: str, said: Description) -> Arrival | SkippedPhoto:
        """The file that a row names, never one outside the source."""
        found = _resolve(self._root, self._shard.folder, written, path)
        if isinstance(found, SkippedPhoto):
            return found
        real, status = found
        if not stat.S_ISREG(status.st_mode):
            return SkippedPhoto(path, SkipReason.NOT_A_FILE)
        if status.st_size > self._max_bytes:
            return too_many_bytes(path, status.st_size, self._max_bytes)
        return Arrival(
            path=path,
            fingerprint=f"{status.st_size}-{status.st_mtime_ns}-{said.digest(status.st_size)}",
            observations=(said.observation(path, file_time(status.st_mtime)),),
            read=partial(read_file, real, path, self._max_bytes),
        )


def _no_photos(table: Table) -> str | None:
    """What is wrong with a table that has columns and none of photos."""
    if table.photos:
        return None
    return f"no column can hold photos, there are {clean(', '.join(table.columns[:30])) or 'none'}"


def _said(row: TableRow) -> tuple[dict[str, Any], list[str]]:
    """The values of a row, those within its column `json` after its own; what of them cannot be used."""
    values = dict(row.values)
    inner = values.pop("json", None)
    if isinstance(inner, str):
        inner = from_json(inner)
    own = {name: value for name, value in values.items() if value is not None}
    if inner is None and row.values.get("json") is None:
        return own, []
    return (known(inner) | own, []) if isinstance(inner, dict) else (own, ["json is not a JSON object"])


def _resolve(root: str, folder: str, written: str, path: str) -> tuple[str, os.stat_result] | SkippedPhoto:
    """Where the file that a row names really is. Refusals bear `path`."""
    name = written.replace("\\", "/")
    if "://" in name:
        return SkippedPhoto(path, SkipReason.NOT_CAPTURED, "an address, not a file: nothing is fetched")
    if not name.strip() or "\0" in name:
        return SkippedPhoto(path, SkipReason.ODD_NAME, "a path that names no file")
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return SkippedPhoto(path, SkipReason.OUTSIDE_SOURCE, "a path that leads out of the folder")
    try:
        real = os.path.realpath(os.path.join(folder, name))  # noqa: PTH118
        if not real.startswith(root.rstrip(os.sep) + os.sep):
            return SkippedPhoto(path, SkipReason.OUTSIDE_SOURCE, "a link out of the folder")
        return real, os.stat(real)  # noqa: PTH116
    except FileNotFoundError:
        return SkippedPhoto(path, SkipReason.MISSING_FILE, clean(name[:500]))
    except OSError as error:
        return refused(path, error)
    except ValueError:
        return SkippedPhoto(path, SkipReason.ODD_NAME, "a path that the system cannot hold")
