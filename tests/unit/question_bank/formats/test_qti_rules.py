"""What we write as QTI keeps the order and the attributes the standard asks for, and every reference leads somewhere.

The schemas of 1EdTech may not be shipped; these are the rules of theirs that our subset touches.
"""

import io
import re
import zipfile
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from question_bank.formats.qti_names import QTI21, QTI22, QTI30, Version, normalise
from question_bank.interchange import write
from question_bank.item_types import ITEM_TYPES
from tests.factories.any_items import banks

ITEM_ORDER = ["responseDeclaration", "outcomeDeclaration", "assessmentStimulusRef", "itemBody", "responseProcessing"]
ITEM_ORDER += ["modalFeedback"]
ALLOWED = {
    "assessmentItem": set(ITEM_ORDER),
    "responseDeclaration": {"correctResponse", "mapping"},
    "outcomeDeclaration": {"defaultValue"},
    "mapping": {"mapEntry"},
    "choiceInteraction": {"simpleChoice"},
    "orderInteraction": {"simpleChoice"},
    "matchInteraction": {"simpleMatchSet"},
    "simpleMatchSet": {"simpleAssociableChoice"},
    "table": {"tbody"},
    "tbody": {"tr"},
    "tr": {"th", "td"},
    "ul": {"li"},
}
NEEDED = {
    "assessmentItem": {"identifier", "title", "adaptive", "timeDependent"},
    "responseDeclaration": {"identifier", "cardinality", "baseType"},
    "outcomeDeclaration": {"identifier", "cardinality", "baseType"},
    "choiceInteraction": {"responseIdentifier", "shuffle", "maxChoices"},
    "orderInteraction": {"responseIdentifier", "shuffle"},
    "matchInteraction": {"responseIdentifier", "shuffle", "maxAssociations"},
    "simpleAssociableChoice": {"identifier", "matchMax"},
    "simpleChoice": {"identifier"},
    "textEntryInteraction": {"responseIdentifier"},
    "extendedTextInteraction": {"responseIdentifier"},
    "mediaInteraction": {"responseIdentifier", "autostart"},
    "modalFeedback": {"outcomeIdentifier", "identifier", "showHide"},
    "feedbackInline": {"outcomeIdentifier", "identifier", "showHide"},
    "rubricBlock": {"view"},
    "mapEntry": {"mapKey", "mappedValue"},
    "img": {"src", "alt"},
}
INLINE_ONLY = {"p", "feedbackInline", "strong"}
BLOCKS = {"p", "div", "table", "ul", "rubricBlock", "choiceInteraction", "orderInteraction", "matchInteraction"}
NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


def check_item(root: Any) -> None:
    order = [ITEM_ORDER.index(child.tag) for child in root]
    assert order == sorted(order)
    declared = {one.get("identifier") for one in root if one.tag.endswith("Declaration")}
    for element in root.iter():
        name = element.tag
        assert {child.tag for child in element} <= ALLOWED.get(name, {child.tag for child in element})
        assert set(element.attrib) >= NEEDED.get(name, set()), name
        assert name not in INLINE_ONLY or not {child.tag for child in element} & BLOCKS
        for attribute in ("responseIdentifier", "outcomeIdentifier"):
            assert element.get(attribute) in declared | {None}
        if element.get("identifier") and name not in ("assessmentItem",):
            assert NCNAME.fullmatch(element.get("identifier"))
    for interaction in root.iter("choiceInteraction", "orderInteraction", "matchInteraction"):
        ids = [one.get("identifier") for one in interaction.iter("simpleChoice", "simpleAssociableChoice")]
        assert len(set(ids)) == len(ids)
        named = {word for value in root.iter("value") for word in (value.text or "").split()}
        assert named & set(ids)


@pytest.mark.parametrize("version", [QTI21, QTI22, QTI30])
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_every_item_keeps_the_rules(version: Version, data: st.DataObject) -> None:
    written = write(f"qti{version.code.replace('.', '')}", data.draw(banks(tuple(ITEM_TYPES))))
    with zipfile.ZipFile(io.BytesIO(written.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = etree.fromstring(files["imsmanifest.xml"])
    spaces = {"cp": version.package}
    listed = {one.get("href") for one in manifest.iterfind(".//cp:file", spaces)}
    assert {unquote(name) for name in listed} == set(files) - {"imsmanifest.xml"}
    resources = [one.get("identifier") for one in manifest.iterfind(".//cp:resource", spaces)]
    assert len(set(resources)) == len(resources)
    assert all(NCNAME.fullmatch(one) for one in resources)
    depended = {one.get("identifierref") for one in manifest.iterfind(".//cp:dependency", spaces)}
    assert depended <= set(resources)
    for name, content in files.items():
        if name.startswith("items/"):
            root = etree.fromstring(content)
            assert root.tag.startswith(f"{{{version.namespace}}}")
            assert "schemaLocation" in str(root.attrib)
            assert all(
                unquote(one.get(place)).removeprefix("../") in files
                for one in root.iter()
                for place in ("src", "data")
                if (one.get(place) or "").startswith("../")
            )
            check_item(normalise(root))
