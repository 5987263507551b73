"""Every kind of source passes the one contract."""

import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

from facewitness.sources import FolderSource, Source, UrlScope
from facewitness.sources.export import ExportSource
from facewitness.sources.iiif import IiifSource
from facewitness.sources.shards import ShardsSource
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.terms.provenance import SkipReason
from facewitness.testing import SourceContract
from tests.assets import exports
from tests.unit.sources.iiif import manifests
from tests.unit.sources.webarchive.crawls import SITE, Crawl


class TestFolder(SourceContract):
    def make(self, folder: Path) -> Source:
        for number in range(3):
            (folder / f"{number}.jpg").write_bytes(exports.picture(number))
        (folder / "film.mp4").write_bytes(b"no photo")
        (folder / "manifest.csv").write_text(
            "file,page_url,captured_at\n1.jpg,https://example.org/a,2024\n1.jpg,https://example.org/b,2025\n"
        )
        for path in folder.iterdir():
            os.utime(path, (exports.TIME, exports.TIME))
        return FolderSource(folder)

    def make_damaged(self, folder: Path) -> Source:
        self.make(folder)
        (folder / "manifest.csv").write_bytes(b"file,page_url\n\xff\xfe\x00,\n")
        return FolderSource(folder)

    def make_leaving(self, folder: Path) -> tuple[Source, SkipReason]:
        inside = folder / "inside"
        inside.mkdir()
        (folder / "outside.jpg").write_bytes(exports.picture(1))
        (inside / "link.jpg").symlink_to(folder / "outside.jpg")
        return FolderSource(inside), SkipReason.OUTSIDE_SOURCE


class TestWebArchive(SourceContract):
    def make(self, folder: Path) -> Source:
        return WebArchiveSource(self.write(folder), UrlScope([f"{SITE}/"]))

    def write(self, folder: Path) -> Path:
        crawl = Crawl()
        crawl.page(
            "gallery", "<img src='a.jpg' alt='At the desk'><img src='b.jpg'>", "<title>Gallery</title>"
        )
        for name in ("a.jpg", "b.jpg"):
            crawl.response(f"{SITE}/{name}", exports.picture(len(name)) + name.encode())
        crawl.photo("reserved.jpg", headers=[("X-Robots-Tag", "noimageai")])
        crawl.response("https://other.example/c.jpg", exports.picture(3))
        return crawl.save(folder / "crawl.warc.gz")

    def make_damaged(self, folder: Path) -> Source:
        path = self.write(folder)
        path.write_bytes(path.read_bytes()[:-40])
        return WebArchiveSource(path)

    def make_leaving(self, folder: Path) -> tuple[Source, SkipReason]:
        return self.make(folder), SkipReason.OUT_OF_SCOPE


class TestExport(SourceContract):
    def make(self, folder: Path) -> Source:
        path = folder / "instagram-holder.zip"
        if not path.exists():
            exports.write_zip(path, exports.instagram_2025(), zipfile.ZIP_STORED)
        return ExportSource(path)

    def make_damaged(self, folder: Path) -> Source:
        self.make(folder)
        path = folder / "instagram-holder.zip"
        data = bytearray(path.read_bytes())
        at = data.index(exports.picture(1)) + 300
        data[at : at + 8] = b"\xff" * 8
        path.write_bytes(data)
        return ExportSource(path)

    def make_leaving(self, folder: Path) -> tuple[Source, SkipReason]:
        self.make(folder)
        with zipfile.ZipFile(folder / "instagram-holder.zip", "a") as archive:
            archive.writestr("../../escaped.jpg", exports.picture(2))
        return ExportSource(folder), SkipReason.OUTSIDE_SOURCE


class TestShards(SourceContract):
    def make(self, folder: Path) -> Source:
        path = folder / "00000.tar"
        if not path.exists():
            with tarfile.open(path, "w") as shard:
                for number in range(3):
                    said = {"url": f"https://example.org/{number}.jpg", "caption": str(number)}
                    add(shard, f"{number}.jpg", exports.picture(number))
                    add(shard, f"{number}.json", json.dumps(said).encode())
                add(shard, "3.json", b'{"status": "failed_to_download"}')
        return ShardsSource(folder)

    def make_damaged(self, folder: Path) -> Source:
        self.make(folder)
        path = folder / "00000.tar"
        data = bytearray(path.read_bytes())
        at = data.index(b"1.jpg")
        data[at : at + 8] = b"\xff" * 8
        path.write_bytes(data)
        return ShardsSource(folder)

    def make_leaving(self, folder: Path) -> tuple[Source, SkipReason]:
        self.make(folder)
        with tarfile.open(folder / "00000.tar", "a") as shard:
            add(shard, "../escaped.jpg", exports.picture(4))
        return ShardsSource(folder), SkipReason.OUTSIDE_SOURCE


class TestIiif(SourceContract):
    def make(self, folder: Path) -> Source:
        path = folder / "collected.warc.gz"
        if not path.exists():
            crawl = Crawl()
            urls = [f"https://museum.example/{number}.jpg" for number in range(3)]
            pages = [manifests.canvas(manifests.image(url), name=url) for url in urls]
            tree = manifests.manifest(*pages, pages[0] | {"id": "https://museum.example/again"})
            crawl.response(manifests.URL, manifests.written(tree), "application/json")
            for number, url in enumerate((*urls, "https://museum.example/logo.png")):
                crawl.response(url, exports.picture(number))
            crawl.save(path)
        return IiifSource.collected(folder)

    def make_damaged(self, folder: Path) -> Source:
        self.make(folder)
        path = folder / "collected.warc.gz"
        data = bytearray(path.read_bytes())
        data[-40:] = b"\xff" * 40
        path.write_bytes(data)
        return IiifSource.collected(folder)

    def make_leaving(self, folder: Path) -> tuple[Source, SkipReason]:
        return self.make(folder), SkipReason.OUT_OF_SCOPE


def add(shard: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    shard.addfile(member, io.BytesIO(data))
