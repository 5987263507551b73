from pathlib import Path

from facewitness.sources.website.wanted import read_wanted, write_wanted


def test_addresses_are_handed_on_each_once_in_their_order(tmp_path: Path) -> None:
    write_wanted(
        tmp_path / "wanted", ["https://b.example/", "https://a.example/", "https://b.example/", "no address"]
    )
    found = list(read_wanted(tmp_path / "wanted"))
    assert found == ["https://b.example/", "https://a.example/", "no address"]
