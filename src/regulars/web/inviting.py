"""How somebody hears that they are invited: a link, and a mail with it where the house can send one."""

from regulars.access.invitations import Invitation
from regulars.web.i18n import translator
from regulars.web.roles import role_called
from regulars.wiring import House


def link_of(house: House, token: str) -> str:
    """Return the address of an invitation."""
    return f"{house.base_url}/console/invitation/{token}"


def tell_invited(house: House, made: Invitation, link: str, workspace: str, by: str, locale: str) -> bool:
    """Mail an invitation to a workspace of this title, in the language of whoever invites; return whether it went."""
    gettext = translator(locale).gettext
    filled = {"who": by, "workspace": workspace, "role": role_called(made.role, gettext), "link": link}
    subject = gettext("%(who)s invites you to %(workspace)s") % filled
    text = "\n\n".join(
        (
            gettext("%(who)s asks you to join the team of %(workspace)s, as: %(role)s."),
            gettext("To accept, open this link and press the button there. It works once, for seven days:")
            + "\n%(link)s",
            gettext("If you do not know what this is about, do nothing."),
        )
    )
    return house.tell(made.email, " ".join(subject.split()), text % filled)
