"""Account exports as the platforms write them, in both eras of each.

Each function gives the files of one export by their path within it. Everybody and everything in them is made
up; `PLANTED` are the names and addresses of third persons that must not come in.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

Files = dict[str, bytes]

PLANTED = ("Planted Person", "198.51.100.7", "planted.follower", "planted words")
"""What stands in the fixtures and must stand in no observation."""
_TAG, _IP, _FOLLOWER, _WORDS = PLANTED

TIME = 1_640_000_000
"""2021-12-20T11:33:20Z."""


def picture(number: int) -> bytes:
    """A small JPEG, another one for each number."""
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (number * 37 % 256, number * 91 % 256, number * 17 % 256)).save(stream, "JPEG")
    return stream.getvalue()


def as_meta(value: Any) -> bytes:
    """JSON as Meta writes it: every byte of a text's UTF-8 as a character of its own."""
    return json.dumps(mangled(value)).encode()


def mangled(value: Any) -> Any:
    """The texts in it as Meta writes them."""
    if isinstance(value, str):
        return value.encode().decode("latin-1")
    if isinstance(value, list):
        return [mangled(one) for one in value]
    return {mangled(key): mangled(one) for key, one in value.items()} if isinstance(value, dict) else value


def write_zip(path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A ZIP of these files, in their order."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def write_parts(folder: Path, files: Files, parts: int = 2) -> Path:
    """The export split across ZIPs, so that files which belong together lie apart."""
    folder.mkdir(exist_ok=True)
    names = list(files)
    for part in range(parts):
        write_zip(folder / f"export-{part + 1}.zip", {name: files[name] for name in names[part::parts]})
    return folder


def write_folder(folder: Path, files: Files) -> Path:
    """The export unpacked."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def instagram_2025() -> Files:
    top = "your_instagram_activity/media"
    posts = [
        {
            "media": [
                _ig("media/posts/202112/one.jpg", "", TIME + 5),
                _ig("media/posts/202112/two.jpg", "", TIME + 6),
                _ig("media/posts/202112/film.mp4", "", TIME + 6),
            ],
            "title": "Two at the café",
            "creation_timestamp": TIME,
        },
        {"media": [_ig("media/posts/202201/single.jpg", "Gator bites 😁", TIME + 100)]},
        {"media": [_ig("media/posts/202201/lost.jpg", "in a part that is not there", TIME + 100)]},
    ]
    account = {
        "profile_user": [
            {
                "media_map_data": {"Profielfoto": _ig("media/profile/202001/me.jpg", "", TIME - 9)},
                "string_map_data": {"Naam": {"value": "The Holder"}, "Telefoon": {"value": _IP}},
            }
        ]
    }
    return {
        f"{top}/posts_1.json": as_meta(posts),
        f"{top}/stories.json": as_meta({"ig_stories": [_ig("media/stories/202203/s.jpg", "", TIME + 200)]}),
        f"{top}/archived_posts.json": as_meta(
            {"ig_archived_post_media": [{"media": [_ig("media/archived_posts/a.jpg", "kept away", TIME)]}]}
        ),
        f"{top}/recently_deleted_content.json": as_meta([{"media": [_ig("media/other/d.jpg", "no", TIME)]}]),
        f"{top}/reposts.json": as_meta([{"media": [_ig("media/other/theirs.jpg", _WORDS, TIME)]}]),
        "personal_information/personal_information/personal_information.json": as_meta(account),
        "your_instagram_activity/messages/inbox/planted_1/message_1.json": as_meta(
            {"messages": [{"sender_name": _TAG, "content": _WORDS, "timestamp_ms": TIME * 1000}]}
        ),
        "connections/followers_and_following/followers_1.json": as_meta([{"title": _FOLLOWER}]),
        "media/posts/202112/one.jpg": picture(1),
        "media/posts/202112/two.jpg": picture(2),
        "media/posts/202112/film.mp4": b"no photo",
        "media/posts/202201/single.jpg": picture(3),
        "media/posts/202201/unnamed.webp": picture(4),
        "media/stories/202203/s.jpg": picture(5),
        "media/archived_posts/a.jpg": picture(6),
        "media/other/d.jpg": picture(7),
        "media/other/theirs.jpg": picture(8),
        "media/profile/202001/me.jpg": picture(9),
        "your_instagram_activity/messages/inbox/planted_1/photos/received.jpg": picture(10),
        "connections/contacts/planted.jpg": picture(11),
    }


def instagram_2021() -> Files:
    posts = [{"media": [_ig("media/posts/202112/one.jpg", "Voilà", TIME)]}]
    return {
        "content/posts_1.json": as_meta(posts),
        "content/posts_2.json": as_meta(
            [{"media": [_ig("media/posts/202112/two.jpg", "", TIME)], "title": "2"}]
        ),
        "content/stories.json": as_meta({"ig_stories": [_ig("media/stories/s.jpg", "", TIME)]}),
        "content/profile_photos.json": as_meta(
            {"ig_profile_picture": [_ig("media/profile/me.jpg", "", TIME)]}
        ),
        "content/reposts.json": as_meta([{"media": [_ig("media/other/theirs.jpg", _WORDS, TIME)]}]),
        "messages/inbox/planted_1/message_1.json": as_meta({"participants": [{"name": _TAG}]}),
        "messages/inbox/planted_1/photos/received.jpg": picture(10),
        "media/posts/202112/one.jpg": picture(1),
        "media/posts/202112/two.jpg": picture(2),
        "media/stories/s.jpg": picture(3),
        "media/profile/me.jpg": picture(4),
    }


def instagram_2018() -> Files:
    def one(path: str, caption: str) -> dict[str, Any]:
        return {"caption": caption, "taken_at": "2018-05-01T12:00:00+00:00", "location": "x", "path": path}

    media = {
        "photos": [one("photos/201805/a.jpg", "café")],
        "stories": [one("stories/201805/s.jpg", "")],
        "profile": [one("profile/201805/p.jpg", "") | {"is_active_profile": True}],
        "direct": [one("direct/201805/d.jpg", _WORDS)],
    }
    return {
        "media.json": json.dumps(media).encode(),
        "messages.json": json.dumps([{"participants": [_TAG]}]).encode(),
        "photos/201805/a.jpg": picture(1),
        "stories/201805/s.jpg": picture(2),
        "profile/201805/p.jpg": picture(3),
        "direct/201805/d.jpg": picture(4),
    }


def facebook_2022() -> Files:
    return _facebook("", "posts/your_posts_1.json", "photos_and_videos") | {
        "posts/other_people's_posts_to_your_timeline.json": as_meta(
            {
                "wall_posts_sent_to_you": {
                    "activity_log_data": [_fb_post(f"{_TAG} wrote", _WORDS, "photos_and_videos/theirs.jpg")]
                }
            }
        ),
        "photos_and_videos/theirs.jpg": picture(20),
    }


def facebook_2024() -> Files:
    top = "your_facebook_activity/"
    return _facebook(top, f"{top}posts/your_posts__check_ins__photos_and_videos_1.json", f"{top}posts/media")


def takeout_2020() -> Files:
    """Sidecars called as the photo."""
    return _takeout("")


def takeout_2024() -> Files:
    """Sidecars with the suffix."""
    return _takeout(".supplemental-metadata")


def html(files: Files) -> Files:
    """The export as HTML."""
    return {
        name.replace(".json", ".html"): b"<html></html>" if name.endswith(".json") else data
        for name, data in files.items()
    }


def sidecar(title: str, origin: Any = None, **more: Any) -> dict[str, Any]:
    """A sidecar of Google Photos."""
    return {
        "title": title,
        "description": f"About {title}",
        "imageViews": "3",
        "creationTime": {"timestamp": str(TIME + 900), "formatted": "x"},
        "photoTakenTime": {"timestamp": str(TIME), "formatted": "x"},
        "geoData": {"latitude": 0.0, "longitude": 0.0},
        "people": [{"name": _TAG}],
        "url": "https://photos.google.com/photo/AF1QipN",
        "googlePhotosOrigin": {"mobileUpload": {"deviceType": "IOS_PHONE"}} if origin is None else origin,
    } | more


def _ig(uri: str, title: str, time: int) -> dict[str, Any]:
    return {
        "uri": uri,
        "creation_timestamp": time,
        "media_metadata": {"photo_metadata": {"exif_data": [{"latitude": 1.0, "longitude": 2.0}]}},
        "title": title,
        "cross_post_source": {"source_app": "FB"},
    }


def _fb_photo(uri: str, description: str = "") -> dict[str, Any]:
    return {
        "uri": uri,
        "creation_timestamp": TIME + 50,
        "title": f"With {_TAG}",
        "description": description,
        "media_metadata": {
            "photo_metadata": {"exif_data": [{"upload_ip": _IP, "taken_timestamp": -62169958800}]}
        },
        "comments": [{"timestamp": TIME, "comment": _WORDS, "author": _TAG}],
    }


def _fb_post(title: str, words: str, *uris: str) -> dict[str, Any]:
    return {
        "timestamp": TIME,
        "title": title,
        "data": [{"update_timestamp": TIME}, {"post": words}],
        "tags": [{"name": _TAG}],
        "attachments": [{"data": [{"place": {"name": _TAG}}, *({"media": _fb_photo(one)} for one in uris)]}],
    }


def _facebook(top: str, posts: str, media: str) -> Files:
    album = {
        "name": "Été",
        "photos": [_fb_photo(f"{media}/Ete_1/a1.jpg", "À la plage"), _fb_photo(f"{media}/Ete_1/shared.jpg")],
        "cover_photo": _fb_photo(f"{media}/Ete_1/a1.jpg"),
        "description": "x",
    }
    lines = [
        _fb_post(
            f"The Holder was with {_TAG}.", f"Hallo @[1000001:2048:{_TAG}] 😁", f"{media}/Ete_1/shared.jpg"
        ),
        {"timestamp": TIME, "title": f"The Holder wrote to {_TAG}", "data": [{"post": "words alone"}]},
    ]
    folder = "photos_and_videos" if not top else "posts"
    return {
        posts: as_meta(lines),
        f"{top}{folder}/album/0.json": as_meta(album),
        f"{top}posts/your_uncategorized_photos.json": as_meta(
            {"other_photos_v2": [_fb_photo(f"{media}/u.jpg", "Alone")]}
        ),
        f"{top}messages/inbox/planted_1/message_1.json": as_meta({"participants": [{"name": _TAG}]}),
        f"{media}/Ete_1/a1.jpg": picture(1),
        f"{media}/Ete_1/shared.jpg": picture(2),
        f"{media}/u.jpg": picture(3),
        f"{media}/unnamed.png": picture(4),
        f"{media}/film.mp4": b"no photo",
        f"{top}messages/inbox/planted_1/photos/received.jpg": picture(5),
        f"{top}friends/planted.jpg": picture(6),
    }


LONG = "a photo with a name that is so long that Takeout will cut it.jpg"
"""Cut to 47 characters and its ending."""


def _takeout(suffix: str) -> Files:
    year, album = "Takeout/Google Photos/Photos from 2021", "Takeout/Google Photos/Summer _ sea"

    def named(name: str, number: str = "") -> str:
        return f"{(name + suffix)[:46]}{number}.json"

    def as_json(value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False).encode()

    return {
        f"{year}/{named('a.jpg')}": as_json(sidecar("a.jpg")),
        f"{year}/{named('a.jpg', '(1)')}": as_json(sidecar("a.jpg", description="The other a")),
        f"{year}/{named(LONG)}": as_json(sidecar(LONG)),
        f"{year}/{named(LONG, '(1)')}": as_json(sidecar(LONG, description="The other long one")),
        f"{year}/{named('shared.jpg')}": as_json(sidecar("shared.jpg", {"fromSharedAlbum": {}})),
        f"{year}/{named('partner.jpg')}": as_json(sidecar("partner.jpg", {"fromPartnerSharing": {}})),
        f"{year}/{named('nobody.jpg')}": as_json(sidecar("nobody.jpg", {})),
        f"{year}/{named('binned.jpg')}": as_json(sidecar("binned.jpg", trashed=True)),
        f"{year}/renamed by hand.json": as_json(sidecar("what&ever.jpg")),
        f"{album}/metadata.json": as_json(
            {"title": "Summer & sea", "description": "", "access": "protected"}
        ),
        f"{album}/{named('b.jpg')}": as_json(sidecar("b.jpg", {"webUpload": {"computerUpload": {}}})),
        f"{year}/a.jpg": picture(1),
        f"{year}/a(1).jpg": picture(2),
        f"{year}/a-bearbeitet.jpg": picture(3),
        f"{year}/a-ha editado(1).jpg": picture(4),
        f"{year}/{LONG[:47]}.jpg": picture(5),
        f"{year}/{LONG[:47]}(1).jpg": picture(6),
        f"{year}/shared.jpg": picture(7),
        f"{year}/partner.jpg": picture(8),
        f"{year}/nobody.jpg": picture(9),
        f"{year}/binned.jpg": picture(10),
        f"{year}/orphan.jpg": picture(11),
        f"{year}/what_ever.jpg": picture(12),
        f"{year}/film.MP4": b"no photo",
        f"{album}/b.jpg": picture(13),
        f"{album}/b-modifié.jpg": picture(14),
        "Takeout/Drive/scan.jpg": picture(15),
        "Takeout/archive_browser.html": b"<html></html>",
    }
