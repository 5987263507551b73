"""HEIC and HEIF photos, decoded in a process of their own: a damaged one can crash the decoder it is given to.

What crashes is libheif or its binding, in C, and takes the whole process along (docs/decisions/0007). So each
photo is handed to a helper process (`heif_child`), and a helper that dies is a refused photo.
"""

import atexit
import json
import subprocess
import sys
import threading
from io import BytesIO
from typing import IO, Any, NamedTuple, cast

from PIL import Image
from PIL.ImageFile import ImageFile

from facewitness.photos import heif_child

PATIENCE = 60.0
"""Seconds after which a helper is given up. A bound of this project's own."""

_MODES = {"L", "LA", "RGB", "RGBA", "RGBa"}


class _Answer(NamedTuple):
    mode: str
    size: tuple[int, int]
    exif: bytes
    xmp: bytes
    pixels: bytes


class _Helpers:
    """The helper processes, each kept for the next photo; there are as many as threads that decode at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []

    def ask(self, wanted: bytes, photo: bytes) -> _Answer:
        """The photo's header or pixels; OSError where it is damaged, or where its helper died or hung."""
        helper = self._take()
        timer = threading.Timer(PATIENCE, helper.kill)
        timer.start()
        try:
            heif_child.send(cast("IO[bytes]", helper.stdin), wanted, photo)
            facts, exif, xmp, pixels = (
                heif_child.receive(cast("IO[bytes]", helper.stdout)) for _ in range(4)
            )
        except BaseException as error:
            _end(helper)
            if isinstance(error, EOFError | OSError):
                raise OSError("its decoder crashed, or took longer than a minute") from None
            raise
        finally:
            timer.cancel()
        with self._lock:
            self._idle.append(helper)
        return _understood(facts, exif, xmp, pixels)

    def end(self) -> None:
        """End those that are idle; the others end with the process that asked them."""
        while self._idle:
            _end(self._idle.pop())

    def _take(self) -> subprocess.Popen[bytes]:
        with self._lock:
            while self._idle:
                helper = self._idle.pop()
                if helper.poll() is None:
                    return helper
                _end(helper)
        # -P: the folder of the script holds modules whose names would hide others.
        return subprocess.Popen(  # noqa: S603  our own file, by our own interpreter
            [sys.executable, "-P", heif_child.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


def _end(helper: subprocess.Popen[bytes]) -> None:
    helper.kill()
    with helper:  # waits, and closes both pipes
        pass


def _understood(facts: bytes, exif: bytes, xmp: bytes, pixels: bytes) -> _Answer:
    said = json.loads(facts)
    if "error" in said:
        raise OSError(said["error"])
    mode, (width, height) = said["mode"], said["size"]
    if mode not in _MODES:
        raise OSError(f"pixels of the unknown mode {mode!r}")
    return _Answer(mode, (width, height), exif, xmp, pixels)


_helpers = _Helpers()
atexit.register(_helpers.end)


class _HeifImage(ImageFile):
    """Pillow's view of a photo of which only the header is known, until its pixels are asked for."""

    format = "HEIF"

    def _open(self) -> None:
        self._photo: bytes | None = cast("IO[bytes]", self.fp).read()
        header = _helpers.ask(heif_child.HEADER, self._photo)
        self._mode, self._size = header.mode, header.size
        self.info |= {"exif": header.exif, "xmp": header.xmp}

    def load(self) -> Any:
        if self._photo is not None:
            answer = _helpers.ask(heif_child.PIXELS, self._photo)
            self._photo = None
            self._mode, self._size = answer.mode, answer.size
            self.load_prepare()
            self.frombytes(answer.pixels)
        return super().load()


def open_heif(stream: BytesIO) -> Image.Image:
    """The primary image, its pixels not yet decoded; already upright once they are.

    libheif applies the container's rotation itself, and pi-heif then sets the EXIF orientation that it
    hands on to 1, so nothing is turned twice. 10- and 12-bit pictures come as 8-bit ones.
    """
    return _HeifImage(stream)
