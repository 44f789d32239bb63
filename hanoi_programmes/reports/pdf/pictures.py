"""A drawing as a picture, for Word: set by the engine that draws it in the paper, then copied."""

import re
from io import BytesIO

import pypdfium2
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from hanoi_programmes.reports.pdf.fonts import OnlyOurs, font_faces, font_in_use

# Fine enough for print; few colours, since a drawing has few.
_PER_INCH, _COLOURS = 220, 64
_SIZE = re.compile(r'\b(width|height)="([\d.]+)"')
_VIEW = re.compile(r'\bviewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')


def picture(svg: str) -> bytes:
    """The drawing as PNG, as large as it says itself; nothing but our fonts is fetched."""
    width, height = _size(svg)
    fetcher, fonts = OnlyOurs(font_in_use()), FontConfiguration()
    page = f"@page {{ size: {width}px {height}px; margin: 0 }} body {{ margin: 0 }}"
    # As large as the page: a drawing that says no size itself would be as wide as it likes.
    page += f" svg {{ display: block; width: {width}px; height: {height}px }}"
    sheets = [
        CSS(string=text, url_fetcher=fetcher, font_config=fonts) for text in (font_faces(), page)
    ]
    html = HTML(string=f"<body>{svg}</body>", url_fetcher=fetcher)
    content = html.write_pdf(stylesheets=sheets, font_config=fonts)
    with pypdfium2.PdfDocument(content) as document:
        image = document[0].render(scale=_PER_INCH / 72).to_pil()
    out = BytesIO()
    image.quantize(_COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _size(svg: str) -> tuple[str, str]:
    """In pixels of CSS."""
    given = dict(_SIZE.findall(svg.partition(">")[0]))
    view = _VIEW.search(svg)
    if len(given) == 2 or view is None:
        return given.get("width", "300"), given.get("height", "150")
    return view[1], view[2]
