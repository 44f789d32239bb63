"""Files as people send them, honest and hostile; each is built here, none is stored."""

from io import BytesIO
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 32
EXE = b"MZ\x90\0" + b"\0" * 64
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


def packed(*names: str) -> bytes:
    """A zip archive with these members."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
DOCX_WITH_MACRO = packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
ZIP = packed("readme.txt")


def sent(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    """A file of a multipart form. What type the browser claims is never believed."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")
