"""Phone numbers in their one way of writing: E.164 (ITU-T), as Google's libphonenumber reads them."""

import phonenumbers

LONGEST = 40
"""Characters in a phone number as people write it, with spaces, brackets and an extension."""


def e164(text: str, country: str | None = None) -> str | None:
    """Return a phone number like +37120000000, or None for what is none.

    `country` (ISO 3166-1, two letters) is where it is dialled from; without one it must begin with + or 00.
    """
    tidied = text.strip()
    if not tidied or len(tidied) > LONGEST:
        return None
    if tidied.startswith("00"):
        tidied = f"+{tidied[2:]}"
    try:
        number = phonenumbers.parse(tidied, country.upper() if country else None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
