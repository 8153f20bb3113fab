"""The words by which people ask, in a short message, not to be written to again: in many languages, in one table.

Who answers one of them wants no more of it, whatever else they write after it: rather one too many is heard than one
too few. STOP is understood everywhere; so are those that the FCC names for messages to American
numbers (47 CFR 64.1200(a)(10)) and that carriers there ask for.
"""

import re
import unicodedata

WORDS: dict[str, tuple[str, ...]] = {
    "en": ("stop", "stop all", "stopall", "unsubscribe", "opt out", "optout", "opt-out", "quit", "end", "cancel",
           "revoke", "remove me", "leave me alone"),
    "ar": ("توقف", "إيقاف", "ايقاف", "إلغاء", "الغاء", "قف"),
    "bg": ("стоп", "спри", "отказ", "отпиши"),
    "cs": ("stop", "odhlásit", "zrušit"),
    "da": ("stop", "afmeld", "frameld"),
    "de": ("stopp", "stop", "abmelden", "abbestellen", "austragen", "keine sms mehr"),
    "el": ("στοπ", "διακοπή", "διαγραφή"),
    "es": ("stop", "alto", "baja", "parar", "cancelar", "darme de baja", "no más"),
    "et": ("stop", "lõpeta", "loobun"),
    "fa": ("لغو", "توقف"),
    "fi": ("stop", "lopeta", "peruuta"),
    "fr": ("stop", "arrêt", "arrêter", "arrêtez", "désabonner", "désinscrire", "désinscription", "plus de sms"),
    "he": ("הסר", "הסרה", "עצור", "די"),
    "hi": ("बंद", "बंद करो", "रोको", "रुको", "band karo"),
    "hr": ("stop", "odjava", "odjavi"),
    "hu": ("stop", "leiratkozás", "leiratkozom", "leállítás"),
    "id": ("berhenti", "stop", "batal"),
    "it": ("stop", "annulla", "cancella", "basta", "disiscrivimi"),
    "ja": ("停止", "配信停止", "解除", "退会", "ストップ"),
    "ko": ("수신거부", "중지", "정지", "그만"),
    "lt": ("stop", "stabdyti", "atsisakau", "atsisakyti"),
    "lv": ("stop", "atteikties", "atsakos", "beigt", "pārtraukt"),
    "ms": ("berhenti", "henti"),
    "nl": ("stop", "afmelden", "uitschrijven", "stoppen"),
    "no": ("stopp", "stop", "avmeld", "meld av"),
    "pl": ("stop", "wypisz", "rezygnuję", "rezygnacja"),
    "pt": ("stop", "parar", "pare", "sair", "cancelar", "descadastrar", "remover"),
    "ro": ("stop", "dezabonare", "opreste", "oprește"),
    "ru": ("стоп", "отписаться", "отписка", "отказ", "хватит"),
    "sk": ("stop", "odhlásiť", "zrušiť"),
    "sl": ("stop", "odjava"),
    "sr": ("стоп", "одјава", "odjava"),
    "sv": ("stopp", "stop", "avsluta", "avregistrera", "avanmäl"),
    "th": ("หยุด", "ยกเลิก"),
    "tr": ("dur", "durdur", "iptal"),
    "uk": ("стоп", "відписатися", "відписка", "відмова"),
    "vi": ("dừng", "huy", "hủy", "từ chối"),
    "zh": ("停止", "退订", "退訂", "取消", "取消訂閱", "取消订阅", "td", "停"),
}  # fmt: skip
"""By language (ISO 639-1). A word counts in every language: nobody knows in which one somebody answers."""

_BEFORE_MORE = frozenset({
    "stop", "stopp", "stopall", "unsubscribe", "стоп", "στοπ", "unsub", "optout", "arret", "abmelden", "退订", "退訂",
})  # fmt: skip
"""Words that count also where more follows: STOP, I never asked for this."""
_POLITE = frozenset({"please", "pls", "plz"})
_LONGEST = 40
_BETWEEN = re.compile(r"[\W_]+")


def _plain(text: str) -> str:
    """Return a text without what people leave out on a telephone: case, accents, what stands between words."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in spread if unicodedata.category(one) != "Mn" or one > "\u0900")
    return unicodedata.normalize("NFC", _BETWEEN.sub(" ", unicodedata.normalize("NFC", bare))).strip()


_ALL = frozenset(_plain(word) for words in WORDS.values() for word in words)


def asks_to_stop(text: str) -> bool:
    """Return whether somebody asks, by what they answered, not to be written to again."""
    plain = _plain(text[: 4 * _LONGEST])
    words = [one for one in plain.split(" ") if one not in _POLITE]
    return plain in _ALL or (bool(words) and words[0] in _BEFORE_MORE)
