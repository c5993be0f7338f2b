"""What the file says of itself: once as PDF has always said it, once as XMP, both alike as PDF/A demands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from certificates.drawing.structure import text_string

PRODUCER = "Certificate drawing"


@dataclass(frozen=True)
class Description:
    title: str
    author: str
    subject: str
    creator: str
    day: date
    conformance: str

    def info(self) -> str:
        day = f"(D:{self.day:%Y%m%d}000000Z)"
        texts = {
            "Title": self.title, "Author": self.author, "Subject": self.subject, "Creator": self.creator,
            "Producer": PRODUCER,
        }  # fmt: skip
        said = " ".join(f"/{key} {text_string(text)}" for key, text in texts.items() if text)
        return f"<< {said} /CreationDate {day} /ModDate {day} >>"

    def xmp(self) -> bytes:
        day = f"{self.day.isoformat()}T00:00:00Z"
        part, level = self.conformance[0], self.conformance[1].upper()
        return (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
            '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" '
            'xmlns:xmp="http://ns.adobe.com/xap/1.0/">\n'
            "<dc:format>application/pdf</dc:format>\n"
            f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(self.title)}</rdf:li></rdf:Alt></dc:title>\n'
            f"<dc:creator><rdf:Seq><rdf:li>{escape(self.author)}</rdf:li></rdf:Seq></dc:creator>\n"
            f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(self.subject)}</rdf:li></rdf:Alt>'
            "</dc:description>\n"
            f"<pdf:Producer>{PRODUCER}</pdf:Producer>\n"
            f"<pdfaid:part>{part}</pdfaid:part>\n<pdfaid:conformance>{level}</pdfaid:conformance>\n"
            f"<xmp:CreatorTool>{escape(self.creator)}</xmp:CreatorTool>\n"
            f"<xmp:CreateDate>{day}</xmp:CreateDate>\n<xmp:ModifyDate>{day}</xmp:ModifyDate>\n"
            "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
            '<?xpacket end="w"?>'
        ).encode()
