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
# Words that hold "mật" and are no mark: bảo mật, bí mật; mật độ, mật khẩu, mật mã, mật thiết.
_SECRET = re.compile(r"\b(TỐI MẬT|TUYỆT MẬT|(?<!BẢO )(?<!BÍ )MẬT(?! ĐỘ| KHẨU| MÃ| THIẾT))\b")


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


def secrecy_mark(text: str) -> str:
    """The mark of state secrecy in a text ('MẬT', 'TỐI MẬT', 'TUYỆT MẬT'), or ''.

    Only capitals count, as the marks are stamped so; 'bảo mật' in running text is no mark.
    """
    found = _SECRET.search(unicodedata.normalize("NFC", text))
    return found.group(1) if found else ""
