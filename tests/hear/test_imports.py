import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.hear.tables import csv_file, events, excel_file, parquet_file, taken

from regulars.hear.imports.guessing import guess
from regulars.hear.imports.running import Import, Outcome
from regulars.store.database import Database
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid
from regulars.words.kinds import CONSENT_CHANGED, IDENTIFY

MAILCHIMP = (
    '"Email Address","First Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LEID,EUID,TAGS\n'
    'Ieva@Example.com,Ieva,4,"2024-01-02 10:00:00",192.0.2.7,"2024-01-02 10:05:00",1,a,"""VIP"",""Riga"""\n'
    "max@example.com,Max,2,,,,2,b,\n"
    "not an address,Nobody,2,,,,3,c,\n"
)


def test_customers_come_with_identifiers_traits_and_consents(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    done = taken(database, workspace, csv_file(tmp_path, MAILCHIMP), "customers")

    assert (done.rows, done.events, done.rejected) == (3, 3, {"no e-mail address": 1})
    ieva, allowed, _ = events(database, workspace)
    assert ieva.historical
    assert ieva.props["traits"] == {
        "first_name": "Ieva", "mailchimp_rating": 4, "tags": ["VIP", "Riga"], "email": "ieva@example.com"
    }  # fmt: skip
    assert (allowed.kind, allowed.at) == (CONSENT_CHANGED, datetime(2024, 1, 2, 10, 5, tzinfo=UTC))
    assert allowed.props == {
        "purpose": "marketing", "channel": "email", "granted": True, "words": "Mailchimp", "how": "imported"
    }  # fmt: skip


def test_identifiers_of_one_row_are_one_person(database: Database, workspace: str, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "customer id,email,phone,shoe size\n17850.0,ida@example.com,00371 20000000,39\n")

    taken(database, workspace, path, "customers")

    (ida,) = events(database, workspace, IDENTIFY)
    assert len(ida.props["links"]) == 2
    assert ida.props["traits"] == {"shoe_size": 39, "email": "ida@example.com"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (MAILCHIMP, "customers"),
        (
            "userId,event,timestamp,plan\nu1,Signed Up,2025-02-03 10:00,gold\nu1,Signed Up,2025-02-03 10:00,gold\n",
            "events",
        ),
    ],
)
def test_the_same_file_twice_changes_nothing_though_the_log_forgot_message_ids(
    database: Database, workspace: str, tmp_path: Path, text: str, what: str
) -> None:
    path = csv_file(tmp_path, text)
    first = taken(database, workspace, path, what)  # type: ignore[arg-type]
    before = events(database, workspace)
    with database.workspace(workspace) as tx:
        tx.connection.execute("drop index store_event_mid_0")

    again = taken(database, workspace, path, what)  # type: ignore[arg-type]

    assert (again.events, again.known) == (0, first.events + first.known)
    assert events(database, workspace) == before
    assert len(before) == first.events


def test_events_keep_their_names_times_and_other_columns(database: Database, workspace: str, tmp_path: Path) -> None:
    path = parquet_file(
        tmp_path,
        "select 'u1' as user_id, 'Coffee Tasted' as event, timestamp '2025-02-03 10:00' as ts, 4 as stars,"
        " ['dark', 'sweet'] as notes, 2.50::decimal(9, 2) as paid",
    )

    taken(database, workspace, path, "events")

    (tasted,) = events(database, workspace)
    assert (tasted.kind, tasted.at) == ("Coffee Tasted", datetime(2025, 2, 3, 10, tzinfo=UTC))
    assert tasted.props == {"stars": 4, "notes": ["dark", "sweet"], "paid": 2.5}


def test_a_dry_run_says_what_would_come_of_it_and_writes_nothing(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, MAILCHIMP)
    plan = guess(path).plan

    dry = Import(path, plan, utc_now(), dry=True).run(database, workspace)

    assert (dry.rows, dry.events, dry.known, dry.refused) == (3, 3, 0, 1)
    assert dry.first[0].who == [("email", "ieva@example.com")]
    assert dry.examples[0].column == "Email Address"
    with database.workspace(workspace) as tx:
        assert tx.connection.execute("select count(*) from hear_identity").fetchone() == (0,)
    assert events(database, workspace) == []
    Import(path, plan, utc_now()).run(database, workspace)
    assert Import(path, plan, utc_now(), dry=True).run(database, workspace).known == 3


def test_rejected_rows_come_back_mended_in_their_own_file(database: Database, workspace: str, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "email,note\nida@example.com,fine\nnobody,=1+1\n")
    rejected = tmp_path / "rejected.csv"
    Import(path, guess(path, "customers").plan, utc_now(), rejects=rejected).run(database, workspace)

    with rejected.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["rejected row", "rejected because", "email", "note"],
            ["2", "email: no e-mail address", "nobody", "'=1+1"],
        ]
    rejected.write_text(rejected.read_text("utf-8").replace("nobody", "max@example.com"), "utf-8")
    taken(database, workspace, rejected, "customers")

    assert events(database, workspace)[-1].props["traits"] == {"note": "=1+1", "email": "max@example.com"}


