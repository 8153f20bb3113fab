"""The headers that keep a page safe, put on every answer in this one place."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)
_WITHOUT_SCRIPTS = POLICY.replace("script-src 'self'", "script-src 'none'")
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


def guarded(app: ASGIApp, *, secure: bool = False) -> ASGIApp:
    """Wrap an application so that its answers carry the headers; a stricter policy of a page's own stays.

    Where the house is reached by https (`secure`), browsers come back by it only. Scripts are the console's alone: on
    customers' pages none would run.
    """
    always = _ALWAYS | ({"strict-transport-security": "max-age=31536000"} if secure else {})

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        private = scope["path"].startswith("/console")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in always.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", POLICY if private else _WITHOUT_SCRIPTS)
                if private:
                    headers["cache-control"] = "no-store"
            await send(message)

        await app(scope, receive, send_with_headers)

    return answer
