"""Small shards for the tests of this kind, made by `tarfile` and pyarrow, and what a source gives of them."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, settings

from facewitness.sources.shards import ShardsSource
from facewitness.terms.provenance import Arrival, Observation, SkippedPhoto, SkipReason

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Hypothesis makes its tables of Unicode when a text is drawn first: seconds, in a fresh checkout."""

Members = Mapping[str, bytes | str | dict[str, Any]]

SAID = {
    "url": "https://one.example/a.jpg",
    "caption": "A caption",
    "key": "0001",
    "status": "success",
    "sha256": "ab" * 32,
    "exif": "{}",
    "page_url": "https://one.example/page",
    "license": "CC BY 4.0",
    "timestamp": "2024-05-01T12:00:00Z",
}
"""A record as img2dataset writes it, with a page, a licence and a time besides."""


def tar_bytes(members: Members, kind: int = tarfile.GNU_FORMAT) -> bytes:
    """A tar file: of a dictionary its JSON, of a name that ends in `/` a folder."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=kind) as archive:
        for name, content in members.items():
            data = json.dumps(content) if isinstance(content, dict) else content
            add(archive, name, data.encode() if isinstance(data, str) else data)
    return stream.getvalue()


def add(archive: tarfile.TarFile, name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE) -> None:
    """One member, written at the time 1,700,000,000."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.type = len(data), 1_700_000_000, kind
    if name.endswith("/"):
        info.type = tarfile.DIRTYPE
    archive.addfile(info, io.BytesIO(data))


def tar(file: Path, members: Members, kind: int = tarfile.GNU_FORMAT) -> Path:
    """A tar shard on disk, in gzip where its name says so."""
    data = tar_bytes(members, kind)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(data, mtime=0) if file.name.endswith("gz") else data)
    return file


def records(count: int, size: int = 20) -> dict[str, bytes | str | dict[str, Any]]:
    """Whole records, each a photo that holds its own name, a caption and what img2dataset writes."""
    members: dict[str, bytes | str | dict[str, Any]] = {}
    for number in range(count):
        key = f"{number:04}"
        members[f"{key}.jpg"] = f"{key}.jpg".encode().ljust(size, b".")
        members[f"{key}.txt"] = f"caption {number}"
        members[f"{key}.json"] = SAID | {"caption": f"caption {number}", "key": key}
    return members


def parquet(file: Path, columns: Mapping[str, Any], rows: int = 100, schema: pa.Schema | None = None) -> Path:
    """A Parquet shard on disk, with so many rows a row group."""
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns, schema), file, row_group_size=rows)
    return file


def everything(root: Path, max_bytes: int = 10_000_000) -> list[Arrival | SkippedPhoto]:
    """All that the source gives, in its order."""
    return list(ShardsSource(root, max_bytes).arrivals())


def arrived(root: Path) -> list[Arrival]:
    """All arrivals of a source that refuses nothing."""
    found = everything(root)
    assert not [one for one in found if isinstance(one, SkippedPhoto)]
    return [one for one in found if isinstance(one, Arrival)]


def contents(root: Path) -> dict[str, bytes | SkippedPhoto]:
    """The bytes of each arrival by its path."""
    return {one.path: one.read() for one in everything(root) if isinstance(one, Arrival)}


def paths(root: Path) -> list[str]:
    """The paths of what arrives, in its order."""
    return [one.path for one in everything(root) if isinstance(one, Arrival)]


def skips(root: Path) -> list[tuple[str, SkipReason]]:
    """What is refused and why, in its order."""
    return [(one.path, one.reason) for one in everything(root) if isinstance(one, SkippedPhoto)]


def details(root: Path) -> list[str]:
    """What is said of each refusal, in its order."""
    return [one.detail for one in everything(root) if isinstance(one, SkippedPhoto)]


def seen(root: Path) -> list[Observation]:
    """The appearances of all arrivals, in their order."""
    return [one for found in everything(root) if isinstance(found, Arrival) for one in found.observations]
