"""XMP: the packet's authorship, rights and PLUS data-mining preference. The only module that imports defusedxml.

Only the main packet is read, not the extension that a JPEG may carry for what exceeds 64 kB.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from facewitness.photos.text import clean

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DC = "{http://purl.org/dc/elements/1.1/}"
_FIELDS = {
    f"{_DC}creator": "creator",
    f"{_DC}description": "caption",
    f"{_DC}rights": "rights",
    "{http://ns.adobe.com/photoshop/1.0/}Credit": "credit",
    "{http://ns.adobe.com/xap/1.0/rights/}WebStatement": "web_statement",
}
_PLUS = "ns.useplus.org/ldf/xmp/"
"""Part of the namespace http://ns.useplus.org/ldf/xmp/1.0/ (IPTC Photo Metadata Standard 2023.1, 'Data Mining')."""
_RAW_MINING = re.compile(r"DataMining.{0,300}?(DMI[-_][A-Za-z_-]+)", re.IGNORECASE | re.DOTALL)
_MAX_PACKET = 8 * 1024 * 1024


def xmp_facts(packet: bytes) -> dict[str, Any]:
    """The fields of `EmbeddedFacts` that XMP can fill; those it is silent or broken about are left out.

    From a packet that is not well-formed XML only the data-mining preference is taken: a reservation
    holds even where the rest of the packet is broken.
    """
    text = packet.decode(json.detect_encoding(packet), "replace").strip("\ufeff\0 \t\r\n")
    try:
        if len(text) > _MAX_PACKET:
            return _from_damaged(text)
        root = fromstring(text)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return _from_damaged(text)
    return _facts(root)


def mining_key(value: str) -> str:
    """The PLUS key in capitals, whether written bare, as a URI, or in any case; empty for an empty value."""
    key = re.split(r"[/#:]", clean(value, 300).rstrip("/#:"))[-1].upper().replace("_", "-")
    if "PROHIBITED" in key and not key.startswith("DMI-"):
        return "DMI-" + key[key.index("PROHIBITED") :]
    return key


def _facts(root: Element) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    mining: list[str] = []
    for name, values in _properties(root):
        if name in _FIELDS:
            joined = ", ".join(values) if _FIELDS[name] == "creator" else (values or [""])[0]
            if text := clean(joined):
                facts.setdefault(_FIELDS[name], text)
        elif _PLUS in name.lower() and name.lower().endswith("}datamining"):
            mining += [key for key in map(mining_key, values) if key]
    if mining:
        # Where a packet says two things, the reservation is the one that counts.
        facts["data_mining"] = next((key for key in mining if key.startswith("DMI-PROHIBITED")), mining[0])
    return facts


def _properties(root: Element) -> Iterator[tuple[str, list[str]]]:
    """Each property of the photo: as attribute or as element, the default language first.

    Descriptions within a description tell of other things, such as the pictures that a collage was made of.
    """
    rdf = next(root.iter(f"{_RDF}RDF"), root)
    for description in rdf.findall(f"{_RDF}Description"):
        for name, value in description.attrib.items():
            yield name, [value]
        for child in description:
            yield child.tag, _texts(child)


def _texts(element: Element) -> list[str]:
    items = element.findall(f"*/{_RDF}li")
    items.sort(key=lambda item: item.get(_LANG) != "x-default")
    found = [_text(item) for item in items] if items else [_text(element)]
    return [text for text in found if text]


def _text(element: Element) -> str:
    return clean(element.get(f"{_RDF}resource") or "".join(element.itertext()))


def _from_damaged(text: str) -> dict[str, Any]:
    keys = [mining_key(found) for found in _RAW_MINING.findall(text)]
    if not keys:
        return {}
    return {"data_mining": next((key for key in keys if key.startswith("DMI-PROHIBITED")), keys[0])}
