"""Forms of people: the gate, posts and who holds them, accounts."""

from hanoi_programmes.people.forms.accounts import AccountForm, KeyForm, PlaceForm
from hanoi_programmes.people.forms.password import PasswordForm
from hanoi_programmes.people.forms.posts import AppointForm, PostForm, RelieveForm, RenameForm
from hanoi_programmes.people.forms.sign_in import SignInForm

__all__ = [
    "AccountForm",
    "AppointForm",
    "KeyForm",
    "PasswordForm",
    "PlaceForm",
    "PostForm",
    "RelieveForm",
    "RenameForm",
    "SignInForm",
]
