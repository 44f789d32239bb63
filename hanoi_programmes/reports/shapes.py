"""Figures to plain data and back: what is stored with a report is what its paper prints."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from datetime import date
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Shape = TypeVar("_Shape", bound="DataclassInstance")


def freeze(figures: DataclassInstance) -> dict[str, Any]:
    """A dataclass of numbers, texts, dates, tuples and dataclasses as JSON's types."""
    return cast("dict[str, Any]", _plain(asdict(figures)))


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def thaw(shape: type[_Shape], frozen: dict[str, Any]) -> _Shape:
    """The dataclass again. A field added since is missing from old data: it gets its default."""
    hints = get_type_hints(shape)
    known = [field.name for field in fields(shape) if field.name in frozen]
    return shape(**{name: _value(hints[name], frozen[name]) for name in known})


def _value(hint: object, value: object) -> object:
    if value is None:
        return None
    if get_origin(hint) in {Union, UnionType}:
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in cast("list[object]", value))
    if is_dataclass(hint):
        return thaw(cast("type[DataclassInstance]", hint), cast("dict[str, Any]", value))
    return date.fromisoformat(str(value)) if hint is date else value
