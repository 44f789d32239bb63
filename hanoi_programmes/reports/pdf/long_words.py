"""Words longer than any word may break: setting one takes the square of its length.

Somebody types 50,000 letters without a space: as one word in a cell they take ten minutes, with
U+200B between every 20 letters four, in pieces between `<wbr>` eight seconds.
"""

import re
from typing import Any
from xml.etree.ElementTree import SubElement

# The longest syllable of Vietnamese has seven letters, an address of a page hardly a hundred.
_LONG = 100
_LONG_WORD = re.compile(rf"\S{{{_LONG + 1},}}")
_PIECE = re.compile(r"\S{1,50}")


def open_long_words(root: Any) -> None:
    """Give the long words of a document places to break; drawings and styles stay as they are."""
    # Listed before: what is put in is not looked at again.
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or "}" in element.tag:
            continue
        children = list(element)
        is_said = element.tag not in {"style", "title"}
        if is_said and any(map(_is_long, (element.text, *(child.tail for child in children)))):
            _open(element, children)


def _open(element: Any, children: list[Any]) -> None:
    pieces, element.text = _pieces(element.text), None
    for child in children:
        element.remove(child)
    _put(element, pieces)
    for child in children:
        pieces, child.tail = _pieces(child.tail), None
        element.append(child)
        _put(element, pieces)


def _is_long(text: str | None) -> bool:
    return text is not None and len(text) > _LONG and _LONG_WORD.search(text) is not None


def _pieces(text: str | None) -> list[str]:
    """The text cut in every long word."""
    if not text:
        return [""]
    return _LONG_WORD.sub(lambda word: "\0".join(_PIECE.findall(word[0])), text).split("\0")


def _put(element: Any, pieces: list[str]) -> None:
    """Text at the end of what is there, with a place to break before each further piece."""
    if len(element):
        element[-1].tail = pieces[0]
    else:
        element.text = pieces[0]
    for piece in pieces[1:]:
        SubElement(element, "wbr").tail = piece
