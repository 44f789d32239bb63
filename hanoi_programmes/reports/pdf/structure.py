"""The structure tree of one section, made lean and right while WeasyPrint still holds it.

WeasyPrint wraps each piece of text in a Span and each anonymous box in a NonStruct, names header
cells by strings that clash when papers are joined, and places figures in pixels from the top. Here
text belongs to its paragraph or cell, header cells say what they head, and nothing empty is left:
half of the elements, so that 20,000 rows can be joined.
"""

from typing import Any

# Elements that only wrap; what they hold moves up to their parent.
_WRAPPERS = frozenset({"/Span", "/NonStruct", "/Div"})
# What may be empty: a table's columns would shift.
_CELLS = frozenset({"/TD", "/TH"})
# Parents that hold no text themselves.
_BARE = frozenset({"/Document", "/Sect", "/Part"})
_POINTS = 0.75


class Tidying:
    """One pass over a document that is about to be written."""

    def __init__(self, pdf: Any, *, is_contents: bool = False) -> None:
        self._objects = pdf.objects
        self._renamed = {"/L": "/TOC", "/LI": "/TOCI"} if is_contents else {}
        root = self._at(pdf.catalog["StructTreeRoot"])
        self._document = self._at(root["K"][0])
        numbers = self._at(root["ParentTree"])["Nums"]
        pages = zip(numbers[0::2], numbers[1::2], strict=True)
        self._owners = dict(pages)
        self._page_of = {reference: at for at, reference in enumerate(pdf.page_references)}

    def run(self) -> None:
        """Tidy the whole tree, in place."""
        self._clean(self._document, in_head=False)

    def _at(self, reference: bytes) -> Any:
        return self._objects[int(reference.split(b" ", 1)[0])]

    def _clean(self, element: Any, *, in_head: bool) -> None:
        """Settle an element and what is below it."""
        kind = element["S"] = self._renamed.get(element["S"], element["S"])
        in_head = in_head or kind == "/THead"
        kids: list[Any] = []
        for kid in element["K"]:
            kids += [kid] if isinstance(kid, int) else self._kept(kid, element, in_head=in_head)
        element["K"][:] = kids
        if kind in _CELLS:
            _settle_cell(element, in_head=in_head)
        elif kind == "/Figure":
            self._place(element)

    def _kept(self, reference: bytes, parent: Any, *, in_head: bool) -> list[Any]:
        """What of one kid stays in its parent: itself, what it holds, or nothing."""
        kid = self._at(reference)
        if kid["Type"] != "/StructElem":
            return [reference]
        self._clean(kid, in_head=in_head)
        kids = kid["K"]
        if not kids and kid["S"] not in _CELLS:
            kid.free = "f"
            return []
        if kid["S"] == "/Caption" and parent["S"] != "/Table":
            kid["S"] = "/P"
        if kid["S"] not in _WRAPPERS or self._is_target(kids):
            return [reference]
        if parent["S"] in _BARE and any(isinstance(one, int) for one in kids):
            kid["S"] = "/P"
            return [reference]
        self._hand_over(kid, parent)
        return list(kids)

    def _is_target(self, kids: list[Any]) -> bool:
        """Whether an annotation points back at this very element."""
        return any(not isinstance(one, int) and self._at(one)["Type"] == "/OBJR" for one in kids)

    def _hand_over(self, wrapper: Any, parent: Any) -> None:
        """What a wrapper held belongs to its parent now, in both directions."""
        owners = self._owners[self._page_of[wrapper["Pg"]]]
        for kid in wrapper["K"]:
            if isinstance(kid, int):
                owners[kid] = parent.reference
            elif (below := self._at(kid))["Type"] == "/StructElem":
                below["P"] = parent.reference
        wrapper.free = "f"

    def _place(self, figure: Any) -> None:
        """Pixels from the top to points from the bottom, as PDF counts."""
        page = self._at(figure["Pg"])
        height = page["MediaBox"][3]
        left, top, right, bottom = figure["A"]["BBox"]
        box = (left, bottom, right, top)
        figure["A"]["BBox"][:] = [
            round(value * _POINTS if at % 2 == 0 else height - value * _POINTS, 2)
            for at, value in enumerate(box)
        ]


def _settle_cell(cell: Any, *, in_head: bool) -> None:
    """A header cell says what it heads; names and lists of names are not needed then."""
    cell.pop("ID", None)
    facts = cell.get("A", {})
    facts.pop("Headers", None)
    if cell["S"] == "/TH":
        facts["Scope"] = "/Column" if in_head else "/Row"
    elif set(facts) <= {"O"}:
        cell.pop("A", None)


def tidy(pdf: Any, *, is_contents: bool = False) -> None:
    """Make the tree of a WeasyPrint document lean and right."""
    Tidying(pdf, is_contents=is_contents).run()
