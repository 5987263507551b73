"""EXIF: when, with what and where a photo was taken, and who says so.

Tag numbers: CIPA DC-008 (Exif 2.32) sections 4.6.4 to 4.6.6.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import Image

from facewitness.photos.text import decoded

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_DESCRIPTION, _MAKE, _MODEL, _ARTIST, _COPYRIGHT = 0x010E, 0x010F, 0x0110, 0x013B, 0x8298
_TIMES = ((0x9003, 0x9011), (0x9004, 0x9012))
"""DateTimeOriginal and DateTimeDigitized with their offsets. DateTime is left out: it is the last edit's."""
_LATITUDE, _LONGITUDE = (1, 2), (3, 4)

_TIME = re.compile(r"(\d{4})[:/-](\d{1,2})[:/-](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})")

Tags = Mapping[int, Any]


def exif_facts(image: Image.Image) -> dict[str, Any]:
    """The fields of `EmbeddedFacts` that EXIF can fill; those it is silent or broken about are left out."""
    try:
        exif = image.getexif()
    except Exception:  # noqa: BLE001 - Pillow raises whatever the damage provokes
        return {}
    if not exif:
        return {}
    main, shot, gps = _directory(exif, None), _directory(exif, _EXIF_IFD), _directory(exif, _GPS_IFD)
    facts = {
        "taken_at": _taken_at(shot),
        "camera": _camera(decoded(main.get(_MAKE)), decoded(main.get(_MODEL))),
        "gps": _position(gps),
        "creator": decoded(main.get(_ARTIST)),
        "caption": decoded(main.get(_DESCRIPTION)),
        "rights": decoded(main.get(_COPYRIGHT)),
    }
    return {name: value for name, value in facts.items() if value}


def _directory(exif: Image.Exif, tag: int | None) -> Tags:
    """One directory with every value it can give, tag by tag, as some raise only when they are asked for."""
    values: dict[int, Any] = {}
    try:
        source = exif if tag is None else exif.get_ifd(tag)
        for key in list(source):
            values[key] = source[key]
    except Exception:  # noqa: BLE001, S110 - what was read so far is kept
        pass
    return values


def _taken_at(shot: Tags) -> datetime | None:
    for time_tag, offset_tag in _TIMES:
        found = _TIME.match(decoded(shot.get(time_tag)))
        if found is None:
            continue
        try:
            year, month, day, hour, minute, second = (int(part) for part in found.groups())
            zone = _zone(decoded(shot.get(offset_tag)))
            return datetime(year, month, day, hour, minute, second, tzinfo=zone)
        except ValueError:  # cameras that were never set write zeros or blanks
            continue
    return None


def _zone(text: str) -> timezone | None:
    if text.upper() == "Z":
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    return timezone((-1 if sign == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes)))


def _camera(make: str, model: str) -> str:
    """Make and model, the make once: Canon writes it into both."""
    return model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()


def _position(gps: Tags) -> tuple[float, float] | None:
    latitude = _degrees(gps, _LATITUDE, "NS", 90.0)
    longitude = _degrees(gps, _LONGITUDE, "EW", 180.0)
    if latitude is None or longitude is None or (latitude == 0.0 and longitude == 0.0):
        return None  # 0, 0 is what devices write that have no fix
    return latitude, longitude


def _degrees(gps: Tags, tags: tuple[int, int], letters: str, most: float) -> float | None:
    """Degrees, minutes and seconds as signed degrees; None without a hemisphere or out of range."""
    side = decoded(gps.get(tags[0])).upper()[:1]
    parts = gps.get(tags[1])
    if not side or side not in letters or not isinstance(parts, tuple) or not 1 <= len(parts) <= 3:
        return None
    try:
        value = math.fsum(float(part) / 60**place for place, part in enumerate(parts))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    return -value if side == letters[1] else value
