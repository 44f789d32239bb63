"""The files of a report: drawn or walked from one content, stored whole or not at all."""

import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from hanoi_programmes.reports import docx, pdf, rules, xlsx
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.services.sections import Hand
from hanoi_programmes.reports.states import Kind

_FOLDER = "reports"
_ENDINGS = {"file": "pdf", "word": "docx", "excel": "xlsx", "archive": "zip"}


@dataclass(frozen=True, slots=True)
class Made:
    """Finished contents by the column that names their file; `file` is the PDF."""

    pages: int
    contents: dict[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Of the PDF."""
        return len(self.contents["file"])

    @property
    def sha256(self) -> str:
        """Of the PDF."""
        return hashlib.sha256(self.contents["file"]).hexdigest()


def files_of(hand: Hand) -> Made:
    """Join what was drawn, and walk the same content for the other forms."""
    report, parts = hand.report, hand.parts()
    content, pages = _joined(report, parts)
    # Written out once: both forms walk the same words.
    papers = [plan.compose() for plan in hand.plans.values()]
    contents = {
        "file": content,
        "word": docx.document(papers, profile=report.profile, picture=pdf.picture),
        "excel": _workbook(report, papers),
    }
    if report.kind == Kind.AREAS:
        contents["archive"] = _archive(report, parts)
    return Made(pages, contents)


def _workbook(report: Report, papers: list[str]) -> bytes:
    is_made_up = bool((report.snapshot or {}).get("illustrative"))
    author = rules.letterhead(report).name
    about = xlsx.about(report, author=author, illustrative=is_made_up)
    return xlsx.workbook(papers, about=about)


def _joined(report: Report, parts: list[pdf.Part]) -> tuple[bytes, int]:
    return pdf.join(
        parts,
        profile=report.profile,
        title=report.subject,
        author=rules.letterhead(report).name,
        subject=f"Mã số liệu {report.code}, số liệu đến {report.as_of:%d/%m/%Y}",
    )


def _archive(report: Report, parts: list[pdf.Part]) -> bytes:
    """Each paper of a batch as a file of its own, in the order of the batch."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, part in enumerate(parts, start=1):
            content, _pages = _joined(report, [part])
            name = f"{number:03d} {_plain(part.title)}.pdf"
            archive.writestr(zipfile.ZipInfo(name, _SAME_TIME), content)
    return out.getvalue()


# Of no use to the reader: the same figures give the same archive.
_SAME_TIME = (1980, 1, 1, 0, 0, 0)


def _plain(title: str) -> str:
    """A file's name, which no folder and no hidden file can be made of."""
    kept = "".join(letter if letter.isalnum() or letter in " -" else " " for letter in title)
    return " ".join(kept.split())[:80] or "bao cao"


def store(made: Made) -> dict[str, str]:
    """Write all files under one random name; on an error none of them stays. Returns the names."""
    name = uuid4().hex
    places = {column: f"{_FOLDER}/{name[:2]}/{name}.{_ENDINGS[column]}" for column in made.contents}
    try:
        for column, place in places.items():
            default_storage.save(place, ContentFile(made.contents[column]))
    except BaseException:
        discard(places.values())
        raise
    return places


def discard(names: Iterable[str]) -> None:
    """Delete files, also half-written ones."""
    for name in names:
        default_storage.delete(name)
