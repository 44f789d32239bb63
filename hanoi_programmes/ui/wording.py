"""What forms say of mistakes that Django words in English, or in Vietnamese nobody would write."""

from typing import Any

from django import forms

# By the code of the mistake; a field that says it better keeps its own sentence.
PLAIN = {
    "required": "Chưa nhập nội dung này.",
    "invalid_choice": "Lựa chọn này không có trong danh sách. Chọn lại.",
    "max_length": "Dài %(show_value)d ký tự, quá mức %(limit_value)d. Rút gọn rồi gửi lại.",
    "min_value": "Nhập số từ %(limit_value)s trở lên.",
    "max_value": "Nhập số không quá %(limit_value)s.",
    "null_characters_not_allowed": "Có ký tự không đọc được. Xóa nội dung này rồi nhập lại.",
}


class PlainForm(forms.Form):
    """A form whose every mistake is a plain Vietnamese sentence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            defaults = _defaults(type(field))
            for code, sentence in PLAIN.items():
                if field.error_messages.get(code) == defaults.get(code):
                    field.error_messages[code] = sentence


def _defaults(kind: type) -> dict[str, Any]:
    """What Django would say for this kind of field."""
    messages: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        messages |= getattr(base, "default_error_messages", {})
    return messages
