"""A form's public link, and the code of it that a phone's camera reads (QR), for counters and posters."""

from io import BytesIO
from typing import Literal

import segno
from litestar import Response

from regulars.engage import forms
from regulars.store.database import Tx
from regulars.wiring import House

SVG, PNG = "image/svg+xml", "image/png"
_PIXELS_A_MODULE = 30


def link_of(house: House, form: str) -> str:
    """Return the link under which customers find a form."""
    return f"{house.base_url}/f/{form}"


def code_of(tx: Tx, house: House, name: str, kind: Literal["svg", "png"]) -> Response[bytes]:
    """Return the code of a form's link, black on white with the margin it needs; as SVG it is printed in any size."""
    form = forms.get_form(tx, name)
    code, picture = segno.make_qr(link_of(house, form.name), error="m"), BytesIO()
    if kind == "svg":
        code.save(picture, kind=kind, light="white", omitsize=True, xmldecl=False)
    else:
        code.save(picture, kind=kind, light="white", scale=_PIXELS_A_MODULE)
    kept = {"content-disposition": f'attachment; filename="{form.name}.{kind}"'}
    return Response(picture.getvalue(), media_type=SVG if kind == "svg" else PNG, headers=kept)
