"""What manifests and collections of both versions say."""

from typing import Any

import pytest

from facewitness.sources.iiif import addresses_in
from facewitness.sources.iiif import manifest as room
from facewitness.sources.iiif.said import Said
from facewitness.sources.iiif.tree import MAX_DOCUMENT

from .manifests import (
    SITE,
    URL,
    canvas,
    canvas2,
    image,
    image2,
    manifest,
    manifest2,
    problem,
    read,
    read_collection,
    service,
    written,
)


def test_a_manifest_of_version_3_says_who_what_and_on_what_terms() -> None:
    tree = manifest(
        requiredStatement={
            "label": {"en": ["By"]},
            "value": {"fr": ["Par le musée"], "en": ["By the museum"]},
        },
        rights="http://creativecommons.org/licenses/by/4.0/",
        homepage=[{"id": f"{SITE}/rally.pdf", "format": "application/pdf"}, {"id": f"{SITE}/rally"}],
        navDate="1956-10-23T00:00:00Z",
        metadata=[
            {"label": {"en": ["Photographer"]}, "value": {"none": ["A. Name"]}},
            {"label": {"en": ["Medium"]}, "value": {"en": ["Gelatin silver print"]}},
        ],
    )
    assert read(tree).said == Said(
        label="The rally",
        statement="By the museum",
        licence="http://creativecommons.org/licenses/by/4.0/",
        homepage=f"{SITE}/rally",
        facts=("Photographer: A. Name", "Date: 1956-10-23"),
    )


def test_a_manifest_of_version_2_says_the_same_in_its_words() -> None:
    tree = manifest2(
        label=[{"@value": "Der Umzug", "@language": "de"}, {"@value": "The rally", "@language": "en-GB"}],
        attribution="<span>By the <b>museum</b> &amp; friends</span>",
        license=["https://museum.example/terms?a=1&copy=2"],
        related={"@id": f"{SITE}/rally", "format": "text/html"},
        metadata=[{"label": "Date:", "value": "1956"}],
        navDate="1956-10-23T00:00:00Z",
    )
    assert read(tree).said == Said(
        label="The rally",
        statement="By the museum & friends",
        licence="https://museum.example/terms?a=1&copy=2",
        homepage=f"{SITE}/rally",
        facts=("Date: 1956",),
    )


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("A", "A"),
        (["A", "B"], "A; B"),
        ({"en": ["A", "B"]}, "A; B"),
        ({"de": ["A"], "none": ["B"]}, "B"),
        ({"de": ["A"], "none": ["B"], "en": ["C"]}, "C"),
        ({"de": ["A"], "fr": ["B"]}, "A"),
        ({"en": "A"}, "A"),
        ({"@value": "A"}, "A"),
        ([{"@value": "A", "@language": "de"}, "B"], "B"),
        (12, "12"),
        ({"@language": "en"}, ""),
        ("a\n\x00b \ud800", "a b"),
        ({"en": [{"x": 1}, None, True]}, ""),
        (None, ""),
        ("<Untitled> &amp; more", "<Untitled> &amp; more"),
        ([[["A"]]], ""),
        ("x" * 5_000, "x" * 1_000),
    ],
)
def test_one_text_is_chosen_english_or_in_no_language_first(label: Any, text: str) -> None:
    assert read(manifest(label=label)).said.label == text


def test_providers_are_named_where_nothing_is_required() -> None:
    providers = [{"type": "Agent", "label": {}}, {"type": "Agent", "label": {"en": ["The museum"]}}]
    assert read(manifest(provider=providers)).said.statement == "The museum"
    assert read(manifest(provider=providers, attribution="By B")).said.statement == "By B"


@pytest.mark.parametrize(
    "page", ["javascript:alert(1)", "rally.html", {"id": "ftp://museum.example/"}, 5, None, [[]]]
)
def test_only_a_web_address_is_a_homepage(page: Any) -> None:
    assert read(manifest(homepage=page)).said.homepage == ""


def test_rights_may_be_in_words() -> None:
    assert read(manifest2(license="With leave of the museum")).said.licence == "With leave of the museum"


def test_canvases_are_in_order_and_each_has_an_id_of_its_own() -> None:
    tree = manifest(*(canvas(image(), name=name, label={"none": [name]}) for name in ("2", "1", "1")))
    found = read(tree).canvases
    assert [one.said.label for one in found] == ["2", "1", "1"]
    assert len({one.id for one in found}) == 3


def test_of_several_sequences_the_first_that_is_here_counts() -> None:
    sequences = [
        {"@id": f"{SITE}/elsewhere"},
        {"canvases": [canvas2(image2())]},
        {"canvases": [canvas2(), canvas2()]},
    ]
    assert len(read(manifest2(sequences=sequences)).canvases) == 1


