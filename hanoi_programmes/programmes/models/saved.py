"""Saved views: named filters of the task list."""

from django.db import models
from django.db.models import Q

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.querysets import SavedViewQuerySet


class SavedView(models.Model):
    """A filter with a name; `query` is the list's query string. The office's may be shared."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField("tên bộ lọc", max_length=60)
    query = models.CharField("điều kiện", max_length=2000)
    is_shared = models.BooleanField("dùng chung", default=False)
    saved_at = models.DateTimeField("lúc lưu")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["is_shared", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_of_a_name"),
            models.CheckConstraint(condition=~Q(query=""), name="a_view_asks_something"),
        ]

    def __str__(self) -> str:
        return self.name
