"""imsmanifest.xml: which files a package holds, and in its metadata what an item file has no place for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote, unquote

from question_bank.bank_item import BankItem
from question_bank.formats.qti_names import LOM, XSI, Version, ncname, words
from question_bank.formats.xml_reading import Element, child, children, local, plain
from question_bank.item_types import ITEM_TYPES

SOURCE = "exam-engine"
_FEEDBACK = "nonadaptive"


@dataclass
class Resource:
    """One entry of a manifest: a file of an item, a stimulus or a picture."""

    identifier: str
    type: str
    href: str
    files: list[str] = field(default_factory=list)
    metadata: str = ""
    depends: list[str] = field(default_factory=list)


def write_manifest(resources: Iterable[Resource], version: Version) -> str:
    listed = "\n".join(_resource(one) for one in resources)
    spaces = (
        f'xmlns="{version.package}" xmlns:lom="{LOM}" xmlns:qtimd="{version.metadata}" xmlns:xsi="{XSI}" '
        f'xsi:schemaLocation="{version.package} {version.package_schema} {version.metadata} {version.metadata_schema}"'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest identifier="MANIFEST-BANK" {spaces}>\n'
        f"<metadata><schema>{version.package_name}</schema>"
        f"<schemaversion>{version.package_version}</schemaversion></metadata>\n"
        f"<organizations/>\n<resources>\n{listed}\n</resources>\n</manifest>\n"
    )


def _resource(one: Resource) -> str:
    metadata = f"<metadata>{one.metadata}</metadata>" if one.metadata else ""
    files = "".join(f'<file href="{escape(quote(file))}"/>' for file in one.files)
    depends = "".join(f'<dependency identifierref="{escape(other)}"/>' for other in one.depends)
    return (
        f'<resource identifier="{escape(one.identifier)}" type="{one.type}" href="{escape(quote(one.href))}">'
        f"{metadata}{files}{depends}</resource>"
    )


def metadata(item: BankItem, told: Mapping[str, str]) -> str:
    """LOM for what any tool may want to know, our own fields as taxa of one classification."""
    fields = {**told, "type": item.type, **_of_stimulus(item)}
    taxa = "".join(
        f"<lom:taxonPath><lom:source>{_string(SOURCE)}</lom:source><lom:taxon><lom:id>{name}</lom:id>"
        f"<lom:entry>{_string(value)}</lom:entry></lom:taxon></lom:taxonPath>"
        for name, value in fields.items()
    )
    interaction = ITEM_TYPES[item.type].interaction
    title = _string(item.point or item.id)
    return (
        f"<lom:lom><lom:general><lom:identifier><lom:catalog>{SOURCE}</lom:catalog>"
        f"<lom:entry>{words(item.id)}</lom:entry></lom:identifier><lom:title>{title}</lom:title>"
        f"<lom:language>zh-CN</lom:language></lom:general>"
        f"<lom:educational><lom:typicalLearningTime><lom:duration>PT{item.seconds}S</lom:duration>"
        f"</lom:typicalLearningTime></lom:educational>"
        f"<lom:classification><lom:purpose><lom:source>LOMv1.0</lom:source><lom:value>discipline</lom:value>"
        f"</lom:purpose>{taxa}</lom:classification></lom:lom>"
        f"<qtimd:qtiMetadata><qtimd:timeDependent>false</qtimd:timeDependent>"
        f"<qtimd:interactionType>{interaction}</qtimd:interactionType>"
        f"<qtimd:feedbackType>{_FEEDBACK}</qtimd:feedbackType>"
        f"<qtimd:solutionAvailable>{'true' if item.key else 'false'}</qtimd:solutionAvailable></qtimd:qtiMetadata>"
    )


def _of_stimulus(item: BankItem) -> dict[str, str]:
    one = item.stimulus
    if not one:
        return {}
    told = {"stimulus_id": one.id, "stimulus_title": one.title}
    return {**told, "stimulus_plays": str(one.plays)} if one.audio else told


def _string(value: str) -> str:
    return f'<lom:string language="zh-CN">{words(value)}</lom:string>'


@dataclass(frozen=True)
class Told:
    """What a manifest says of one item file."""

    href: str
    line: int
    identifier: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def read_manifest(root: Element, base: str) -> list[Told]:
    """The item files of a manifest, in its order."""
    found = []
    for resource in root.iter():
        if local(resource) != "resource" or "item" not in (resource.get("type") or "").lower():
            continue
        files = [one.get("href") for one in children(resource, "file")]
        href = resource.get("href") or next((one for one in files if one), "")
        if href:
            path = posixpath.normpath(posixpath.join(base, unquote(href)))
            found.append(Told(path, resource.sourceline or 1, *_metadata(child(resource, "metadata"))))
    return found


def _metadata(element: Element | None) -> tuple[str, dict[str, str]]:
    identifier, fields = "", dict[str, str]()
    for one in element.iter() if element is not None else ():
        if local(one) == "taxonPath" and plain(child(one, "source")).strip() == SOURCE:
            for taxon in children(one, "taxon"):
                fields[plain(child(taxon, "id")).strip()] = plain(child(taxon, "entry"))
        elif local(one) == "identifier" and plain(child(one, "catalog")).strip() == SOURCE:
            identifier = plain(child(one, "entry")).strip()
    return identifier, fields


def resource_id(code: str) -> str:
    return f"RES-{ncname(code)}"