def test_what_goes_beyond_a_limit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_CANVASES", 2)
    monkeypatch.setattr(room, "MAX_IMAGES", 1)
    found = read(
        manifest(canvas(image(), [image(f"{SITE}/2.jpg"), image(f"{SITE}/3.jpg")]), canvas(), canvas(), 5)
    )
    assert len(found.canvases) == 2
    assert found.problems == {
        "entries that are no canvas": 1,
        "canvases beyond the first 2": 2,
        "images beyond the first 1": 2,
    }


def test_what_lies_elsewhere_is_counted() -> None:
    assert read(manifest2(sequences=[{"@id": f"{SITE}/elsewhere"}])).problems == {
        "manifests without a canvas": 1
    }
    tree = manifest(canvas() | {"items": [{"id": f"{SITE}/page", "type": "AnnotationPage"}]})
    assert read(tree).problems == {"contents of a canvas that lie elsewhere": 1}


def test_what_is_of_the_wrong_type_costs_only_itself() -> None:
    tree = manifest(canvas(image()), "x", None, label=5.5, metadata={"label": 3}, provider="x", navDate=[1])
    found = read(tree)
    assert (found.said.label, len(found.canvases)) == ("5.5", 1)
    assert found.problems == {"entries that are no canvas": 2}


def test_a_collection_names_manifests_and_collections_once_each_in_order() -> None:
    items = [
        {"id": f"{SITE}/1", "type": "Manifest", "label": {"en": ["One"]}},
        {"id": f"{SITE}/more", "type": "Collection"},
        {"id": f"{SITE}/1", "type": "Manifest"},
        {"id": f"{SITE}/canvas", "type": "Canvas"},
        {"id": "urn:x", "type": "Manifest"},
        {"id": URL, "type": "Collection"},
    ]
    found = read_collection({"id": URL, "type": "Collection", "label": {"en": ["All"]}, "items": items})
    assert (found.label, found.members) == ("All", (f"{SITE}/1", f"{SITE}/more"))
    assert found.problems == {"members without an address": 1}


def test_a_collection_of_version_2_has_pages_and_inner_collections() -> None:
    inner = {
        "@id": f"{SITE}/inner",
        "@type": "sc:Collection",
        "manifests": [{"@id": f"{SITE}/2", "@type": "sc:Manifest"}],
    }
    tree = {
        "@id": URL,
        "@type": "sc:Collection",
        "collections": [inner, {"@id": f"{SITE}/outer", "@type": "sc:Collection"}],
        "manifests": [f"{SITE}/3"],
        "members": [{"@id": f"{SITE}/4", "@type": "sc:Manifest"}],
        "next": f"{SITE}/page/2",
    }
    expected = (f"{SITE}/4", f"{SITE}/2", f"{SITE}/outer", f"{SITE}/3", f"{SITE}/page/2")
    assert read_collection(tree).members == expected
    first = {"@id": URL, "@type": "sc:Collection", "total": 9, "first": {"@id": f"{SITE}/page/1"}}
    assert read_collection(first).members == (f"{SITE}/page/1",)


def test_the_collector_is_told_what_to_fetch_next() -> None:
    pages = [canvas(image(), name="1"), canvas(image(service=[service()]), image(), name="2")]
    found = addresses_in(written(manifest(*pages)), URL)
    assert found.images == (f"{SITE}/1.jpg", f"{SITE}/image/1/full/max/0/default.jpg")
    assert found.documents == ()
    tree = {"type": "Collection", "items": [{"id": f"{SITE}/1", "type": "Manifest"}]}
    found = addresses_in(written(tree), URL)
    assert (found.documents, found.images) == ((f"{SITE}/1",), ())
    assert not any(addresses_in(b"{", URL).documents)


@pytest.mark.parametrize(
    "tree",
    [
        5,
        None,
        [],
        {},
        {"type": "FeatureCollection"},
        {"type": 5},
        {"sequences": [], "collections": []},
        {"@id": f"{SITE}/info"},
    ],
)
def test_other_json_is_neither_manifest_nor_collection(tree: Any) -> None:
    assert room.parse(written(tree), URL) is None


def test_what_cannot_be_read_says_why() -> None:
    assert problem(b"<html>") == "not JSON"
    assert problem(b"\xff\x00") == "not JSON"
    assert problem(b'{"label": ' + b"9" * 5_000 + b"}") == "not JSON"
    assert problem(b"[" * 200_000) == "nested too deeply"
    assert problem(b" " * (MAX_DOCUMENT + 1)) == f"more than {MAX_DOCUMENT} bytes"
