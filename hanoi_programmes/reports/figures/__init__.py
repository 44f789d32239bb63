"""Every total, share and trend of the product: page, PDF and API read these shapes."""

from hanoi_programmes.reports.figures.curve import Curve, Point, curve, done_address, due_address
from hanoi_programmes.reports.figures.definitions import Definition, definitions
from hanoi_programmes.reports.figures.letter import (
    LetterAsked,
    LetterRow,
    UrgingLetter,
    late_of,
    units_late,
    urging_letter,
)
from hanoi_programmes.reports.figures.matrix import (
    By,
    Cell,
    Column,
    Line,
    Matrix,
    Only,
    Order,
    matrix,
)
from hanoi_programmes.reports.figures.matters import Matter, View, address_of, matters, rows_of
from hanoi_programmes.reports.figures.overview import Overview, group_address, overview
from hanoi_programmes.reports.figures.parts import Part, Parts, parts
from hanoi_programmes.reports.figures.peers import Compared, Peers, like_units, middle, peers
from hanoi_programmes.reports.figures.programme import ProgrammeFigures, programme_figures
from hanoi_programmes.reports.figures.quarter import Basis, InPeriod, Quarter, quarter
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.scorecard import Asked, Month, Scorecard, scorecard
from hanoi_programmes.reports.figures.stuck import Holder, Place, Stuck, stuck
from hanoi_programmes.reports.figures.tally import Share, Tally

__all__ = [
    "Asked",
    "Basis",
    "By",
    "Cell",
    "Column",
    "Compared",
    "Curve",
    "Definition",
    "Holder",
    "InPeriod",
    "LetterAsked",
    "LetterRow",
    "Line",
    "Matrix",
    "Matter",
    "Month",
    "Only",
    "Order",
    "Overview",
    "Part",
    "Parts",
    "Peers",
    "Place",
    "Point",
    "ProgrammeFigures",
    "Quarter",
    "Scope",
    "Scorecard",
    "Share",
    "Stuck",
    "Tally",
    "UrgingLetter",
    "View",
    "address_of",
    "curve",
    "definitions",
    "done_address",
    "due_address",
    "group_address",
    "late_of",
    "like_units",
    "matrix",
    "matters",
    "middle",
    "overview",
    "parts",
    "peers",
    "programme_figures",
    "quarter",
    "rows_of",
    "scorecard",
    "stuck",
    "units_late",
    "urging_letter",
]
