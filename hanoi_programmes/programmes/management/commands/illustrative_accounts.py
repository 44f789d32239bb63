"""Print the illustrative accounts, one a line: role, user name, password, post."""

from typing import Any

from django.core.management.base import BaseCommand

from hanoi_programmes.people.services.reference import ILLUSTRATIVE_PASSWORD, illustrative_accounts


class Command(BaseCommand):
    """`manage.py illustrative_accounts`."""

    help = "Print the illustrative accounts."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Tab-separated, in the order of the data file."""
        for account in illustrative_accounts():
            name, post = account["username"], account["display_name"]
            self.stdout.write("\t".join((account["role"], name, ILLUSTRATIVE_PASSWORD, post)))
