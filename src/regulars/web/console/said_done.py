"""What was done just now, in words, for the page on which one lands."""

from collections.abc import Callable
from datetime import datetime
from gettext import NullTranslations

from regulars.store.database import Tx
from regulars.web import done_records
from regulars.web.i18n import translator
from regulars.web.numbers import number_in


def shown(tx: Tx, person: int, number: str, locale: str, now: datetime) -> tuple[str, str]:
    """Return what somebody did, in words, and the path that takes it back; nothing of what is over, or another's."""
    which = number_in(number)
    done = None if which is None else done_records.get_done(tx, person, which, now)
    if done is None:
        return "", ""
    texts = translator(locale)
    if done.undone_at is not None:
        return texts.gettext("Taken back: everything is as it was."), ""
    return said(done.kind, done.count, done.label, texts), "" if done.kept is None else f"/undo/{done.id}"


def said(kind: str, count: int, label: str, texts: NullTranslations) -> str:
    """Return what was done, in a reader's language: by name where it was one, else how many."""
    if label:
        return _of_one(texts.gettext)[kind] % {"name": label}
    return _of_many(texts.ngettext, count)[kind] % {"n": count}


def _of_one(gettext: Callable[[str], str]) -> dict[str, str]:
    return {
        "segments.deleted": gettext("The segment “%(name)s” is deleted."),
        "funnels.deleted": gettext("The funnel “%(name)s” is deleted."),
        "group.called": gettext("The group is called “%(name)s”."),
        "templates.archived": gettext("The template “%(name)s” is archived."),
        "templates.back": gettext("The template “%(name)s” is back."),
        "forms.closed": gettext("The form “%(name)s” is closed: nobody can answer it."),
        "forms.opened": gettext("The form “%(name)s” is open again."),
        "fact.corrected": gettext("What is remembered as “%(name)s” is put right."),
        "customer.split": gettext("The merge of “%(name)s” is undone: they are two customers again."),
        "customer.joined": gettext("“%(name)s” and the other record are one customer now."),
        "mail.deleted": gettext("The mail “%(name)s” is deleted."),
        "mapping.kept": gettext("The mapping “%(name)s” is kept."),
        "mapping.deleted": gettext("The mapping “%(name)s” is deleted."),
        "keys.revoked": gettext("The key “%(name)s” opens nothing any more. This cannot be taken back."),
        "campaigns.stopped": gettext("The campaign “%(name)s” is stopped."),
    }


def _of_many(ngettext: Callable[[str, str, int], str], count: int) -> dict[str, str]:
    return {
        "duplicates.joined": ngettext(
            "%(n)s pair is one customer now.", "%(n)s pairs are one customer each now.", count
        ),
        "duplicates.apart": ngettext(
            "%(n)s pair is told apart. Join them on a customer's page if that was wrong.",
            "%(n)s pairs are told apart. Join them on a customer's page if that was wrong.",
            count,
        ),
        "duplicates.later": ngettext("%(n)s pair comes back in 30 days.", "%(n)s pairs come back in 30 days.", count),
        "list.put": ngettext("%(n)s customer is put on the list.", "%(n)s customers are put on the list.", count),
        "list.taken": ngettext(
            "%(n)s customer is taken off the list.", "%(n)s customers are taken off the list.", count
        ),
        "segments.deleted": ngettext("%(n)s segment is deleted.", "%(n)s segments are deleted.", count),
        "funnels.deleted": ngettext("%(n)s funnel is deleted.", "%(n)s funnels are deleted.", count),
        "templates.archived": ngettext("%(n)s template is archived.", "%(n)s templates are archived.", count),
        "templates.back": ngettext("%(n)s template is back.", "%(n)s templates are back.", count),
        "forms.closed": ngettext(
            "%(n)s form is closed: nobody can answer it.", "%(n)s forms are closed: nobody can answer them.", count
        ),
        "forms.opened": ngettext("%(n)s form is open again.", "%(n)s forms are open again.", count),
        "mapping.deleted": ngettext("%(n)s mapping is deleted.", "%(n)s mappings are deleted.", count),
        "mail.deleted": ngettext("%(n)s mail is deleted.", "%(n)s mails are deleted.", count),
        "keys.revoked": ngettext(
            "%(n)s key opens nothing any more. This cannot be taken back.",
            "%(n)s keys open nothing any more. This cannot be taken back.",
            count,
        ),
        "campaigns.stopped": ngettext("%(n)s campaign is stopped.", "%(n)s campaigns are stopped.", count),
        "writing.stopped": ngettext(
            "We stop writing to %(n)s customer. They can allow it again themselves.",
            "We stop writing to %(n)s customers. They can allow it again themselves.",
            count,
        ),
    }
