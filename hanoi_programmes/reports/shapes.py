"""Figures to plain data and back: what is stored with a report is what its paper prints."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import DataclassInstance

_Shape = TypeVar("_Shape", bound="DataclassInstance")


def freeze(figures: DataclassInstance) -> dict[str, Any]:
    """A dataclass of numbers, texts, dates, tuples and dataclasses as JSON's types."""
    return cast("dict[str, Any]", _plain(figures))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


@lru_cache(maxsize=200)
def _names(shape: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(shape))


def thaw(shape: type[_Shape], frozen: dict[str, Any]) -> _Shape:
    """The dataclass again. A field added since is missing from old data: it gets its default."""
    readers = _readers(shape)
    return shape(**{name: readers[name](frozen[name]) for name in readers if name in frozen})


@lru_cache(maxsize=200)
def _readers(shape: type[DataclassInstance]) -> dict[str, Callable[[Any], Any]]:
    """How each field is read: found once, since a table has thousands of rows."""
    hints = get_type_hints(shape)
    return {name: _reader(hints[name]) for name in _names(shape)}


def _reader(hint: object) -> Callable[[Any], Any]:
    if get_origin(hint) in {Union, UnionType}:
        inner = _reader(next(arg for arg in get_args(hint) if arg is not type(None)))
        return lambda value: None if value is None else inner(value)
    if get_origin(hint) is tuple:
        one = _reader(get_args(hint)[0])
        return lambda value: tuple(map(one, value))
    if is_dataclass(hint):
        return lambda value: thaw(cast("type[DataclassInstance]", hint), value)
    return date.fromisoformat if hint is date else lambda value: value
