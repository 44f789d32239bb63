"""Print the illustrative accounts, one a line: role, user name, password, post."""

from typing import Any

from django.core.management.base import BaseCommand

from hanoi_programmes.people.services import illustrative_accounts
from hanoi_programmes.programmes.management.commands.load_illustrative import PASSWORD


class Command(BaseCommand):
    """`manage.py illustrative_accounts`."""

    help = "Print the illustrative accounts."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Tab-separated, in the order of the data file."""
        for account in illustrative_accounts():
            parts = (account["role"], account["username"], PASSWORD, account["display_name"])
            self.stdout.write("\t".join(parts))
