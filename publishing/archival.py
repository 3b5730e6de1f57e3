"""What makes a tagged PDF one for readers aloud and for the archive: PDF/UA-1 and PDF/A-2a, both at once."""

from datetime import datetime
from xml.sax.saxutils import escape

from django.utils.timezone import localtime
from pikepdf import Array, Dictionary, Name, Pdf, String

from .content import ReportContent
from .layout import Stamp

GENERATOR = "Duoplus"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
# PDF/A knows no PDF/UA: a file that names both describes the one in terms of the other.
EXTENSION = f"""<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{NAMESPACES["pdfuaid"]}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>"""


def declare(pdf: Pdf, content: ReportContent, stamp: Stamp, producer: str, profile: bytes) -> None:
    """Say what the file is, in its dictionary and in XMP alike; `profile` is the ICC profile of its colours."""
    made = localtime(stamp.made_at)
    told = _told(content)
    root = pdf.Root
    root.Lang = String("nl")
    root.MarkInfo = Dictionary(Marked=True)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
    colours = pdf.make_stream(profile, N=3)
    root.OutputIntents = Array([
        Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String("sRGB"),
            Info=String("sRGB"), DestOutputProfile=colours,
        )
    ])  # fmt: skip
    root.Metadata = pdf.make_stream(_xmp(told, producer, made).encode(), Type=Name.Metadata, Subtype=Name.XML)
    info = {**told, "Creator": GENERATOR, "Producer": producer, "CreationDate": _date(made), "ModDate": _date(made)}
    for name, value in info.items():
        pdf.docinfo[f"/{name}"] = String(value)


def _told(content: ReportContent) -> dict[str, str]:
    """The document's own words, by their names in a PDF."""
    draft = " (concept)" if content.draft else ""
    kind = content.kind[:1].upper() + content.kind[1:]
    return {
        "Title": f"{content.title} – {content.organisation}",
        "Author": content.organisation,
        "Subject": f"{kind} van {content.organisation} over {content.year}{draft}",
        "Keywords": f"{content.kind}, {content.year}, {content.short_name}",
    }


def _date(moment: datetime) -> str:
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}"


def _xmp(told: dict[str, str], producer: str, made: datetime) -> str:
    words = {name: escape(value) for name, value in told.items()}
    moment = made.isoformat(timespec="seconds")
    names = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" {names}>
<pdfuaid:part>1</pdfuaid:part><pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{words["Title"]}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{words["Author"]}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{words["Subject"]}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>nl</rdf:li></rdf:Bag></dc:language>
<pdf:Keywords>{words["Keywords"]}</pdf:Keywords><pdf:Producer>{escape(producer)}</pdf:Producer>
<xmp:CreatorTool>{GENERATOR}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
{EXTENSION}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
