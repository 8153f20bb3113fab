"""Text folded for search: accents of Latin, Greek and Cyrillic letters go, everything else a script needs stays.

A search index on words would not find the middle of a name, and Chinese has no spaces: so a text is indexed by its
single characters and its pairs of neighbours (`remember_grams` in the database). What has all the pairs of a query is
then looked through for the whole.
"""

import unicodedata

LONGEST = 200
"""Characters of one piece (a name, an address) that are searched."""

_NO_DECOMPOSITION = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"}
)


def fold(text: str) -> str:
    """Return a text without case, without combining marks U+0300-U+036F, and with one space between words.

    Vowel signs of Indian scripts lie elsewhere (U+0900 and up) and stay: without them, names would lose their vowels.
    """
    if text.isascii():  # nothing of it can be decomposed: lists of ten thousand are looked through while somebody waits
        return " ".join(text[:LONGEST].casefold().split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text[:LONGEST]).casefold())
    bare = "".join(character for character in plain if not "\u0300" <= character <= "\u036f")
    return " ".join(bare.translate(_NO_DECOMPOSITION).split())


def holds(q: str, *texts: str) -> bool:
    """Return whether texts contain every word of a search, as customers are found: for lists that are read whole."""
    folded = " ".join(fold(text) for text in texts)
    return all(word in folded for word in fold(q).split())


def sought(folded: str) -> list[str]:
    """Return grams that whatever contains the words must have: every other pair, the last one, or the only character.

    All pairs would find little less before the closer look, and cost twice as much where everybody has them.
    """
    return sorted({part for word in folded.split() for part in (*_pairs(word)[::2], word[-2:])})


def patterns(folded: str) -> list[str]:
    r"""Return one LIKE pattern a word (`%` and `_` in it taken literally), all of which must match."""
    marks = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
    return [f"%{word.translate(marks)}%" for word in dict.fromkeys(folded.split())]


def _pairs(word: str) -> list[str]:
    return [word[place : place + 2] for place in range(len(word) - 1)]
