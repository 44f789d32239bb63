"""Words that are no words get places to break; everything else stays as it is."""

from xml.etree.ElementTree import fromstring, tostring

from hanoi_programmes.reports.pdf.long_words import open_long_words

LONG = "Ễ" * 130


def opened(markup: str) -> str:
    """The same markup with places to break."""
    root = fromstring(markup)  # noqa: S314 - written here
    open_long_words(root)
    return tostring(root, encoding="unicode")


def test_long_words_are_broken_wherever_they_stand() -> None:
    pieces = f"{'Ễ' * 50}<wbr />{'Ễ' * 50}<wbr />{'Ễ' * 30}"
    assert opened(f"<p>a {LONG} b<b>c</b>d {LONG}<br />{LONG} e</p>") == (
        f"<p>a {pieces} b<b>c</b>d {pieces}<br />{pieces} e</p>"
    )
    assert opened(f"<p>{LONG}<b>{LONG}</b></p>") == f"<p>{pieces}<b>{pieces}</b></p>"


def test_words_and_what_is_not_text_stay() -> None:
    for markup in (
        f"<p>{'nhiệm vụ ' * 500}<b>x</b>y</p>",
        f"<p title='{LONG}'>a</p>",
        f"<head><title>{LONG}</title><style>{LONG}</style></head>",
        f'<p><svg xmlns="http://www.w3.org/2000/svg"><text>{LONG}</text></svg></p>',
    ):
        assert opened(markup) == tostring(fromstring(markup), encoding="unicode")  # noqa: S314
