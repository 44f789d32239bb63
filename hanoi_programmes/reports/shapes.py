"""Figures to plain data and back: what is stored with a report is what its paper prints."""

from dataclasses import asdict, fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_Shape = TypeVar("_Shape")


def freeze(figures: Any) -> dict[str, Any]:
    """A dataclass of numbers, texts, dates, tuples and dataclasses as JSON's types."""
    frozen = _plain(asdict(figures))
    assert isinstance(frozen, dict)
    return frozen


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def thaw(shape: type[_Shape], frozen: dict[str, Any]) -> _Shape:
    """The dataclass again. A field added since is missing from old data: it gets its default."""
    hints = get_type_hints(shape)
    known = (f.name for f in fields(shape) if f.name in frozen)  # type: ignore[arg-type]
    return shape(**{name: _value(hints[name], frozen[name]) for name in known})


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in {Union, UnionType}:
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in value)
    if is_dataclass(hint):
        return thaw(hint, value)  # type: ignore[arg-type]
    return date.fromisoformat(value) if hint is date else value
