"""A shard, or a folder of shards."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from facewitness.errors import BadInput
from facewitness.sources.files import MAX_BYTES, printable, refused
from facewitness.sources.folder import FolderSource
from facewitness.sources.shards.carried import Carried
from facewitness.sources.shards.records import TarShard
from facewitness.sources.shards.shard import TARS, Shard
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason

if TYPE_CHECKING:
    from facewitness.sources.shards.table import ParquetShard

_PACKED = (".tar.bz2", ".tar.xz", ".tar.zst", ".tar.lz4", ".tbz2", ".txz", ".tzst")

_ENDINGS = (*TARS, ".parquet", *_PACKED)

_OF_FOLDERS = {
    SkipReason.NO_PERMISSION,
    SkipReason.UNREADABLE,
    SkipReason.LINK_LOOP,
    SkipReason.OUTSIDE_SOURCE,
}
"""Refusals that may be about a folder, below which there may be shards."""

_NEEDS = "pyarrow is needed for Parquet: pip install 'facewitness[parquet]'"

_ADVICE = (
    "Give a shard (.tar, .tar.gz, .parquet) or the folder that holds shards. A folder of photos is a source of "
    "the kind folder."
)


class ShardsSource:
    """The photos in dataset shards: tar files as img2dataset and WebDataset write them, and Parquet.

    In a folder, the shards in it and in all folders below, in the order and by the rules of `FolderSource`
    (links never lead out; a tar shard's hidden members and junk are passed over). All other files are none of
    its business, but those that rows of Parquet name.

    - A photo of a tar shard is `shard.tar/KEY.jpg`, read where it lies; `KEY.json` and `KEY.txt` describe it.
      Of `.tar.gz` and `.tgz`, and of Parquet (`shard.parquet#ROW`), photos carry their bytes: see `carried`.
    - A record that describes a photo and has none is NOT_CAPTURED. A description that cannot be used is a
      BAD_RECORD, whole or in part, and the photo comes in without it.
    - Damage costs only what it struck: the walk through a tar file goes on at the next good header, that through
      Parquet at the next row group; each such place is a BROKEN_ARCHIVE.
    - A Parquet file without photos is UNKNOWN_LAYOUT, except beside a tar shard of its name: there img2dataset
      writes down what it could not fetch.
    """

    def __init__(self, root: Path, max_bytes: int = MAX_BYTES) -> None:
        """BadInput where there is no shard, none that can hold photos, or Parquet and no pyarrow to read it.

        Larger photos than `max_bytes` are refused.
        """
        self._given, self._max_bytes = Path(os.path.abspath(root)), max_bytes  # noqa: PTH100 - keeps the link
        if not self._given.exists():
            raise BadInput(f"{printable(str(root))} is not there.", _ADVICE)
        is_folder = self._given.is_dir()
        self._root = os.path.realpath(self._given if is_folder else self._given.parent)
        self._folder = FolderSource(self._given, max_bytes=sys.maxsize) if is_folder else None
        self._check()

    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        """Every photo; see `Source.arrivals`."""
        carried = Carried()
        for found in self._found():
            if isinstance(found, SkippedPhoto):
                yield found
            elif not found.is_parquet:
                yield from TarShard(found, carried, self._max_bytes).arrivals()
            elif (table := self._table(found, carried)) is not None:
                yield from table.arrivals()
            else:
                yield SkippedPhoto(found.path, SkipReason.UNREADABLE, _NEEDS)

    def _check(self) -> None:
        """BadInput where no shard can hold photos. Where one is damaged, `arrivals` says so."""
        problem = "there is no shard"
        for found in self._found():
            if isinstance(found, SkippedPhoto):
                problem = f"{found.path}: {found.reason.value} {found.detail}".strip()
            elif (why := self._problem(found)) is None:
                return
            else:
                problem = f"{found.path}: {why}"
        raise BadInput(f"No photos can be read from {printable(str(self._given))}: {problem}.", _ADVICE)

    def _problem(self, shard: Shard) -> str | None:
        if not shard.is_parquet:
            return None
        table = self._table(shard, Carried())
        return _NEEDS if table is None else table.problem()

    def _table(self, shard: Shard, carried: Carried) -> "ParquetShard | None":
        """None where pyarrow is missing."""
        try:
            from facewitness.sources.shards.table import ParquetShard
        except ImportError:
            return None
        return ParquetShard(shard, self._root, carried, self._max_bytes)

    def _found(self) -> Iterator[Shard | SkippedPhoto]:
        """Every shard, and what might be or hold one and cannot be opened."""
        if self._folder is None:
            if self._given.name.lower().endswith(_ENDINGS):
                yield self._listed(self._given.name)
            return
        for one in self._folder.arrivals():
            if one.path.lower().endswith(_ENDINGS):
                yield one if isinstance(one, SkippedPhoto) else self._listed(one.path)
            elif isinstance(one, SkippedPhoto) and one.reason in _OF_FOLDERS:
                yield one

    def _listed(self, path: str) -> Shard | SkippedPhoto:
        """The shard as it is now."""
        written = os.path.join(self._root, path)  # noqa: PTH118
        path = printable(path)
        if path.lower().endswith(_PACKED):
            return SkippedPhoto(path, SkipReason.UNKNOWN_LAYOUT, "packed: unpack it to .tar")
        try:
            real = os.path.realpath(written)
            status = os.stat(real)  # noqa: PTH116
        except OSError as error:
            return refused(path, error)
        if not stat.S_ISREG(status.st_mode):
            return SkippedPhoto(path, SkipReason.NOT_A_FILE)
        return Shard(real, path, os.path.dirname(written), status.st_size, status.st_mtime_ns)  # noqa: PTH120
