"""Vietnamese text: folding for search, a key for sorting, marks of secrecy."""

import re
import unicodedata

# Alphabetical order of Vietnamese letters; PostgreSQL builds without ICU cannot sort it.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET)}
# None, huyền, hỏi, ngã, sắc, nặng: the dictionary's order of tones.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# The marks of Latin letters; the database takes off the same ones (`people.models.folded`).
_MARKS = re.compile("[\u0300-\u036f]")
# The marks as stamped: letters may stand apart ("M Ậ T") or be parted by a line ("TỐI / MẬT"), but
# are no part of a longer word. An underscore or a figure ends a word: "BC_MẬT.pdf".
_SECRET = re.compile(
    r"(?<![^\W\d_])(?:(?P<degree>T ?Ố ?I|T ?U ?Y ?Ệ ?T)[ _.-]{0,3})?M ?Ậ ?T(?![^\W\d_])"
)
# Words that hold "mật" and are no mark: bí mật, bảo mật, giải mật; mật độ, mật khẩu; and of the
# health programme túi mật, gan mật, sỏi mật; of the countryside mật ong.
_BEFORE = frozenset({
    "BÍ", "ĐỘ", "BẢO", "CƠ", "GIẢI", "THÂN", "NGỌT", "TÚI", "GAN", "SỎI",
    "ỐNG", "DỊCH", "NANG", "VIÊM", "ĐƯỜNG", "HỆ", "RỈ", "TÍN", "CẨN",
})  # fmt: skip
# Not "báo", "nghị", "kế", "lệnh": the title of a document follows its stamp ("MẬT BÁO CÁO").
_AFTER = frozenset(["ĐỘ", "KHẨU", "MÃ", "THIẾT", "ONG", "NGỌT", "DANH", "TỤY", "MÍA"])
_WORD_BEFORE = re.compile(r"([^\W\d_]+) $")
_WORD_AFTER = re.compile(r"^ ([^\W\d_]+)")


def fold(text: str) -> str:
    """Lower case without marks: 'Hoà Đồng' and 'Hòa Đồng' both become 'hoa dong'."""
    stripped = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return stripped.replace("Đ", "D").replace("đ", "d").lower()


def sort_key(text: str) -> str:
    """A key whose byte order is the Vietnamese dictionary's order: letters first, then tones."""
    letters, tones = [], []
    for letter in unicodedata.normalize("NFC", text).lower():
        base, tone = _split_tone(letter)
        letters.append(_RANK.get(base, base))
        tones.append(tone)
    # Below every letter and space, so that a name comes before the names that begin with it.
    return "".join(letters) + "\t" + "".join(tones)


def _split_tone(letter: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[c] for c in parts if c in _TONES), "0")
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)), tone


def shortened(text: str, most: int = 40, least: int = 12) -> str:
    """The first clause of a long text, cut after a word: where a column has no room for more.

    A clause ends at a comma too, unless it would be shorter than `least` letters ("Lập, đồng bộ").
    """
    clause = re.split(r"[;:.]\s", text.strip().rstrip("."))[0]
    comma = clause.find(", ", least)
    clause = clause[:comma] if comma > 0 else clause
    return cut(clause, most)


def cut(text: str, most: int) -> str:
    """The text, or as many of its whole words as fit."""
    if len(text) <= most:
        return text
    kept = text[: most + 1].rpartition(" ")[0] or text[:most]
    return kept.rstrip(" ,") + "…"


# Control characters and halves of letters, which XML refuses, and marks that turn the direction
# of writing, by which "exe.jpg" is shown as "gpj.exe".
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def seen(text: str) -> str:
    """The text with its lines, and without what does harm and cannot be seen."""
    return _UNSEEN.sub("", text)


def one_line(text: str) -> str:
    """The text without breaks of lines and without what cannot be seen: marks that turn the
    direction of writing, joiners, control characters. Whatever was typed, a head can hold it."""
    composed = unicodedata.normalize("NFC", text)
    seen = (c for c in composed if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(seen).split())


def secrecy_mark(text: str) -> str:
    """The mark of state secrecy in a text ('MẬT', 'TỐI MẬT', 'TUYỆT MẬT'), or ''.

    Only capitals count, as the marks are stamped so; 'bảo mật' in running text is no mark. How the
    letters are stored or set apart does not matter: combined or not, wide, with any kind of space.
    """
    plain = _evened(text)
    for found in _SECRET.finditer(plain):
        if found["degree"]:
            return f"{found['degree'].replace(' ', '')} MẬT"
        before = _WORD_BEFORE.search(plain[: found.start()])
        after = _WORD_AFTER.search(plain[found.end() :])
        if not (before and before[1] in _BEFORE) and not (after and after[1] in _AFTER):
            return "MẬT"
    return ""


def _evened(text: str) -> str:
    """One form of letters, one kind of space, and no characters that cannot be seen."""
    composed = unicodedata.normalize("NFKC", text)
    seen = (c for c in composed if unicodedata.category(c) != "Cf")
    return " ".join("".join(seen).split())


def words_of(query: str, *, most: int = 8) -> list[str]:
    """What somebody searches for, word by word, folded; quotes and commas around words fall off."""
    words = (fold(word).strip("\"'“”‘’,;()") for word in query.split())
    return list(dict.fromkeys(word for word in words if word))[:most]


def parts_with(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it matches one of the folded words; marks stay on."""
    text = unicodedata.normalize("NFC", text)
    # Folding a letter may leave nothing or several: each folded one remembers its origin.
    folded = [(letter, place) for place, raw in enumerate(text) for letter in fold(raw)]
    line = "".join(letter for letter, _ in folded)
    hits = [False] * len(text)
    for word in words:
        start = line.find(word)
        while start >= 0:
            for _, place in folded[start : start + len(word)]:
                hits[place] = True
            start = line.find(word, start + 1)
    parts: list[tuple[str, bool]] = []
    for letter, hit in zip(text, hits, strict=True):
        if parts and parts[-1][1] == hit:
            parts[-1] = (parts[-1][0] + letter, hit)
        else:
            parts.append((letter, hit))
    return parts
