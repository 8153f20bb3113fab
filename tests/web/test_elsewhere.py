"""Logging in at a provider of OpenID Connect: whom it vouches for comes in, and nobody else, however it is asked."""

from dataclasses import replace
from time import time
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import msgspec
import pytest
from litestar.testing import TestClient
from tests.web import identity_provider
from tests.web.identity_provider import CLIENT, SECRET, signed_by_what_everybody_knows, stranger_to, unsigned

from regulars.access import provider as providers
from regulars.access.people import add_person
from regulars.access.provider import open_provider
from regulars.settings import Settings
from regulars.web.app import create_app
from regulars.web.console.desk import SESSION
from regulars.words.errors import Invalid

GO, BACK = "/console/login/elsewhere", "/console/login/elsewhere/back"


@pytest.fixture
def provider():
    with identity_provider.serving() as provider:
        yield provider


@pytest.fixture
def door(house, provider):
    """A browser before a house whose team logs in elsewhere."""
    known = {"oidc_issuer": f"{provider.url}/", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    settings = msgspec.structs.replace(house.settings, **known, oidc_name="Acme")
    with TestClient(create_app(replace(house, settings=settings)), base_url="http://testserver.local") as browser:
        browser.follow_redirects = False
        yield browser


@pytest.fixture
def harriet(house, workspace, provider):
    """Somebody of the team, whom the provider knows too."""
    provider.email = f"Harriet-{uuid4().hex[:8]}@Gifts.example"
    add_person(house.database, provider.email, "Harriet", workspace)
    return provider.email.casefold()


def there(browser):
    """Go to the provider, and return the address it sends the browser back to."""
    away = browser.get(GO)
    assert away.status_code == 303, away.text
    back = urlsplit(httpx.get(away.headers["location"]).headers["location"])
    assert f"{back.scheme}://{back.netloc}" == "http://testserver.local"
    return f"{back.path}?{back.query}"


def refused(browser, answer=None):
    answer = answer or browser.get(there(browser))
    assert answer.status_code in (403, 502), answer.status_code
    assert SESSION not in browser.cookies
    return answer.text


def test_whom_the_provider_vouches_for_comes_in(door, harriet, workspace, provider):
    assert "Log in with Acme" in door.get("/console/login").text
    assert door.get(there(door)).headers["location"] == "/console"
    assert door.get("/console").headers["location"] == f"/console/{workspace}"
    (asked,) = provider.asked
    assert (asked["tenant"], asked["scope"], asked["redirect_uri"]) == (
        "one",
        "openid email",
        f"http://testserver.local{BACK}",
    )


def test_where_no_provider_is_set_there_is_no_button_and_no_way(stranger):
    assert "elsewhere" not in stranger.get("/console/login").text
    assert stranger.get(GO).status_code == 404
    assert stranger.get(f"{BACK}?code=x&state=y").status_code == 404


def test_the_e_mail_may_stand_in_the_profile_only(door, harriet, provider):
    provider.claims = {"email": None, "email_verified": None}
    provider.profile = {"sub": "4711", "email": harriet, "email_verified": True}
    assert door.get(there(door)).status_code == 303


@pytest.mark.parametrize("profile", [{}, {"sub": "4712"}, {"sub": "4711"}, {"sub": "4711", "email_verified": "true"}])
def test_a_profile_of_somebody_else_or_without_a_verified_e_mail_opens_nothing(door, harriet, provider, profile):
    provider.claims = {"email": None, "email_verified": None}
    provider.profile = {"email": harriet, "email_verified": profile.pop("email_verified", None)} | profile
    refused(door)


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_e_mail_that_is_not_verified_opens_nothing(door, harriet, provider, verified):
    provider.claims = {"email_verified": verified}
    assert "does not say that your e-mail is verified" in refused(door)


def test_nobody_new_is_made(door, provider):
    provider.email = f"new-{uuid4().hex[:8]}@gifts.example"
    assert "Nobody of the team has the e-mail" in refused(door)
    assert "Nobody of the team has the e-mail" in refused(door)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another house"},
        {"aud": [CLIENT, "another house"]},
        {"aud": [CLIENT, "another house"], "azp": "another house"},
        {"nonce": "of another log-in"},
        {"nonce": None},
        {"exp": -600},
        {"exp": None},
        {"iat": 600},
        {"sub": None},
        {"aud": None},
        {"iss": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_log_in_opens_nothing(door, harriet, provider, claims):
    provider.claims = {name: int(time()) + one if isinstance(one, int) else one for name, one in claims.items()}
    assert "in a way that can be trusted" in refused(door)


def test_a_token_that_somebody_else_signed_opens_nothing(door, harriet, provider):
    provider.signer = stranger_to(provider)
    assert "in a way that can be trusted" in refused(door)


@pytest.mark.parametrize("forge", [unsigned, signed_by_what_everybody_knows])
def test_a_token_that_anybody_could_have_made_opens_nothing(door, harriet, provider, forge):
    provider.forge = forge
    assert "in a way that can be trusted" in refused(door)


def test_keys_that_the_provider_has_turned_are_read_anew(door, harriet, provider):
    assert door.get(there(door)).status_code == 303
    provider.turn_keys()
    assert door.get(there(door)).status_code == 303


def test_the_way_back_works_once_and_in_the_browser_that_began(door, harriet, house):
    back = there(door)
    with TestClient(door.app, base_url="http://testserver.local") as other:
        other.follow_redirects = False
        refused(other, other.get(back))
    assert door.get(back).status_code == 303
    door.cookies.delete(SESSION)
    refused(door, door.get(back))


@pytest.mark.parametrize("forged", ["state=x", "code=x", "iss=https://elsewhere.example", "code="])
def test_a_way_back_that_somebody_made_up_opens_nothing(door, harriet, forged):
    name, _, value = forged.partition("=")
    path, _, query = there(door).partition("?")
    sent = {key: values[0] for key, values in parse_qs(query).items()} | {name: value}
    refused(door, door.get(path, params=sent))


def test_who_is_refused_there_is_told_here(door, provider):
    provider.refuses = True
    assert "Acme did not log you in" in refused(door)


def test_a_provider_that_is_down_leaves_the_other_ways_open(door, provider):
    provider.down = True
    answer = door.get(GO)
    assert answer.status_code == 502
    assert "Acme could not be reached" in answer.text
    assert 'name="password"' in answer.text


@pytest.mark.parametrize("about", [{"issuer": "https://elsewhere.example"}, {"token_endpoint": None}, {"jwks_uri": 5}])
def test_a_provider_that_calls_itself_otherwise_is_not_asked(door, provider, about):
    provider.about = about
    assert "in a way that can be trusted" in refused(door, door.get(GO))


def test_what_is_missing_in_the_settings_is_said_at_the_start(tmp_path, monkeypatch):
    some = Settings(data=tmp_path, oidc_issuer="https://accounts.example.com")
    with pytest.raises(Invalid, match="oidc_client_id"):
        open_provider(some)
    with pytest.raises(Invalid, match="no address"):
        open_provider(msgspec.structs.replace(some, oidc_issuer="accounts.example.com"))
    whole = msgspec.structs.replace(some, oidc_client_id="a", oidc_client_secret="b")
    monkeypatch.setattr(providers, "find_spec", lambda _: None)
    with pytest.raises(Invalid, match=r"pip install 'regulars\[oidc\]'"):
        open_provider(whole)
    monkeypatch.undo()
    assert open_provider(whole).name == "accounts.example.com"
    assert open_provider(Settings(data=tmp_path)) is None
