"""Ready mappings for the exports of other programs: the columns they document, and what each is here.

A column that is not named is a fact of its own; one that says nothing about the customer is left out.
"""

from collections.abc import Mapping

import msgspec

from regulars.hear.imports.plan import SKIP


class Ready(msgspec.Struct, frozen=True):
    """How another program exports its contacts."""

    name: str
    title: str
    telling: frozenset[str]
    """Columns that only this program's exports have."""
    columns: Mapping[str, str]
    source: str
    """Where its consents come from, for their proof."""
    doc: str


def _skipped(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(","), SKIP)


MAUTIC = Ready(
    "mautic",
    "Mautic",
    frozenset({"doNotEmail", "dateIdentified", "date_identified", "preferred_profile_image", "attribution_date"}),
    {
        "email": "email", "mobile": "phone", "firstname": "fact:first_name", "lastname": "fact:last_name",
        "city": "fact:city", "country": "fact:country", "preferred_locale": "fact:language",
        "points": "fact:mautic_points:number", "tags": "fact:tags:list", "last_active": SKIP,
        "dateModified": "at", "date_modified": "at", "doNotEmail": "refused",
    }
    | _skipped("id,owner,ownerId,owner_id,stage,attribution,attribution_date,dateIdentified,date_identified")
    | _skipped("preferred_profile_image,ip,ipAddress"),
    "Mautic",
    "https://docs.mautic.org/en/contacts/import-contacts",
)  # fmt: skip
MAILCHIMP = Ready(
    "mailchimp",
    "Mailchimp",
    frozenset({"MEMBER_RATING", "LEID", "EUID", "OPTIN_TIME"}),
    {
        "Email Address": "email", "First Name": "fact:first_name", "Last Name": "fact:last_name",
        "Phone Number": "phone", "Birthday": "fact:birthday", "Address": "fact:address",
        "CONFIRM_TIME": "granted_at", "UNSUB_TIME": "withdrawn_at", "LAST_CHANGED": "at",
        "TAGS": "fact:tags:list", "NOTES": "fact:notes", "REGION": "fact:region", "CC": "fact:country",
        "MEMBER_RATING": "fact:mailchimp_rating:number", "UNSUB_REASON": "fact:unsubscribed_because",
    }
    | _skipped("OPTIN_TIME,OPTIN_IP,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,LEID,EUID")
    | _skipped("UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON_OTHER,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE")
    | _skipped("CLEAN_CAMPAIGN_ID"),
    "Mailchimp",
    "https://mailchimp.com/help/view-export-contacts/",
)  # fmt: skip
LISTMONK = Ready(
    "listmonk",
    "listmonk",
    frozenset({"uuid", "attributes"}),
    {
        "email": "email", "name": "fact:name", "attributes": "facts", "status": "refused", "uuid": SKIP,
        "created_at": SKIP, "updated_at": "at",
    },
    "listmonk",
    "https://github.com/knadh/listmonk/blob/master/cmd/subscribers.go",
)  # fmt: skip
KLAVIYO = Ready(
    "klaviyo",
    "Klaviyo",
    frozenset({"Klaviyo ID", "Email Marketing Consent", "Profile Created On", "Predicted Customer Lifetime Value"}),
    {
        "Email": "email", "Email Address": "email", "Phone Number": "phone", "External ID": "user",
        "First Name": "fact:first_name", "Last Name": "fact:last_name", "Organization": "fact:organization",
        "Title": "fact:title", "Address": "fact:address", "City": "fact:city", "State / Region": "fact:region",
        "Country": "fact:country", "Zip Code": "fact:zip", "Locale": "fact:language",
        "Email Marketing Consent": "consent", "Email Marketing Consent Timestamp": "granted_at",
        "Source": "consent_source", "Tags": "fact:tags:list",
    }
    | _skipped("Klaviyo ID,Latitude,Longitude,IP Address,First Active,Last Active,Profile Created On,Date Added")
    | _skipped("Last Open,Last Click,Initial Source,Last Source,Address 2,Historic Customer Lifetime Value")
    | _skipped("Total Customer Lifetime Value,Predicted Customer Lifetime Value,Average Order Value")
    | _skipped("Historic Number Of Orders,Predicted Number Of Orders,Churn Risk Prediction")
    | _skipped("Expected Date Of Next Order"),
    "Klaviyo",
    "https://help.klaviyo.com/hc/en-us/articles/115005078967",
)  # fmt: skip

READY = (MAUTIC, MAILCHIMP, LISTMONK, KLAVIYO)


def recognised(columns: list[str]) -> Ready | None:
    """Return whose export a file of customers is, by the columns that only this program has."""
    for one in READY:
        needed = len(one.telling) if one is LISTMONK else 1
        if len(one.telling.intersection(columns)) >= needed:
            return one
    return None
