"""Files of evidence: what is taken, what is refused and in which words, how it is given back."""

import tarfile
import unicodedata
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from django.test import Client

from hanoi_programmes.programmes.models import Evidence
from hanoi_programmes.programmes.services.progress import safe_name
from tests import uploads
from tests.programmes.conftest import TYPED, text_of, update_form
from tests.stored import stored

TYPES = "[Content_Types].xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 24
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 32


def office(parts: dict[str, str | bytes], main: str = "word/document.xml") -> bytes:
    """A Word or Excel file with these parts beside the two it must have."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in ({TYPES: "<Types/>", main: "<x/>"} | parts).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    return office({"word/document.xml": f"<w:document>{body}</w:document>"})


def runs(*texts: str) -> str:
    return "".join(f"<w:r><w:t>{text}</w:t></w:r>" for text in texts)


def excel(parts: dict[str, str | bytes]) -> bytes:
    return office(parts, main="xl/workbook.xml")


def pdf(inside: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj<<" + inside + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def twice() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in (TYPES, "word/document.xml", "word/documenu.xml"):
            archive.writestr(name, "<x/>")
    return buffer.getvalue().replace(b"documenu", b"document")


def encrypted() -> bytes:
    """A zip whose directory says that a member is encrypted."""
    content = bytearray(office({}))
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def tar() -> bytes:
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return buffer.getvalue()


def many() -> bytes:
    return office({f"word/media/{n}.png": "" for n in range(2_000)})


def bomb() -> bytes:
    """A small file that says it unpacks to gigabytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in (TYPES, "word/document.xml"):
            archive.writestr(name, "<x/>")
        archive.writestr(ZipInfo("word/media/a.png"), b"\0" * (201 * 1024 * 1024), ZIP_DEFLATED)
    return buffer.getvalue()


OLD, ARCHIVE, WEB = "kiểu cũ", "là tệp nén hoặc có tệp nén bên trong", "trang web hoặc hình SVG"
PROGRAM, MACRO, OBJECT = "là chương trình", "có macro", "đối tượng nhúng"
BROKEN, ACTIVE, SECRET = (
    "bị hỏng",
    "mã chạy hoặc tệp đính kèm bên trong PDF",
    "bên trong. Không đưa",
)
UNKNOWN = "không đúng với đuôi tệp"
TITLE16 = b"/Title<" + "TỐI MẬT".encode("utf-16-be").hex().encode() + b">"

HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "a photo of an iPhone": ("anh.heic", HEIC, "HEIC của iPhone"),
    "HEIC named .jpg": ("anh.jpg", HEIC, "HEIC của iPhone"),
    "an old Word": ("cv.doc", OLE, OLD),
    "an old Excel named .xlsx": ("bieu.xlsx", OLE, OLD),
    "an office file with a password": ("cv.docx", OLE, OLD),
    "a zip with a password": ("cv.docx", encrypted(), OLD),
    "RTF": ("cv.rtf", b"{\\rtf1 {\\object}}", OLD),
    "zip": ("a.zip", uploads.ZIP, ARCHIVE),
    "an empty zip": ("a.zip", b"PK\x05\x06" + b"\0" * 18, ARCHIVE),
    "rar": ("a.rar", b"Rar!\x1a\x07\0", ARCHIVE),
    "rar named .pdf": ("a.pdf", b"Rar!\x1a\x07\0", ARCHIVE),
    "7z": ("a.7z", b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    "gzip": ("a.gz", b"\x1f\x8b\x08\0", ARCHIVE),
    "bzip2": ("a.bz2", b"BZh91AY", ARCHIVE),
    "xz": ("a.xz", b"\xfd7zXZ\0", ARCHIVE),
    "tar": ("a.tar", tar(), ARCHIVE),
    "cabinet": ("a.cab", b"MSCF\0\0", ARCHIVE),
    "SVG": ("a.svg", uploads.SVG, WEB),
    "SVG named .png": ("a.png", uploads.SVG, WEB),
    "HTML": ("a.html", uploads.HTML, WEB),
    "HTML after a mark of order and blanks": ("a.pdf", b"\xef\xbb\xbf \r\n<html>", WEB),
    "wide HTML": ("a.jpg", "\ufeff<html>".encode("utf-16-le"), WEB),
    "a program": ("a.exe", uploads.EXE, PROGRAM),
    "a program turned round": ("bao cao\u202exslx.exe", uploads.EXE, PROGRAM),
    "a program of Linux": ("a.pdf", b"\x7fELF\x02", PROGRAM),
    "a script": ("a.png", b"#!/bin/sh\n", PROGRAM),
    "Word with a macro": ("a.docx", uploads.DOCX_WITH_MACRO, MACRO),
    "a macro somewhere else": ("a.docx", office({"x/y/VBAProject.bin": ""}), MACRO),
    "macro data only": ("a.docx", office({"word/vbaData.xml": ""}), MACRO),
    "an Excel 4 macro sheet": ("a.xlsx", excel({"xl/macrosheets/sheet1.xml": ""}), MACRO),
    "a macro by its type": (
        "a.docx",
        office({TYPES: "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        MACRO,
    ),
    "a command in a field": ("a.docx", word("<w:instrText>DDEAUTO cmd</w:instrText>"), MACRO),
    "an embedded object": ("a.docx", office({"word/embeddings/oleObject1.bin": OLE}), OBJECT),
    "an ActiveX control": ("a.xlsx", excel({"xl/activeX/activeX1.bin": ""}), OBJECT),
    "a template from outside": (
        "a.docx",
        office({
            "word/_rels/settings.xml.rels": '<Relationship Type="http://x/attachedTemplate" '
            'Target="http://x/a.dotm" TargetMode="External"/>'
        }),
        OBJECT,
    ),
    "a member above its folder": ("a.docx", office({"../../etc/x": ""}), BROKEN),
    "a member from the root": ("a.docx", office({"/etc/x": ""}), BROKEN),
    "a member twice": ("a.docx", twice(), BROKEN),
    "too many members": ("a.docx", many(), BROKEN),
    "a bomb": ("a.docx", bomb(), BROKEN),
    "cut short": ("a.docx", office({})[:60], BROKEN),
    "a binary Excel": ("a.xlsx", office({"xl/workbook.bin": ""}, main="xl/x.bin"), ARCHIVE),
    "Word named Excel": ("a.xlsx", uploads.DOCX, UNKNOWN),
    "PDF with a script": ("a.pdf", pdf(b"/OpenAction<</S/JavaScript/JS(x)>>"), ACTIVE),
    "PDF with an escaped script": ("a.pdf", pdf(b"/S /J#61vaScript"), ACTIVE),
    "PDF that starts a program": ("a.pdf", pdf(b"/A<</S/Launch/F(cmd.exe)>>"), ACTIVE),
    "PDF with a file in it": ("a.pdf", pdf(b"/Names<</EmbeddedFiles 3 0 R>>"), ACTIVE),
    "PDF after other bytes": ("a.pdf", b"junk\n" + uploads.PDF, UNKNOWN),
    "PDF and zip in one": ("a.pdf", uploads.PDF + uploads.ZIP, ARCHIVE),
    "PNG and zip in one": ("a.png", uploads.PNG + uploads.ZIP, ARCHIVE),
    "a sound named as a photo": ("a.webp", b"RIFF\x24\0\0\0WAVEfmt ", UNKNOWN),
    "text": ("a.txt", b"xin chao", UNKNOWN),
    "nothing": ("a.pdf", b"", "rỗng"),
    "a secret Word": ("a.docx", word(runs("TUYỆT MẬT")), SECRET),
    "a secret Word in pieces": ("a.docx", word(runs("TỐI ", "M", "ẬT")), SECRET),
    "a secret Word, decomposed": (
        "a.docx", word(runs(unicodedata.normalize("NFD", "MẬT"))), SECRET,
    ),
    "a secret head of a page": ("a.docx", office({"word/header2.xml": runs("MẬT")}), SECRET),
    "a secret foot of a page": ("a.docx", office({"word/footer1.xml": runs("M Ậ T")}), SECRET),
    "a secret title of a Word": (
        "a.docx", office({"docProps/core.xml": "<dc:title>TỐI MẬT</dc:title>"}), SECRET,
    ),
    "a secret Excel": (
        "a.xlsx", excel({"xl/sharedStrings.xml": "<si><t>T&#7888;I M&#7852;T</t></si>"}), SECRET,
    ),
    "a secret cell": (
        "a.xlsx", excel({"xl/worksheets/sheet1.xml": "<c><is><t>MẬT</t></is></c>"}), SECRET,
    ),
    "a secret sheet": (
        "a.xlsx", excel({"xl/workbook.xml": '<sheet name="Danh mục MẬT" sheetId="1"/>'}), SECRET,
    ),
    "a secret head of a printed sheet": (
        "a.xlsx",
        excel({"xl/worksheets/sheet1.xml": "<oddHeader>&amp;CMẬT</oddHeader>"}),
        SECRET,
    ),
    "a secret wide Word": (
        "a.docx", office({"word/document.xml": runs("MẬT").encode("utf-16")}), SECRET,
    ),
    "a secret title of a PDF": ("a.pdf", pdf("/Title(Báo cáo TỐI MẬT)".encode()), SECRET),
    "a secret wide title of a PDF": (
        "a.pdf", pdf(b"/Title<FEFF" + TITLE16.removeprefix(b"/Title<")), SECRET,
    ),
}  # fmt: skip


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(
    page: tuple[Client, str], media: Path, case: str
) -> None:
    (client, url), (name, content, sentence) = page, HOSTILE[case]
    before = stored()
    response = client.post(url, update_form(text=TYPED, papers=uploads.sent(name, content)))
    assert response.status_code == 422
    shown = text_of(response)
    assert "Tệp “" in shown
    assert sentence in shown
    assert TYPED in shown
    assert stored() == before
    assert files_in(media) == []


GOOD: dict[str, tuple[str, bytes]] = {
    "PDF": ("a.pdf", uploads.PDF),
    "PDF with a title": ("a.pdf", pdf("/Title(Quy chế BẢO MẬT)".encode())),
    "PDF with form fields": ("a.pdf", pdf(b"/AcroForm 2 0 R/OpenAction[3 0 R/Fit]")),
    "JPEG": ("A.JPEG", uploads.JPEG),
    "PNG": ("a.png", uploads.PNG),
    # Harmless: it is only ever handed out as a download of an image.
    "PNG with a page behind it": ("a.png", uploads.PNG + uploads.HTML),
    "WebP": ("a.webp", WEBP),
    "Word": ("a.docx", uploads.DOCX),
    "Word about secrets": ("a.docx", word(runs("QUY CHẾ BẢO ", "MẬT"), runs("MẬT ĐỘ DÂN SỐ"))),
    "Word with a chart": ("a.docx", office({"word/embeddings/Microsoft_Excel_Sheet.xlsx": ""})),
    "Word with a link": (
        "a.docx",
        office({
            "word/_rels/document.xml.rels": '<Relationship Type="http://x/hyperlink" '
            'Target="https://hanoi.example" TargetMode="External"/>'
        }),
    ),
    "Excel": ("a.xlsx", uploads.XLSX),
    "Excel with names": ("a.xlsx", excel({"xl/workbook.xml": '<sheet name="Bảo mật"/>'})),
}  # fmt: skip


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("case", GOOD)
def test_an_honest_file_is_kept(page: tuple[Client, str], case: str) -> None:
    (client, url), (name, content) = page, GOOD[case]
    response = client.post(url, update_form(papers=uploads.sent(name, content)))
    assert response.status_code == 302
    assert Evidence.objects.get().size == len(content)


# Names

NAMES = {
    "Báo cáo quý IV.pdf": "Báo cáo quý IV.pdf",
    unicodedata.normalize("NFD", "Báo cáo.pdf"): "Báo cáo.pdf",
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Users\\x\\bc.pdf": "bc.pdf",
    "bao\u202efdp.cáo.pdf": "baofdp.cáo.pdf",
    "a\r\nSet-Cookie: x.pdf": "aSet-Cookie: x.pdf",
    'a";filename="b.pdf': 'a";filename="b.pdf',
    " . a.pdf. ": "a.pdf",
    "": "tep",
    "...": "tep",
    "\u200b": "tep",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_without_tricks(name: str) -> None:
    assert safe_name(name) == NAMES[name]


def test_a_very_long_name_keeps_its_end() -> None:
    assert len(safe_name("ă" * 5_000 + ".pdf")) == 200
    assert safe_name("ă" * 5_000 + ".pdf").endswith(".pdf")


@pytest.mark.parametrize("name", ["Báo cáo 12.pdf", "CON.pdf", "a;b,c%20.pdf", "x" * 150 + ".pdf"])
def test_a_file_lies_under_a_random_name_and_comes_back_as_a_download(
    page: tuple[Client, str], media: Path, name: str
) -> None:
    client, url = page
    client.post(url, update_form(papers=uploads.sent(name)))
    evidence = Evidence.objects.get()
    assert name not in str(evidence.file)
    assert [str(path.relative_to(media)) for path in files_in(media)] == [str(evidence.file)]
    for method in (client.get, client.head):
        response = method(f"/evidence/{evidence.pk}/")
        assert response.status_code == 200
        disposition = response["Content-Disposition"]
        assert disposition.startswith("attachment; ")
        assert name in disposition or quote(name, safe="") in disposition.replace("%2C", ",")
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        response.getvalue()
