"""How fast sources are read before any face work, and in how much memory.

`make bench NAME=sources`. A crawl (`bench/crawl_set.py`) as .warc.gz, as .warc and in a WACZ, beside FastWARC
over the same records: `read` parses each record's HTTP headers and reads its content, as whoever uses the records
has to; `bare` parses the headers and leaves the content. A tar shard beside Python's own tarfile as a stream,
which reads every member. Medians of several runs, one after the other in turns, of wall clock and of CPU time;
ratios are of CPU time, as others may use the machine: how busy it was is in the last row. The peak of memory is
that of a process of its own.
"""

import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator

from bench.crawl_set import jpeg, pack, write_warc
from bench.results_file import write_results
from bench.sources_website import website_rows
from facewitness.sources import Source
from facewitness.sources.shards import ShardsSource
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.terms.provenance import Arrival

RUNS = 5
SIZE, LARGE = 200 * 10**6, 2 * 10**9
"""Bytes of an archive that is timed, and of the one whose reading is watched for memory."""
SHARD = 1_000
"""Records of the tar shard."""
MEMORY_LIMIT_MB = 300

Work = Callable[[], object]
Row = dict[str, Any]


def main() -> None:
    if sys.argv[1:2] == ["peak"]:
        print(peak_mb(WebArchiveSource(Path(sys.argv[2]))))
        return
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as home:
        rows += archive_rows(Path(home))
        rows += memory_rows(Path(home) / "crawl.warc.gz")
    with tempfile.TemporaryDirectory() as home:
        rows += shard_rows(Path(home) / "00000.tar")
    rows += website_rows()
    rows.append({"load_average_of_15_minutes_at_the_end": round(os.getloadavg()[2], 1)})
    write_results("sources", "make bench NAME=sources", rows)


def archive_rows(folder: Path) -> list[Row]:
    """A crawl of the same kind in each form that archives have."""
    rows: list[Row] = []
    packed, plain, wacz = (folder / name for name in ("crawl.warc.gz", "crawl.warc", "crawl.wacz"))
    for path in (packed, plain):
        count = write_warc(path, SIZE, zipped=path is packed)
        rows += timed(path, count, archive_work(path))
    with packed.open("rb") as stream:
        count = sum(1 for _ in ArchiveIterator(stream, parse_http=False))
    pack(packed, wacz)
    return rows + timed(wacz, count, archive_work(wacz))


def archive_work(path: Path) -> dict[str, Work]:
    return {
        "fastwarc read": lambda: iterate(path, read=True),
        "fastwarc bare": lambda: iterate(path, read=False),
        "facewitness, photos not read": lambda: arrivals(WebArchiveSource(path), read=False),
        "facewitness, photos read": lambda: arrivals(WebArchiveSource(path), read=True),
    }


def iterate(path: Path, read: bool) -> None:
    """The peer."""

    def all_of(stream: Any) -> None:
        for record in ArchiveIterator(stream, parse_http=True):
            if read:
                record.reader.read()

    if path.suffix != ".wacz":
        with path.open("rb") as stream:
            all_of(stream)
        return
    with zipfile.ZipFile(path) as wacz:
        for name in wacz.namelist():
            if name.startswith("archive/"):
                with wacz.open(name) as inside:
                    all_of(inside)


def arrivals(source: Source, read: bool) -> int:
    """Everything that arrives, with its bytes or without; how much that is."""
    found = (one for one in source.arrivals() if isinstance(one, Arrival))
    return sum(len(data) if read and isinstance(data := one.read(), bytes) else 1 for one in found)


def timed(path: Path, records: int, works: dict[str, Work]) -> list[Row]:
    """A row for each way to go through the file, in turns."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for turn in range(RUNS + 1):
        for name, work in works.items():
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            if turn:  # the first time the file may come from the disk
                taken[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    size = path.stat().st_size / 10**6
    rows: list[Row] = []
    used = {name: median(cpu for _, cpu in pairs) for name, pairs in taken.items()}
    for name, pairs in taken.items():
        seconds = median(wall for wall, _ in pairs)
        row: Row = {
            "file": path.name,
            "engine": name,
            "records": records,
            "mb": round(size),
            "records_per_s": round(records / seconds),
            "mb_per_s": round(size / seconds, 1),
            "records_per_cpu_s": round(records / used[name]),
            "runs": RUNS,
        }
        if name.startswith("facewitness"):
            peers = [other for other in works if not other.startswith("facewitness")]
            row["ratio_to"] = {other: round(used[other] / used[name], 3) for other in peers}
        rows.append(row)
        print(json.dumps(row), file=sys.stderr)
    return rows


def memory_rows(crawl: Path) -> list[Row]:
    """The crawl once, and again and again in one archive of 2 GB: the peak of a process that reads all photos."""
    large = crawl.with_name("large.warc.gz")
    if shutil.disk_usage(crawl.parent).free < 2 * LARGE:
        return [{"file": large.name, "skipped": "too little room on the disk"}]
    with large.open("wb") as stream:
        while stream.tell() < LARGE:
            copy(crawl, stream)
    rows: list[Row] = []
    for path in (crawl, large):
        command = [sys.executable, "-m", "bench.sources", "peak", str(path)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        size = round(path.stat().st_size / 10**6)
        rows.append({"file": path.name, "mb": size, "peak_mb": int(said), "limit_mb": MEMORY_LIMIT_MB})
    large.unlink()
    return rows


def copy(path: Path, stream: BinaryIO) -> None:
    with path.open("rb") as original:
        shutil.copyfileobj(original, stream, 2**20)


def peak_mb(source: Source) -> int:
    """The largest resident set of this process since it began, once every photo was read."""
    arrivals(source, read=True)
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


def shard_rows(path: Path) -> list[Row]:
    """A shard as img2dataset writes it: for each record a photo, its description and its caption."""
    draw = random.Random(2)
    with tarfile.open(path, "w") as tar:
        for number in range(SHARD):
            photo, key = jpeg(draw), f"{number:09}"
            said = {
                "url": f"https://a.example/{key}.jpg",
                "key": key,
                "caption": "words",
                "status": "success",
            }
            said["sha256"] = hashlib.sha256(photo).hexdigest()
            for ending, data in (("jpg", photo), ("json", json.dumps(said).encode()), ("txt", b"words")):
                member = tarfile.TarInfo(f"{key}.{ending}")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    works: dict[str, Work] = {
        "tarfile as a stream, every member read": lambda: stream_tar(path),
        "facewitness, photos not read": lambda: arrivals(ShardsSource(path), read=False),
        "facewitness, photos read": lambda: arrivals(ShardsSource(path), read=True),
    }
    return timed(path, SHARD, works)


def stream_tar(path: Path) -> int:
    """The peer."""
    total = 0
    with tarfile.open(path, "r|") as tar:
        for member in tar:
            if (stream := tar.extractfile(member)) is not None:
                total += len(stream.read())
    return total


if __name__ == "__main__":
    main()
