"""The program that decodes HEIC photos for `heif`, in a process of its own: the only module that uses pi-heif.

Run by its path and not as part of the package, so that it starts in a moment and needs little memory. It takes
requests on standard input until that is closed, and answers each on standard output. A request is two frames:
`HEADER` or `PIXELS`, and the photo's bytes. An answer is four: what the photo is, in JSON, its EXIF, its XMP and
its pixels, of which those not asked for are empty.
"""

import io
import json
import os
import struct
import sys
from typing import IO

HEADER, PIXELS = b"header", b"pixels"

_LENGTH = struct.Struct("<Q")


def send(stream: IO[bytes], *frames: bytes) -> None:
    """Write each frame with its length before it."""
    for frame in frames:
        stream.write(_LENGTH.pack(len(frame)))
        stream.write(frame)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """The next frame; EOFError where the stream ends before it or within it."""
    return _exactly(stream, _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0])


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError("the other side is gone")
    return data


def _answer(wanted: bytes, photo: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    from pi_heif.as_plugin import HeifImageFile  # here, as `heif` imports this file too

    try:
        image = HeifImageFile(io.BytesIO(photo))
        pixels = image.tobytes() if wanted == PIXELS else b""
    except Exception as error:  # noqa: BLE001  the decoder raises whatever the damage provokes
        return _packed(error=str(error) or type(error).__name__), b"", b"", b""
    exif, xmp = (image.info.get(name) or b"" for name in ("exif", "xmp"))
    return _packed(mode=image.mode, size=image.size), exif, xmp, pixels


def _packed(**facts: object) -> bytes:
    return json.dumps(facts).encode()


def main() -> None:
    """Answer until the other side is gone. What the decoder prints goes to nobody, not between the frames."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        while True:
            send(answers, *_answer(receive(requests), receive(requests)))
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    main()
