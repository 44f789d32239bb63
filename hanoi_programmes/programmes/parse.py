"""What an uploaded file really is: judged by its content, never by its name."""

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from zipfile import BadZipFile, ZipFile

from hanoi_programmes.lib.text import secrecy_mark

_HEAD_BYTES = 512
_MAX_MEMBERS = 2_000
_MAX_UNPACKED = 200 * 1024 * 1024
# Of the texts of an office file so much is read for marks of secrecy.
_MAX_TEXT = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileType:
    """An accepted type: extensions it may carry and the media type it is served with."""

    extensions: frozenset[str]
    content_type: str


class Refused(Exception):
    """The file is not taken; `reason` goes on after its name: what it is and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_PDF = FileType(frozenset({"pdf"}), "application/pdf")
_JPEG = FileType(frozenset({"jpg", "jpeg"}), "image/jpeg")
_PNG = FileType(frozenset({"png"}), "image/png")
_WEBP = FileType(frozenset({"webp"}), "image/webp")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORD = FileType(frozenset({"docx"}), f"{_OFFICE}wordprocessingml.document")
_EXCEL = FileType(frozenset({"xlsx"}), f"{_OFFICE}spreadsheetml.sheet")
_SIGNATURES = ((b"%PDF-", _PDF), (b"\xff\xd8\xff", _JPEG), (b"\x89PNG\r\n\x1a\n", _PNG))
_OFFICE_PARTS = (("word/document.xml", _WORD), ("xl/workbook.xml", _EXCEL))

UNKNOWN = (
    "không phải PDF, ảnh JPG/PNG/WebP, Word (.docx) hoặc Excel (.xlsx), "
    "hoặc nội dung không đúng với đuôi tệp. Chọn tệp khác."
)
_HEIC = (
    "là ảnh HEIC của iPhone, máy khác không mở được. Vào Cài đặt > Camera > Định dạng, chọn "
    "“Tương thích nhất” rồi chụp lại; hoặc chuyển ảnh sang JPG."
)
_OLD = (
    "là Word, Excel kiểu cũ (.doc, .xls) hoặc tệp có mật khẩu. "
    "Lưu lại thành .docx, .xlsx không mật khẩu, hoặc PDF."
)
_ARCHIVE = "là tệp nén hoặc có tệp nén bên trong. Giải nén rồi gửi từng tệp."
_WEB = "là trang web hoặc hình SVG, có thể chứa mã chạy. Lưu thành PDF rồi gửi."
_PROGRAM = "là chương trình, không phải văn bản. Chọn tệp khác."
_MACRO = "có macro hoặc mã chạy kèm. Lưu lại thành .docx, .xlsx không macro, hoặc PDF."
_OBJECT = "có đối tượng nhúng hoặc liên kết ra ngoài. Bỏ đối tượng đó, hoặc lưu thành PDF."
_BROKEN = "bị hỏng hoặc đóng gói không bình thường. Mở, lưu lại rồi gửi."
_ACTIVE_PDF = "có mã chạy hoặc tệp đính kèm bên trong PDF. In lại thành PDF rồi gửi."
_MARKED = "có dấu “{mark}” bên trong. Không đưa tài liệu mật lên hệ thống này."
_STRANGERS = (
    (b"\xd0\xcf\x11\xe0", _OLD), (b"MZ", _PROGRAM), (b"\x7fELF", _PROGRAM), (b"#!", _PROGRAM),
    (b"Rar!", _ARCHIVE), (b"7z\xbc\xaf", _ARCHIVE), (b"\x1f\x8b", _ARCHIVE), (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE), (b"MSCF", _ARCHIVE), (b"PK\x05\x06", _ARCHIVE), (b"{\\rtf", _OLD),
)  # fmt: skip
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif"})


def extension_of(name: str) -> str:
    """'Báo cáo.PDF' → 'pdf'; '' when there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def file_type(file: IO[bytes], name: str) -> FileType:
    """The accepted type, when content and extension agree. Leaves the file at its start.

    Raises `Refused` for everything else: macros, archives, web pages, code inside a PDF, a mark of
    secrecy inside. What is compressed or encrypted inside a PDF is not looked into.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    try:
        found = _type_of(head, file)
    finally:
        file.seek(0)
    if extension_of(name) not in found.extensions:
        raise Refused(UNKNOWN)
    return found


def _type_of(head: bytes, file: IO[bytes]) -> FileType:
    if head.startswith(b"PK\x03\x04"):
        return _office_type(file)
    found = next((kind for sign, kind in _SIGNATURES if head.startswith(sign)), None)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        found = _WEBP
    if found is None:
        raise Refused(_what_it_is(head))
    if zipfile.is_zipfile(file):
        raise Refused(_ARCHIVE)
    if found is _PDF:
        _look_into_pdf(file)
    return found


def _what_it_is(head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return _HEIC
    if head[257:262] == b"ustar":
        return _ARCHIVE
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return _WEB
    return next((said for sign, said in _STRANGERS if head.startswith(sign)), UNKNOWN)


# PDF: only plain objects are read; a name may be written with escapes ("/J#61vaScript").
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)(?![A-Za-z0-9])")
_TITLE = re.compile(rb"/Title\s*(?:\(((?:[^()\\]|\\.){0,800})\)|<([0-9A-Fa-f\s]{0,1600})>)", re.S)


def _look_into_pdf(file: IO[bytes]) -> None:
    file.seek(0)
    content = file.read()
    names = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)
    if _ACTIVE.search(names):
        raise Refused(_ACTIVE_PDF)
    for found in _TITLE.finditer(content):
        # A half byte at the end counts as if a 0 followed.
        written = b"".join((found[2] or b"").split())
        raw = found[1] or bytes.fromhex(written.decode() + "0" * (len(written) % 2))
        _refuse_marks(_pdf_text(raw))


def _pdf_text(raw: bytes) -> str:
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("utf-8", "replace")


def _refuse_marks(text: str) -> None:
    if mark := secrecy_mark(text):
        raise Refused(_MARKED.format(mark=mark))


# Office files: a zip whose members are listed, and whose texts are read for marks


def _office_type(file: IO[bytes]) -> FileType:
    try:
        with ZipFile(file) as archive:
            names = _checked_names(archive)
            kind = next((kind for part, kind in _OFFICE_PARTS if part in names), None)
            if kind is None or "[Content_Types].xml" not in names:
                raise Refused(_ARCHIVE)
            _look_into_office(archive)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Refused(_BROKEN) from error
    return kind


def _checked_names(archive: ZipFile) -> set[str]:
    members = archive.infolist()
    names = {member.filename for member in members}
    whole = sum(member.file_size for member in members) <= _MAX_UNPACKED
    if len(members) > _MAX_MEMBERS or not whole or len(names) < len(members):
        raise Refused(_BROKEN)
    if any(member.flag_bits & 1 for member in members):
        raise Refused(_OLD)
    for name in names:
        parts = name.lower().replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise Refused(_BROKEN)
        if "macrosheets" in parts or "dialogsheets" in parts or parts[-1].startswith("vba"):
            raise Refused(_MACRO)
        if "activex" in parts or ("embeddings" in parts and extension_of(name) not in {"xlsx"}):
            raise Refused(_OBJECT)
    return names


_TEXT_PARTS = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|docProps/\w+\.xml"
    r"|xl/(?:sharedStrings|workbook|worksheets/\w+|comments\d*|drawings/\w+)\.xml",
    re.I,
)
_ENDS = re.compile(r"</(?:w:p|si|row|c|is|a:p)>|<w:(?:br|tab|cr)\b[^>]*>")
_SHEET_NAME = re.compile(r"<(?:\w+:)?sheet\b[^>]*?\bname=\"([^\"]*)\"")
_PAGE_MARK = re.compile(r"<(?:odd|even|first)(?:Header|Footer)>([^<]*)<")
_TAG = re.compile(r"<[^>]*>")
_FIELD_CODE = re.compile(r"\bDDE(?:AUTO)?\b\s")
_OUTSIDE = re.compile(r"(?:attachedTemplate|oleObject|frame)\"[^>]*TargetMode=\"External\"", re.I)


def _look_into_office(archive: ZipFile) -> None:
    for name, part in _texts(archive):
        if name.endswith(".rels"):
            if _OUTSIDE.search(part):
                raise Refused(_OBJECT)
        elif name == "[Content_Types].xml":
            if "macroenabled" in part.lower() or "vbaproject" in part.lower():
                raise Refused(_MACRO)
        else:
            text = _plain(part)
            if name.startswith("word/") and _FIELD_CODE.search(text):
                raise Refused(_MACRO)
            _refuse_marks(text)


def _texts(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """The parts that hold text or say what the file links to; never more than the limit."""
    left = _MAX_TEXT
    for member in archive.infolist():
        name = member.filename
        if name.endswith(".rels") or name == "[Content_Types].xml" or _TEXT_PARTS.fullmatch(name):
            with archive.open(member) as part:
                raw = part.read(left)
            left -= len(raw)
            yield name, _decoded(raw)


def _decoded(raw: bytes) -> str:
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    return raw.decode("utf-16" if wide else "utf-8", "replace")


def _plain(part: str) -> str:
    """The words of a part: runs of one paragraph joined, paragraphs apart; names of sheets too."""
    names = [*_SHEET_NAME.findall(part), *_PAGE_MARK.findall(part)]
    # "&C" and the like place the text of a printed sheet's head and foot.
    named = "\n".join(re.sub(r"&amp;[LCR]", " ", name) for name in names)
    return html.unescape(_TAG.sub("", _ENDS.sub("\n", part)) + "\n" + named)