def test_an_import_that_broke_off_goes_on_behind_what_was_taken(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    lines = [f"c{n}@example.com,{n}" if n % 10 else "nobody,0" for n in range(2_500)]
    path = csv_file(tmp_path, "\n".join(["email,size", *lines, ""]))
    rejected = tmp_path / "rejected.csv"
    taking = Import(path, guess(path, "customers").plan, utc_now(), rejects=rejected)
    kept: list[tuple[bytes, int]] = []

    class Killed(Exception):
        pass

    def kill(_done: Outcome, *_: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        taking.run(
            database,
            workspace,
            progress=kill,
            saved=lambda _, done, size, __: kept.append((msgspec.json.encode(done), size)),
        )
    begun = msgspec.json.decode(kept[-1][0], type=Outcome)
    done = taking.run(database, workspace, begun=begun, rejected_bytes=kept[-1][1])

    assert (done.rows, done.events, done.known, done.refused) == (2_500, 2_250, 0, 250)
    assert len(events(database, workspace)) == 2_250
    assert len(rejected.read_text("utf-8").splitlines()) == 251


def test_consents_without_date_or_source_are_not_taken_but_their_customers_are(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    path = csv_file(
        tmp_path,
        "email,newsletter,consent date,consent source\na@example.com,yes,2024-05-01,till\nb@example.com,yes,,till\n"
        "c@example.com,yes,2024-05-01,\nd@example.com,no,,\ne@example.com,,,\nf@example.com,perhaps,,\n",
    )

    done = taken(database, workspace, path, "customers")

    assert done.remarks == {
        "taken without its consent: it says no date": 1, "taken without its consent: it says no source": 1
    }  # fmt: skip
    assert done.rejected == {"neither yes nor no": 1}
    assert [(one.props["granted"], one.props["words"]) for one in events(database, workspace, CONSENT_CHANGED)] == [
        (True, "till"), (False, "")
    ]  # fmt: skip


def test_of_when_a_file_is_can_be_said(database: Database, workspace: str, tmp_path: Path) -> None:
    then = utc_now() - timedelta(days=90)

    taken(database, workspace, csv_file(tmp_path, "email,size\na@example.com,39\n"), "customers", as_of=then)

    assert events(database, workspace)[0].at == then


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("email,x\na@example.com,1,more\n", "more cells than columns; is the separator right?"),
        ("email,facts\na@example.com,{broken\n", "no JSON object"),
        ("email,x\n" + "a" * 400 + "@example.com,1\n", "an identifier longer than 320 characters"),
        ("email,x\n,1\n", "it does not say who it is: no e-mail address, number or id"),
        ("email,x\na@example.com," + "y" * 40_000 + "\n", "more than an event may hold"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(
    database: Database, workspace: str, tmp_path: Path, text: str, reason: str
) -> None:
    path = csv_file(tmp_path, text)
    plan = guess(path, "customers").plan
    columns = dict(plan.columns) | ({"facts": "facts"} if "facts" in plan.columns else {})

    done = Import(path, msgspec.structs.replace(plan, columns=columns), utc_now()).run(database, workspace)

    assert (done.rejected, done.events) == ({reason: 1}, 0)


def test_a_row_in_another_encoding_costs_itself_alone(database: Database, workspace: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    good = "ieva@example.com,Rīga\n".encode() * 20_000
    path.write_bytes(b"email,city\n" + good + b"zoe@example.com,K\xf6ln\n" + good)

    done = taken(
        database, workspace, path, "customers", reading=guess(path, reading={"encoding": "utf-8"}).plan.reading
    )

    assert done.rejected == {"written in another encoding than the rest of the file": 1}
    assert done.events == 1


def test_zero_characters_and_formulas_are_text(database: Database, workspace: str, tmp_path: Path) -> None:
    path = excel_file(tmp_path, [["email", "note"], ["ida@example.com", "=HYPERLINK(A1)|shown"]])
    taken(database, workspace, path, "customers")
    taken(database, workspace, csv_file(tmp_path, 'email,note\nmax@example.com,"=cmd()\0"\n'), "customers")

    assert [one.props["traits"]["note"] for one in events(database, workspace)] == ["shown", "=cmd()"]


def test_a_mapping_that_does_not_do_is_refused_in_words(database: Database, workspace: str, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "email,mail2\na@example.com,b@example.com\n")
    for columns, said in (
        ({"email": "email", "mail2": "email"}, "Two columns are 'email'"),
        ({"email": "shoe"}, "cannot be 'shoe'"),
        ({"missing": "email"}, "no column 'missing'"),
    ):
        with pytest.raises(Invalid, match=said):
            taken(database, workspace, path, "customers", columns=columns)


def test_a_phone_number_without_its_country_costs_itself_alone(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    path = csv_file(tmp_path, "email,phone\nida@example.com,20000000\n,20000001\n")

    done = taken(database, workspace, path, "customers")

    assert done.remarks == {"taken without its phone number: it needs a country, as in +371": 1}
    assert (done.events, done.rejected) == (1, {"no phone number with its country": 1})
