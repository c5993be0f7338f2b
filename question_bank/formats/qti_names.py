"""The three versions of QTI: what they call the same things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from question_bank.formats.xml_reading import Element, local, printable


@dataclass(frozen=True)
class Version:
    code: str
    namespace: str
    schema: str
    package: str
    package_schema: str
    package_name: str
    package_version: str
    item_type: str
    metadata: str
    metadata_schema: str

    @property
    def kebab(self) -> bool:
        return self.code == "3.0"


QTI21 = Version(
    "2.1",
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
    "QTIv2.1 Package",
    "1.0.0",
    "imsqti_item_xmlv2p1",
    "http://www.imsglobal.org/xsd/imsqti_metadata_v2p1",
    "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_metadata_v2p1.xsd",
)
QTI22 = Version(
    "2.2",
    "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "http://www.imsglobal.org/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd",
    "QTIv2.2 Package",
    "1.0.0",
    "imsqti_item_xmlv2p2",
    "http://www.imsglobal.org/xsd/imsqti_metadata_v2p2",
    "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_metadata_v2p2.xsd",
)
QTI30 = Version(
    "3.0",
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    "QTI Package",
    "3.0.0",
    "imsqti_item_xmlv3p0",
    "http://www.imsglobal.org/xsd/imsqti_metadata_v3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_metadatav3p0_v1p0.xsd",
)
STIMULUS_TYPE = "imsqti_stimulus_xmlv3p0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOM = "http://ltsc.ieee.org/xsd/LOM"
_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


class Maker:
    """Writes elements in the words of one version: choiceInteraction or qti-choice-interaction."""

    def __init__(self, version: Version) -> None:
        self.version = version

    def tag(self, name: str, content: str = "", **attributes: object) -> str:
        """An element of QTI; `content` is finished XML. A trailing underscore keeps a name from being Python's."""
        shown = "".join(
            f" {self._attribute(key.rstrip('_'))}={quoteattr(_text(value), {chr(10): '&#10;'})}"
            for key, value in attributes.items()
            if value is not None
        )
        called = f"qti-{_kebab(name)}" if self.version.kebab else name
        return f"<{called}{shown}>{content}</{called}>" if content else f"<{called}{shown}/>"

    def _attribute(self, name: str) -> str:
        return _kebab(name) if self.version.kebab and ":" not in name else name


def words(text: str) -> str:
    return escape(printable(text))


def ncname(code: str) -> str:
    """A code as XML takes it for an identifier; those of items may begin with a figure."""
    return code if _NCNAME.fullmatch(code) else f"I-{code}"


def normalise(root: Element) -> Element:
    """The same tree in the names of 2.x and without namespaces, whatever version it was written in."""
    for element in root.iter():
        name = local(element)
        if not name:
            continue
        ours = name.lower().startswith("qti-")
        element.tag = _camel(name[4:].lower()) if ours else name
        for key in list(element.attrib):
            plain = key.rpartition("}")[2]
            wanted = _camel(plain) if ours else plain
            if wanted != key:
                element.set(wanted, element.attrib.pop(key))
    return root


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return printable(str(value))


def _kebab(name: str) -> str:
    return _HUMP.sub(lambda match: f"-{match[1].lower()}", name)


def _camel(name: str) -> str:
    head, *rest = name.split("-")
    return head + "".join(part.capitalize() for part in rest)
