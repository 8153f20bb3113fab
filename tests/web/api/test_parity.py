"""Whatever the console changes, a program can change too, or it stands here why not."""

import inspect
import re

import pytest

from regulars.web.api.document import document
from regulars.web.api.routes import HANDLERS
from regulars.web.console.routes import CONSOLE

PERSON = "a person's own: a key is nobody, and logs in nowhere"
TYPED = "what somebody is typing: theirs until they send it"

PARITY = {
    "/login": PERSON,
    "/login/{token:str}": PERSON,
    "/login/passkey": PERSON,
    "/login/passkey/begin": PERSON,
    "/logout": PERSON,
    "/invitation/{token:str}": PERSON,
    "/account/name": PERSON,
    "/account/sessions/{session:int}/end": PERSON,
    "/account/sessions/end-others": PERSON,
    "/account/passkeys": PERSON,
    "/account/passkeys/begin": PERSON,
    "/account/passkeys/{passkey:int}/remove": PERSON,
    "/account/password": PERSON,
    "/account/password/remove": PERSON,
    "/{workspace:str}/customers/{customer_id:int}/pause": ("begin_pause", "end_pause"),
    "/{workspace:str}/customers/{customer_id:int}/frequency": ("choose_frequency",),
    "/{workspace:str}/customers/{customer_id:int}/restrict": ("restrict_customer", "lift_restriction"),
    "/{workspace:str}/customers/{customer_id:int}/stop": ("record_consent",),
    "/{workspace:str}/customers/{customer_id:int}/split": ("split_customer",),
    "/{workspace:str}/customers/{customer_id:int}/join": ("join_customers",),
    "/{workspace:str}/customers/{customer_id:int}/apart": ("tell_apart",),
    "/{workspace:str}/duplicates": ("join_customers", "tell_apart", "postpone_duplicate"),
    "/{workspace:str}/duplicates/rules": ("set_identity_rules", "try_identity_rules"),
    "/{workspace:str}/customers/{customer_id:int}/forget": ("erase_customer",),
    "/{workspace:str}/customers/{customer_id:int}/fact": ("note_fact",),
    "/{workspace:str}/customers/{customer_id:int}/fact/again": ("note_fact",),
    "/{workspace:str}/customers/{customer_id:int}/fact/forget": ("forget_fact",),
    "/{workspace:str}/fact": ("save_fact",),
    "/{workspace:str}/facts/versions/{version:int}/restore": ("restore_fact",),
    "/{workspace:str}/customers/file": ("list_customers",),
    "/{workspace:str}/customers/stop": ("record_consent",),
    "/{workspace:str}/customers/list": ("put_on_list",),
    "/{workspace:str}/customers/{customer_id:int}/list": ("put_on_list",),
    "/{workspace:str}/segments/{name:str}/off": ("put_on_list",),
    "/{workspace:str}/segments/{name:str}/more": ("announce_import", "plan_import"),
    "/{workspace:str}/new/list": ("create_list", "announce_import", "plan_import"),
    "/{workspace:str}/stopped/campaigns": ("stop",),
    "/{workspace:str}/keys/revoke": ("revoke_key",),
    "/{workspace:str}/deleted/segments": ("delete_segment",),
    "/{workspace:str}/mailbox/delete": ("delete_mail", "restore_mail"),
    "/{workspace:str}/undo/{number:int}": ("create_segment", "restore_mail", "restore_template", "reopen_form"),
    "/{workspace:str}/new/segment": ("create_segment", "try_rule"),
    "/{workspace:str}/segments/{name:str}/edit": ("save_segment", "try_rule"),
    "/{workspace:str}/segments/{name:str}/versions/{version:int}/restore": ("restore_segment",),
    "/{workspace:str}/deleted/segments/{number:int}/back": ("take_segment_back",),
    "/{workspace:str}/segments/{name:str}/delete": ("delete_segment",),
    "/{workspace:str}/new/funnel": ("create_funnel", "reckon_funnel"),
    "/{workspace:str}/funnels/{name:str}/edit": ("save_funnel", "reckon_funnel"),
    "/{workspace:str}/funnels/{name:str}/versions/{version:int}/restore": ("restore_funnel",),
    "/{workspace:str}/funnels/{name:str}/delete": ("delete_funnel",),
    "/{workspace:str}/deleted/funnels": ("delete_funnel",),
    "/{workspace:str}/deleted/funnels/{number:int}/back": ("take_funnel_back",),
    "/{workspace:str}/groups": ("find_groups",),
    "/{workspace:str}/groups/{number:int}": ("call_group",),
    "/{workspace:str}/imports": ("announce_import",),
    "/{workspace:str}/imports/{number:int}": (
        "plan_import",
        "map_import",
        "keep_mapping",
        "check_import",
        "start_import",
    ),
    "/{workspace:str}/deleted/mappings": ("delete_several_mappings",),
    "/{workspace:str}/mappings/{name:str}/delete": ("delete_mapping",),
    "/{workspace:str}/imports/{number:int}/cancel": ("cancel_import",),
    "/{workspace:str}/drafts": TYPED,
    "/{workspace:str}/drafts/on": TYPED,
    "/{workspace:str}/drafts/away": TYPED,
    "/{workspace:str}/new/campaign": ("create_campaign",),
    "/{workspace:str}/campaigns/{name:str}/edit": ("change_campaign", "get_campaign", "look"),
    "/{workspace:str}/campaigns/{name:str}/undo": ("change_campaign",),
    "/{workspace:str}/campaigns/{name:str}/launch": ("launch",),
    "/{workspace:str}/campaigns/{name:str}/stop": ("stop",),
    "/{workspace:str}/campaigns/{name:str}/pause": ("pause_campaign",),
    "/{workspace:str}/campaigns/{name:str}/resume": ("resume_campaign",),
    "/{workspace:str}/campaigns/{name:str}/cancel": ("cancel_campaign",),
    "/{workspace:str}/archived/templates": ("archive_template",),
    "/{workspace:str}/archived/templates/back": ("restore_template",),
    "/{workspace:str}/closed/forms": ("close_form",),
    "/{workspace:str}/closed/forms/back": ("reopen_form",),
    "/{workspace:str}/new/template": ("keep_template", "look"),
    "/{workspace:str}/templates/{name:str}": ("keep_template", "look"),
    "/{workspace:str}/new/form": ("create_form",),
    "/{workspace:str}/forms/{name:str}/edit": ("save_form",),
    "/{workspace:str}/forms/{name:str}/close": ("close_form",),
    "/{workspace:str}/forms/{name:str}/reopen": ("reopen_form",),
    "/{workspace:str}/forms/{name:str}/undo/{version:int}": ("get_form", "save_form"),
    "/{workspace:str}/health/{follower:str}/pause": ("pause",),
    "/{workspace:str}/health/{follower:str}/resume": ("resume",),
    "/{workspace:str}/health/{follower:str}/replay": ("replay",),
    "/{workspace:str}/health/{follower:str}/again/{seq:int}": ("run_again",),
    "/{workspace:str}/people": ("invite",),
    "/{workspace:str}/people/invitations/{invitation:int}/renew": ("invite",),
    "/{workspace:str}/people/invitations/{invitation:int}/cancel": ("cancel_invitation",),
    "/{workspace:str}/people/{person:int}/role": ("give_role",),
    "/{workspace:str}/people/{person:int}/remove": ("remove_person",),
    "/{workspace:str}/keys": ("make_key",),
    "/{workspace:str}/keys/{key:int}/revoke": ("revoke_key",),
    "/{workspace:str}/health/quarantine/again": ("run_again",),
    "/{workspace:str}/health/quarantine/aside": ("set_aside",),
    "/{workspace:str}/health/figure/leave": ("leave_figure",),
    "/{workspace:str}/health/figure/watch": ("watch_figure",),
    "/{workspace:str}/alerts/people": ("set_alert_settings",),
    "/{workspace:str}/alerts/secret": "who holds a key must not learn what signs our posts",
    "/{workspace:str}/alerts/test": ("test_alerts",),
    "/{workspace:str}/alerts/webhook": ("set_alert_settings",),
    "/workspaces/new": "a key belongs to one workspace, and makes no other",
    "/workspaces/{name:str}/back": "the keys of a workspace that was deleted open nothing",
    "/{workspace:str}/workspace": ("change_brand", "change_logo"),
    "/{workspace:str}/workspace/delete": ("delete_workspace",),
    "/{workspace:str}/workspace/exports": ("ask_for_export",),
    "/{workspace:str}/contact-policy": ("set_contact_policy",),
    "/{workspace:str}/suppressed/{identity:int}/lift": ("lift_suppression",),
    "/{workspace:str}/returned-mail": ("set_returned_mail",),
    "/{workspace:str}/returned-mail/dkim": ("make_signing_key",),
    "/{workspace:str}/returned-mail/dkim/{domain:str}/check": ("check_signing_key",),
    "/{workspace:str}/returned-mail/dkim/{domain:str}/drop": ("drop_signing_key",),
    "/{workspace:str}/channels/{channel:str}": ("set_channel",),
    "/{workspace:str}/channels/{channel:str}/test": ("test_channel",),
    "/{workspace:str}/channels/{channel:str}/remove": ("remove_channel",),
    "/{workspace:str}/counting": ("set_counting",),
    "/{workspace:str}/retention": ("set_retention",),
    "/{workspace:str}/workspace/test": "sent to whoever presses the button: a key has no mailbox",
    "/{workspace:str}/workspace/undo": ("change_brand", "change_logo"),
}
"""Each route of the console that changes something: the operations that do the same, or why there is none."""

OPERATIONS = {told["operationId"] for methods in document("")["paths"].values() for told in methods.values()}
CHANGING = sorted(
    route.path.removeprefix("/console")
    for router in CONSOLE
    for route in router.routes
    if set(getattr(route, "methods", ())) & {"POST", "PUT", "PATCH", "DELETE"}
)


@pytest.mark.parametrize("path", CHANGING)
def test_what_the_console_changes_a_program_can_change(path):
    assert path in PARITY, f"{path} is new: name the operations of the API that do it, or say why no program may"
    if not isinstance(PARITY[path], str):
        assert set(PARITY[path]) <= OPERATIONS


def test_the_table_names_no_route_that_is_gone():
    assert set(PARITY) <= set(CHANGING)


def test_the_same_functions_do_it():
    """No second implementation: what a program changes is changed by a function of a room, not by a statement here."""
    for handler in HANDLERS:
        source = inspect.getsource(inspect.getmodule(handler.fn))
        assert not re.search(r"\bfrom regulars\.(?!web|store)\w+(?:\.\w+)* import records\b", source), handler.fn
