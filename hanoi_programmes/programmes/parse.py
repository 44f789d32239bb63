"""What an uploaded file really is: judged by its content, never by its name."""

import zipfile
from dataclasses import dataclass
from typing import IO
from zipfile import BadZipFile

_HEAD_BYTES = 16
_MAX_MEMBERS = 2_000
_MAX_UNPACKED = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileType:
    """An accepted type: extensions it may carry and the media type it is served with."""

    extensions: frozenset[str]
    content_type: str


_PDF = FileType(frozenset({"pdf"}), "application/pdf")
_JPEG = FileType(frozenset({"jpg", "jpeg"}), "image/jpeg")
_PNG = FileType(frozenset({"png"}), "image/png")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORD = FileType(frozenset({"docx"}), f"{_OFFICE}wordprocessingml.document")
_EXCEL = FileType(frozenset({"xlsx"}), f"{_OFFICE}spreadsheetml.sheet")
_SIGNATURES = ((b"%PDF-", _PDF), (b"\xff\xd8\xff", _JPEG), (b"\x89PNG\r\n\x1a\n", _PNG))
_OFFICE_PARTS = (("word/document.xml", _WORD), ("xl/workbook.xml", _EXCEL))


def extension_of(name: str) -> str:
    """'Báo cáo.PDF' → 'pdf'; '' when there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def file_type(file: IO[bytes], name: str) -> FileType | None:
    """The accepted type when content and extension agree, else None. Leaves the file at its start.

    Macro files, SVG, HTML and archives have no entry here and are therefore refused.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    found = next((kind for sign, kind in _SIGNATURES if head.startswith(sign)), None)
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _office_type(file)
    file.seek(0)
    return found if found and extension_of(name) in found.extensions else None


def _office_type(file: IO[bytes]) -> FileType | None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except BadZipFile:
        return None
    names = {member.filename for member in members}
    unpacked = sum(member.file_size for member in members)
    if len(members) > _MAX_MEMBERS or unpacked > _MAX_UNPACKED:
        return None
    if "[Content_Types].xml" not in names or any(n.endswith("vbaProject.bin") for n in names):
        return None
    return next((kind for part, kind in _OFFICE_PARTS if part in names), None)
