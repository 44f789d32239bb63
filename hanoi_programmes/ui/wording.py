"""What forms say of mistakes, in plain Vietnamese, and what no text of any form may hold."""

from typing import Any

from django import forms

from hanoi_programmes.lib.text import secrecy_mark

# By the code of the mistake; a field that says it better keeps its own sentence.
PLAIN = {
    "required": "Chưa nhập nội dung này.",
    "invalid_choice": "Lựa chọn này không có trong danh sách. Chọn lại.",
    "max_length": "Dài %(show_value)d ký tự, quá mức %(limit_value)d. Rút gọn rồi gửi lại.",
    "min_value": "Nhập số từ %(limit_value)s trở lên.",
    "max_value": "Nhập số không quá %(limit_value)s.",
    "null_characters_not_allowed": "Có ký tự không đọc được. Xóa nội dung này rồi nhập lại.",
}


def no_secret(value: object) -> None:
    """Validator: a text that carries a mark of state secrecy is not taken (PRODUCT §3.9)."""
    mark = secrecy_mark(value) if isinstance(value, str) else ""
    if mark:
        raise forms.ValidationError(
            f"Có dấu “{mark}”. Không đưa nội dung mật lên hệ thống; bỏ nội dung này.",
            code="secret",
        )


class PlainForm(forms.Form):
    """A form whose every mistake is a plain Vietnamese sentence, and whose texts hold no secret.

    Every field of text refuses marks of secrecy by itself; only a password may be any text.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _word(field)

    def add_field(self, name: str, field: forms.Field) -> None:
        """One more field, known only to this form, that speaks and refuses like the others."""
        _word(field)
        self.fields[name] = field


def _word(field: forms.Field) -> None:
    defaults = _defaults(type(field))
    for code, sentence in PLAIN.items():
        if field.error_messages.get(code) == defaults.get(code):
            field.error_messages[code] = sentence
    if _holds_text(field) and no_secret not in field.validators:
        field.validators.append(no_secret)


def _holds_text(field: forms.Field) -> bool:
    is_text = isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField)
    return is_text and not isinstance(field.widget, forms.PasswordInput)


def _defaults(kind: type) -> dict[str, Any]:
    """What Django would say for this kind of field."""
    messages: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        messages |= getattr(base, "default_error_messages", {})
    return messages
