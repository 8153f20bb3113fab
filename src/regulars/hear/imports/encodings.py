"""In which encoding a text file is written: what its first bytes say, else what its bytes can be."""

import codecs

from charset_normalizer import from_bytes

from regulars.words.errors import Invalid

NAMES = (
    "utf-8", "utf-16-le", "utf-16-be", "cp1252", "iso8859-15", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257",
    "koi8-r", "gb18030", "big5hkscs", "shift_jis", "euc-kr", "cp1255", "cp1256",
)  # fmt: skip
"""What can be set by hand. Latin-1 files are read as cp1252, which has the same letters and more (WHATWG Encoding)."""
_GUESSED = ("cp1252", "cp1250", "cp1251", "cp1257", "gb18030", "big5hkscs", "shift_jis", "euc_kr")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = frozenset(range(32)) - set(b"\t\n\r\f\x1a\x1b")
_FEW = 0.01
_SOME = 16
_HALF = 0.3
_LATIN = 3
_ENOUGH = 64_000


def guess_encoding(samples: list[bytes]) -> str:
    """Return the encoding of a file by samples of it, the first from its beginning, each of whole lines.

    Raise Invalid for what is no text.
    """
    first = samples[0]
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    if wide := _without_mark(first):
        return wide
    whole = b"".join(samples)
    if not whole:
        raise Invalid("The file is empty.")
    controls = sum(whole.count(bytes([code])) for code in _CONTROLS)
    if controls > max(len(whole) * _FEW, _SOME):
        raise Invalid("This is no table: it has bytes that no text has. Bring CSV, NDJSON, Parquet or Excel.")
    try:
        whole.decode()
    except UnicodeDecodeError:
        return _of_bytes(whole)
    return "utf-8"


def known_encoding(name: str) -> str:
    """Return an encoding as Python calls it; raise Invalid where it is none of those that we read."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    known = {codecs.lookup(one).name: one for one in NAMES} | {
        "iso8859-1": "cp1252",
        "gb2312": "gb18030",
        "gbk": "gb18030",
    }
    if found not in known:
        raise Invalid("There is no encoding '{name}'. There are: {names}.", name=name[:40], names=", ".join(NAMES))
    return known[found]


def _without_mark(first: bytes) -> str:
    """Return UTF-16 where every other byte of a western text is zero."""
    part = first[: len(first) // 2 * 2][:4096]
    if len(part) < _LATIN * 2:
        return ""
    even, odd = part[::2].count(0), part[1::2].count(0)
    if odd > len(part) // 2 * _HALF and not even:
        return "utf-16-le"
    if even > len(part) // 2 * _HALF and not odd:
        return "utf-16-be"
    return ""


def _of_bytes(whole: bytes) -> str:
    """Return what the bytes above ASCII can be; charset-normalizer weighs what each would mean."""
    telling = b"\n".join(line for line in whole.split(b"\n") if not line.isascii())[:_ENOUGH]
    best = from_bytes(telling, cp_isolation=list(_GUESSED), preemptive_behaviour=False).best()
    could = {known_encoding(name) for name in best.could_be_from_charset} if best is not None else set[str]()
    return next((name for name in NAMES if name in could), "cp1252")
