"""One search goes over photos of every kind of source, and each candidate says where it came from."""

import io
import json
import tarfile
from pathlib import Path

from facewitness import Service
from facewitness.acts import SourceDetails
from tests.assets import exports

from .banks import DETAILS


def test_one_search_returns_candidates_from_a_folder_an_export_and_a_shard(
    service: Service, photos: Path, portraits: Path, tmp_path: Path
) -> None:
    (photos / "obama3.jpg").unlink()
    service.enrol(photos, **DETAILS)
    posts = [{"media": [{"uri": "media/posts/a.jpg", "creation_timestamp": exports.TIME, "title": "Me"}]}]
    export = exports.write_zip(
        tmp_path / "instagram-holder.zip",
        {
            "content/posts_1.json": exports.as_meta(posts),
            "media/posts/a.jpg": (portraits / "obama3.jpg").read_bytes(),
        },
    )
    shard = tmp_path / "00000.tar"
    with tarfile.open(shard, "w") as tar:
        said = {"url": "https://example.org/b.jpg", "caption": "At the desk"}
        for name, data in (
            ("b.jpg", (portraits / "obama2.jpg").read_bytes()),
            ("b.json", json.dumps(said).encode()),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    for kind, place, basis in (("export", export, "consent"), ("shards", shard, "licence")):
        details = SourceDetails(kind.title(), "A. Steward", basis)
        assert service.enrol_source(service.add_source(kind, str(place), details).id).photos == 1

    listed = service.search(photos / "obama.jpg", purpose="test the search")
    origins = {
        str(one.capture.source_id): one for candidate in listed.candidates for one in candidate.captures
    }
    assert set(origins) == {"album", "export", "shards"}
    assert {name: origin.source_basis.value for name, origin in origins.items()} == {
        "album": "own-work",
        "export": "consent",
        "shards": "licence",
    }
    assert origins["export"].capture.observation.caption == "Me"
    assert origins["export"].capture.observation.captured_at is not None
    assert origins["shards"].capture.observation.image_url == "https://example.org/b.jpg"
