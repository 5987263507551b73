"""A crawl as there could be one: 60 % pages of 20 to 60 KB that show images, 40 % JPEGs of 50 to 300 KB.

The pages are of drawn words, links, scripts and figures; the JPEGs begin as such and are noise in which some
bytes are more frequent, so that gzip takes off 2 to 3 % as it does off photos. Every crawl of one size is the same.
"""

import base64
import gzip
import hashlib
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

SITES = 40
_IMAGES = 0.4
_NOISE = bytes(random.Random(0).choices(range(256), [4 if n % 16 == 0 else 1 for n in range(256)], k=2**20))
_WORDS = ["".join(random.Random(n).choices("aeioubdfghklmnprstvw", k=2 + n % 9)) for n in range(3_000)]
_SCRIPT = "window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)};" * 20


def write_warc(path: Path, size: int, zipped: bool) -> int:
    """A crawl of about so many bytes on disk; how many records it has."""
    with path.open("wb") as stream:
        for count, record in enumerate(records(), start=1):
            stream.write(gzip.compress(record, 1, mtime=0) if zipped else record)
            if stream.tell() >= size:
                return count
    return 0


def pack(warc: Path, wacz: Path) -> None:
    """The archive in a WACZ, with its digest in the data package."""
    with warc.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    resource = {"name": warc.name, "path": f"archive/{warc.name}", "hash": f"sha256:{digest}"}
    with zipfile.ZipFile(wacz, "w", zipfile.ZIP_STORED) as packed:
        packed.write(warc, resource["path"])
        packed.writestr("datapackage.json", json.dumps({"profile": "wacz", "resources": [resource]}))


def records() -> Iterator[bytes]:
    """Records without end, each as it is in a WARC file that is not compressed."""
    draw = random.Random(1)
    number = 0
    while True:
        site = f"https://site-{draw.randrange(SITES)}.example"
        if draw.random() < _IMAGES:
            url, kind, body = f"{site}/photos/{number % 5000}.jpg", "image/jpeg", jpeg(draw)
        else:
            url, kind, body = f"{site}/pages/{number}.html", "text/html; charset=utf-8", page(draw)
        yield _response(url, kind, body, number)
        number += 1


def jpeg(draw: random.Random) -> bytes:
    """What begins as a JPEG."""
    size, start = draw.randrange(50_000, 300_000), draw.randrange(2**19)
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + _NOISE[start : start + size]


def page(draw: random.Random) -> bytes:
    """A page with menus, scripts, paragraphs, and an image to each few of them."""
    size = draw.randrange(20_000, 60_000)
    links = "".join(
        f'<li class="menu-item"><a href="/topic/{n}">{_text(draw, 2)}</a></li>' for n in range(40)
    )
    parts = [
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{_text(draw, 6)}</title>",
        f'<meta name="description" content="{_text(draw, 20)}"><meta property="og:image" content="/og.jpg">',
        f'<link rel="stylesheet" href="/style.css"><script>{_SCRIPT}</script></head><body class="post">',
        f'<nav class="main"><ul>{links}</ul></nav><main id="content">',
    ]
    written = sum(map(len, parts))
    while written < size:
        part = "".join(map(_paragraph, [draw] * 5)) + _image(draw)
        parts.append(part)
        written += len(part)
    return "".join([*parts, f"</main><footer><ul>{links}</ul></footer></body></html>"]).encode()


def _paragraph(draw: random.Random) -> str:
    link = f'<a class="link" href="/pages/{draw.randrange(5000)}.html">{_text(draw, 3)}</a>'
    return f'<div class="block"><p class="text">{_text(draw, 50)} {link} {_text(draw, 30)}</p></div>\n'


def _image(draw: random.Random) -> str:
    """An image, one in three in a figure with a caption, one in two in several sizes."""
    name = draw.randrange(5000)
    image = (
        f'<img class="wp-image" src="/photos/{name}.jpg" alt="{_text(draw, 5)}" loading="lazy" width="640"'
    )
    if draw.random() < 0.5:
        image += (
            f' srcset="/photos/{name}-320.jpg 320w, /photos/{name}-640.jpg 640w, /photos/{name}.jpg 1280w"'
        )
    if draw.random() < 0.3:
        return f'<figure class="wide">{image}><figcaption>{_text(draw, 8)}</figcaption></figure>\n'
    return f'<p class="image">{image}></p>\n'


def _text(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(_WORDS, k=words))


def _response(url: str, kind: str, body: bytes, number: int) -> bytes:
    http = (
        "HTTP/1.1 200 OK\r\nDate: Wed, 01 May 2024 12:00:00 GMT\r\nServer: nginx\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nLast-Modified: Mon, 01 Apr 2024 08:00:00 GMT\r\n"
        "Connection: keep-alive\r\nVary: Accept-Encoding\r\nCache-Control: max-age=3600\r\n\r\n"
    ).encode()
    digests = [base64.b32encode(hashlib.sha1(data).digest()).decode() for data in (http + body, body)]
    warc = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"WARC-Date: 2024-05-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-IP-Address: 192.0.2.1\r\nWARC-Block-Digest: sha1:{digests[0]}\r\n"
        f"WARC-Payload-Digest: sha1:{digests[1]}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http) + len(body)}\r\n\r\n"
    ).encode()
    return warc + http + body + b"\r\n\r\n"
