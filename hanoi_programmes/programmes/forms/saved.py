"""Forms of saved views: a new one with its conditions, and an existing one."""

from typing import Any
from urllib.parse import unquote_plus

from django import forms

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.rules.saved import may_share
from hanoi_programmes.ui.wording import PlainForm, no_secret

LONGEST_NAME = 60


class SavedViewForm(PlainForm):
    """The name, and for who may share whether everybody has it."""

    name = forms.CharField(
        label="Tên bộ lọc",
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Đặt tên cho bộ lọc."},
    )
    is_shared = forms.BooleanField(
        label="Dùng chung cho mọi người",
        help_text="Mỗi người chỉ thấy nhiệm vụ trong phạm vi của mình",
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share(user):
            del self.fields["is_shared"]

    @property
    def shared(self) -> bool:
        """Whether it is to be shared. Only after `is_valid()`."""
        return bool(self.cleaned_data.get("is_shared"))


class NewViewForm(SavedViewForm):
    """With the conditions that the list was filtered by."""

    query = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autofocus"] = True

    def clean_query(self) -> str:
        """Others may read the words searched for: no more secrets than in any text."""
        query: str = self.cleaned_data["query"]
        no_secret(unquote_plus(query))
        return query
