"""Which images a canvas is painted with, and under which address they are fetched."""

from typing import Any

import pytest

from facewitness.sources.iiif.images import CanvasImage

from .manifests import SITE, canvas, canvas2, fetched, image, image2, manifest, manifest2, read, service

BASE = f"{SITE}/image/1"
PLAIN = f"{SITE}/1.jpg"


def test_an_image_without_a_service_is_fetched_where_it_is() -> None:
    (found,) = read(manifest(canvas(image()))).canvases[0].images
    assert found == CanvasImage(url=PLAIN, fetch=PLAIN, licence="")


@pytest.mark.parametrize(
    ("version", "asked"),
    [(1, "full/full/0/native.jpg"), (2, "full/full/0/default.jpg"), (3, "full/max/0/default.jpg")],
)
def test_a_service_is_asked_for_the_whole_image_in_the_words_of_its_version(version: int, asked: str) -> None:
    (found,) = read(manifest2(canvas2(image2(service=service(version))))).canvases[0].images
    assert found == CanvasImage(url=PLAIN, fetch=f"{BASE}/{asked}", licence="")


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize(
    ("width", "height", "size"), [(9000, 4000, "4096,"), (4000, 9000, ",4096"), (5000, 5000, "4096,")]
)
def test_a_large_image_is_asked_for_at_4096_pixels_where_the_server_reduces(
    version: int, level: int, width: int, height: int, size: str
) -> None:
    quality = "native" if version == 1 else "default"
    offered = service(version, level)
    assert fetched(image(service=[offered], width=width, height=height)) == [
        f"{BASE}/full/{size}/0/{quality}.jpg"
    ]


def test_an_image_of_4096_pixels_is_not_reduced() -> None:
    assert fetched(image(service=[service(3)], width=4096, height=10)) == [f"{BASE}/full/max/0/default.jpg"]


def test_a_large_image_is_fetched_where_it_is_when_nothing_says_that_the_server_reduces() -> None:
    unsaid = {"@id": BASE, "@type": "ImageService2"}
    for offered in (service(2, level=0), service(3, level=0), unsaid):
        assert fetched(image(service=[offered], width=9000, height=9000)) == [PLAIN]
    (alone,) = fetched({"type": "Image", "service": [service(3, level=0)], "width": 9000, "height": 9000})
    assert alone == f"{BASE}/full/max/0/default.jpg"


def test_a_services_own_word_on_the_size_goes_before_the_images() -> None:
    offered = service(2, width=9000, height=1)
    assert fetched(image(service=offered, width=900, height=1)) == [f"{BASE}/full/4096,/0/default.jpg"]


@pytest.mark.parametrize(
    "offered",
    [
        {"@id": BASE, "@type": "ImageService2", "profile": "level2"},
        {"@id": BASE, "profile": ["http://iiif.io/api/image/2/level2.json", {"maxWidth": 3}]},
        {"@id": f"{BASE}/", "@context": "http://iiif.io/api/image/2/context.json"},
        {"@id": f"{BASE}/info.json", "@context": ["http://iiif.io/api/image/2/context.json"]},
        [{"@id": f"{SITE}/login", "profile": "http://iiif.io/api/auth/1/login"}, service(2), service(3)],
    ],
)
def test_a_service_of_version_2_is_known_in_every_way_of_writing_it(offered: Any) -> None:
    assert fetched(image(service=offered)) == [f"{BASE}/full/full/0/default.jpg"]


@pytest.mark.parametrize(
    "offered",
    [
        "https://museum.example/image/1",
        {"@id": BASE},
        {"@id": BASE, "@context": "http://iiif.io/api/image/4/context.json"},
        {"@id": "urn:image:1", "type": "ImageService3"},
        {"@id": f"{BASE}?id=1", "type": "ImageService3"},
        {"type": "ImageService3", "profile": 3},
        [[], None, 5],
    ],
)
def test_a_service_that_cannot_be_asked_leaves_the_images_own_address(offered: Any) -> None:
    assert fetched(image(service=offered)) == [PLAIN]


def test_of_a_choice_all_images_are_taken() -> None:
    items = [image(f"{SITE}/day.jpg"), image(f"{SITE}/x-ray.jpg")]
    assert fetched({"type": "Choice", "items": items}) == [f"{SITE}/day.jpg", f"{SITE}/x-ray.jpg"]
    second = {
        "@type": "oa:Choice",
        "default": image2(f"{SITE}/day.jpg"),
        "item": [{"@type": "rdf:nil"}, image2()],
    }
    found = read(manifest2(canvas2(second))).canvases[0].images
    assert [one.url for one in found] == [f"{SITE}/day.jpg", PLAIN]


def test_of_a_part_of_an_image_the_whole_is_taken() -> None:
    rotated = {
        "id": f"{SITE}/body",
        "type": "SpecificResource",
        "source": image(),
        "selector": {"rotation": "90"},
    }
    assert fetched(rotated) == [PLAIN]
    second = {"@type": "oa:SpecificResource", "full": image2(), "selector": {"region": "0,0,1,1"}}
    assert [one.url for one in read(manifest2(canvas2(second))).canvases[0].images] == [PLAIN]


def test_choices_within_choices_are_followed_some_way_and_then_counted() -> None:
    body = image()
    for _ in range(4):
        body = {"type": "Choice", "items": [body]}
    assert fetched(body) == [PLAIN]
    found = read(manifest(canvas({"type": "Choice", "items": [body]})))
    assert found.canvases[0].images == ()
    assert found.problems == {"images too deep within choices of choices": 1}


def test_sound_film_and_text_are_no_images() -> None:
    for what in ("Sound", "Video", "TextualBody", "dctypes:MovingImage", "Model"):
        tree = manifest(canvas({"id": f"{SITE}/a.mp4", "type": what, "format": "video/mp4"}))
        assert (read(tree).canvases[0].images, read(tree).problems) == ((), {})


def test_what_does_not_say_its_type_is_an_image_by_format_service_or_ending() -> None:
    for body in (
        {"id": PLAIN},
        PLAIN,
        {"id": PLAIN, "format": "image/png"},
        {"id": PLAIN, "service": service()},
    ):
        assert fetched(body)
    assert fetched({"id": f"{SITE}/1", "format": 5}) == []


def test_a_comment_on_a_canvas_is_no_image_of_it() -> None:
    comment = {"type": "Annotation", "motivation": ["commenting"], "body": image()}
    tree = manifest(canvas() | {"items": [{"items": [comment]}]}, thumbnail=[image()], logo=[image()])
    assert read(tree).canvases[0].images == ()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://museum.example/1.jpg", "1.jpg", "http://", "", 7, None]
)
def test_an_image_without_a_web_address_is_counted(url: Any) -> None:
    found = read(manifest(canvas({"id": url, "type": "Image"}, image())))
    assert [one.url for one in found.canvases[0].images] == [PLAIN]
    assert found.problems == {"images without an http or https address": 1}
