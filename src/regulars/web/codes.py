"""Codes that a phone's camera reads (QR): a form's link as a picture, for counters and posters."""

from io import BytesIO
from typing import Literal

import segno
from litestar import Response

from regulars.engage.forms import Form
from regulars.wiring import House

SVG, PNG = "image/svg+xml", "image/png"
_PIXELS_A_MODULE = 30


def code_of(house: House, form: Form, kind: Literal["svg", "png"]) -> Response[bytes]:
    """Return the code of a form's link, black on white with the margin it needs; as SVG it is printed in any size."""
    code, picture = segno.make_qr(f"{house.base_url}/f/{form.name}", error="m"), BytesIO()
    if kind == "svg":
        code.save(picture, kind=kind, light="white", omitsize=True, xmldecl=False)
    else:
        code.save(picture, kind=kind, light="white", scale=_PIXELS_A_MODULE)
    kept = {"content-disposition": f'attachment; filename="{form.name}.{kind}"'}
    return Response(picture.getvalue(), media_type=SVG if kind == "svg" else PNG, headers=kept)
