import pytest

from regulars.access.keys import create_key


@pytest.fixture
def header(house, workspace):
    """The header with a key of some scope, made once a test."""
    made = {}

    def of(scope):
        if scope not in made:
            made[scope] = f"Bearer {create_key(house.database, workspace, scope)}"
        return {"authorization": made[scope]}

    return of


@pytest.fixture
def ask(stranger, header):
    """Ask with a key that may only read."""

    def send(path, *, scope="read", **query):
        return stranger.get(f"/api{path}", headers=header(scope), params=query or None)

    return send


@pytest.fixture
def tell(stranger, header):
    """Change something with a key that may; under an Idempotency-Key if one is given."""

    def send(path, body=None, *, once=None, scope="admin"):
        more = {"idempotency-key": once} if once else {}
        given = {"content": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        return stranger.post(f"/api{path}", headers=header(scope) | more, **given)

    return send
