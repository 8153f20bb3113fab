"""Mail as it leaves and comes back: the keys that sign it, who tells us what came back, the mailbox that is read."""

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.channels.smtp import post as posting
from regulars.channels.smtp.post import Wanted
from regulars.channels.smtp.providers import PROVIDERS
from regulars.speak.outbox import sender_of
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid

_HERE = "/returned-mail"
_CALLED = {
    "ses": "Amazon SES",
    "sendgrid": "SendGrid",
    "postmark": "Postmark",
    "mailgun": "Mailgun",
    "resend": "Resend",
}


@get(_HERE, sync_to_thread=True, opt=needs(Right.MANAGE))
def show(desk: AtDesk, did: FromQuery[str] = "") -> Response[str]:
    """Show what is set up, and how it stands."""
    return _page(desk, done=did)


@post(_HERE, sync_to_thread=True, opt=needs(Right.MANAGE) | notes("returned.mail.changed"))
def save(desk: AtDesk) -> Response[str] | Redirect:
    """Hear of what comes back in another way."""
    wanted = _wanted(desk.form)
    try:
        with desk.noted() as tx:
            posting.keep(tx, wanted, desk.house.vault, desk.workspace.name, desk.now)
            desk.slip.tell(after={"box": wanted.box, "provider": wanted.provider, "host": wanted.host})
    except Invalid as error:
        return _page(desk, {error.field: say(error, desk.locale)}, desk.form)
    return desk.go(f"{_HERE}?did=saved")


@post(f"{_HERE}/dkim", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("dkim.key.made", "domain"))
def make_key(desk: AtDesk) -> Response[str] | Redirect:
    """Make a key for a sender's domain."""
    try:
        with desk.noted() as tx:
            domain = desk.form.get("domain", "")
            made = posting.make_key(tx, domain, desk.house.vault, desk.workspace.name, desk.now)
            desk.slip.tell(name=made.domain)
    except Invalid as error:
        return _page(desk, {error.field: say(error, desk.locale)})
    return desk.go(_HERE)


@post(f"{_HERE}/dkim/{{domain:str}}/check", sync_to_thread=True,
      opt=needs(Right.MANAGE) | notes("dkim.key.checked", "domain", by="domain"))  # fmt: skip
def check_key(desk: AtDesk, domain: FromPath[str]) -> Redirect:
    """Ask DNS for the record of a key."""
    with desk.noted() as tx:
        found = posting.check_key(tx, domain, desk.now)
        desk.slip.tell(after={"found": found.found})
    return desk.go(_HERE)


@post(f"{_HERE}/dkim/{{domain:str}}/drop", sync_to_thread=True,
      opt=needs(Right.MANAGE) | notes("dkim.key.dropped", "domain", by="domain"))  # fmt: skip
def drop_key(desk: AtDesk, domain: FromPath[str]) -> Redirect:
    """Sign mail of a domain no more."""
    with desk.noted() as tx:
        posting.drop_key(tx, domain)
    return desk.go(_HERE)


def _wanted(form: Mapping[str, str]) -> Wanted:
    text = {name: form.get(name, "").strip() for name in ("box", "provider", "provider_key", "host", "username")}
    port = number_in(form.get("port", "").strip() or "993")
    lower = {name: text[name].lower() for name in ("box", "host")}
    return Wanted(**{**text, **lower}, port=port or 0, password=form.get("password", ""))


def _page(
    desk: Desk, errors: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None, done: str = ""
) -> Response[str]:
    gettext = translator(desk.locale).gettext
    with desk.tx() as tx:
        stands, keys = posting.standing(tx), posting.keys(tx)
    try:
        kept = set(posting.secrets_of(stands, desk.house.vault, desk.workspace.name))
        sealed = False
    except Exception as error:  # noqa: BLE001 (the vault's own words are said where mail is sent)
        kept, sealed = set[str](), bool(error)
    typed = {name: str(getattr(stands, name)) for name in ("box", "provider", "host", "port", "username")}
    states = {
        None: gettext("DNS was not asked yet"),
        posting.FOUND: gettext("found in DNS: mail is signed"),
        posting.MISSING: gettext("not in DNS yet: it may take hours until everybody sees it"),
        posting.OTHER: gettext("DNS says something else under this name"),
        posting.UNREACHABLE: gettext("DNS does not answer just now"),
    }
    domain = posting.domain_of(sender_of(desk.workspace, desk.house.base_url))
    called = desk.house.base_url.partition("://")
    return desk.page(
        "returned_mail.html",
        status=400 if errors else 200,
        stands=stands,
        keys=keys,
        states=states,
        domain=desk.form.get("domain") or (domain if domain not in {one.domain for one in keys} else ""),
        form=form or typed,
        errors=errors or {},
        kept=kept,
        sealed=sealed,
        providers=[("", gettext("nobody")), *((name, _CALLED[name]) for name in PROVIDERS)],
        called=_CALLED,
        hook=f"{desk.house.base_url}/hooks/{stands.provider}/{desk.workspace.name}",
        hook_with_password=f"{called[0]}://regulars:PASSWORD@{called[2]}/hooks/{stands.provider}/{desk.workspace.name}",
        done=done,
    )


ROUTES = [show, save, make_key, check_key, drop_key]
