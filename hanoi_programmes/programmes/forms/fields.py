"""Fields that several forms share: the form's key, whole numbers, days, evidence files."""

import re
from typing import cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from hanoi_programmes.lib.text import secrecy_mark
from hanoi_programmes.programmes.parse import Refused, file_type
from hanoi_programmes.programmes.services.progress import Upload, safe_name
from hanoi_programmes.ui.fields import OLD_PAGE as OLD_PAGE
from hanoi_programmes.ui.fields import FormKey as FormKey
from hanoi_programmes.ui.wording import no_secret

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx"
_MEGABYTE = 1024 * 1024
TEXT_MAX = 4_000
_GROUPED = re.compile(r"\s*\d{1,3}(\.\d{3})+\s*")


class OpenText(forms.CharField):
    """A text open to everybody who sees the task: one that carries a mark of secrecy is refused.

    Every text of a `PlainForm` is so by itself; this is for texts of other forms.
    """

    default_validators = [no_secret]


class WholeNumber(forms.IntegerField):
    """A whole number as people type it, with or without points: 21870, 21.870."""

    def to_python(self, value: object) -> int | None:
        """Points count only where they part thousands: 1.5 is a mistake, not fifteen."""
        if isinstance(value, str) and _GROUPED.fullmatch(value):
            value = value.replace(".", "")
        return super().to_python(value)


class ManyFiles(forms.ClearableFileInput):
    """A file control for several files; photos can come straight from a phone."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several evidence files: count, size, name and content are checked here."""

    def clean(self, data: object, initial: object = None) -> list[Upload]:  # noqa: ARG002
        """The uploads with their true types; a sentence for the first that is refused."""
        files = [file for file in cast("list[object]", data or []) if file]
        if len(files) > settings.EVIDENCE_MAX_FILES:
            raise forms.ValidationError(
                f"Mỗi lần gửi tối đa {settings.EVIDENCE_MAX_FILES} tệp. Bớt tệp rồi chọn lại."
            )
        return [_checked(cast("UploadedFile[bytes]", file)) for file in files]


def _checked(file: "UploadedFile[bytes]") -> Upload:
    # Told as it is stored: no reader may take "fdp.exe" written backwards for "exe.pdf".
    given, limit = file.name or "", settings.EVIDENCE_MAX_BYTES
    name = safe_name(given)
    if (file.size or 0) > limit:
        raise forms.ValidationError(
            f"Tệp “{name}” lớn hơn {limit // _MEGABYTE} MB. "
            "Giảm dung lượng hoặc chia nhỏ rồi chọn lại."
        )
    if secrecy_mark(given.upper()):
        raise forms.ValidationError(
            f"Tên tệp “{name}” có dấu mật. Không đưa tài liệu mật lên hệ thống này."
        )
    if not file.size:
        raise forms.ValidationError(f"Tệp “{name}” rỗng. Chọn tệp khác.")
    try:
        kind = file_type(file, name)
    except Refused as refusal:
        raise forms.ValidationError(f"Tệp “{name}” {refusal.reason}") from refusal
    return Upload(file=file, name=name, content_type=kind.content_type)
