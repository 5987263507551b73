from pathlib import Path

from facewitness.sources.scope import UrlScope
from facewitness.sources.website import collected


def test_where_nothing_was_collected_nothing_arrives(tmp_path: Path) -> None:
    assert list(collected(tmp_path, UrlScope(())).arrivals()) == []
    (tmp_path / "archive").mkdir()
    assert list(collected(tmp_path, UrlScope(())).arrivals()) == []
