"""How a file was understood is kept under a name, and used for the next: by people, programs, in a terminal."""

from urllib.parse import urlsplit

from click.testing import CliRunner
from tests.web.console_story import csrf
from tests.web.forms_of import forms_of
from tests.web.noted import noted_in

from regulars.cli.files import import_file

TILL = b"Karte;Wer;Gr\n17850;ida@example.com;39\n"
FIELDS = {"separator": ";", "encoding": "utf-8", "decimal": ".", "dates": "ymd", "zone": "Europe/Riga"}
COLUMNS = {
    "column:Karte": "customer",
    "column:Wer": "email",
    "column:Gr": "other",
    "other:Gr": "shoe_size",
    "type:Gr": "number",
}


def bring(client, home, content, name="till.csv", what="customers"):
    """Bring a file; return where its page is, and the token of its forms."""
    token = csrf(client.get(f"{home}/imports").text)
    sent = client.post(f"{home}/imports", data={"csrf": token, "what": what}, files={"file": (name, content)})
    assert sent.status_code == 303
    return sent.headers["location"], token


def do(client, there, token, what, **fields):
    return client.post(there, data={"csrf": token, **fields, "do": what})


def columns_of(ask, there):
    plan = ask(f"/imports/{there.rpartition('/')[2]}", scope="admin").json()["plan"]
    return plan["columns"], plan["reading"]["zone"]


KNOWN = ({"Karte": "customer", "Wer": "email", "Gr": "fact:shoe_size:number"}, "Europe/Riga")


def test_a_mapping_is_kept_and_the_next_file_with_its_columns_is_understood_so(client, home, ask, house, workspace):
    there, token = bring(client, home, TILL)
    kept = do(client, there, token, "keep", keep_as="Our till", **FIELDS, **COLUMNS)
    page = client.get(kept.headers["location"]).text
    assert "The mapping “Our till” is kept." in page
    assert "is understood by the mapping “Our till”" in page

    there, _ = bring(client, home, b"Gr,Wer,Karte\n40,max@example.com,17851\n", "later.csv", what="")
    assert "is understood by the mapping “Our till”" in client.get(there).text
    assert columns_of(ask, there) == KNOWN
    assert [(one.action, one.kind, one.name) for one in noted_in(house, workspace, kind="mapping")] == [
        ("mapping.kept", "mapping", "Our till")
    ]


def test_a_mapping_is_used_by_its_name_for_a_file_that_has_some_of_its_columns(client, home, ask):
    there, token = bring(client, home, TILL)
    do(client, there, token, "keep", keep_as="Our till", **FIELDS, **COLUMNS)
    there, _ = bring(client, home, b"Wer,Gr,Filiale\nida@example.com,39,Riga\n")
    assert "“Our till”" not in client.get(there).text
    assert do(client, there, token, "use", mapping="Our till", **COLUMNS).status_code == 303
    assert columns_of(ask, there) == ({"Wer": "email", "Gr": "fact:shoe_size:number", "Filiale": "-"}, "Europe/Riga")

    there, _ = bring(client, home, b"email\nida@example.com\n")
    answer = do(client, there, token, "use", mapping="Our till")
    assert answer.status_code == 400
    assert "none of the columns of the mapping &#39;Our till&#39;" in answer.text


def test_a_mapping_without_a_name_is_not_kept_and_what_was_chosen_stays(client, home):
    there, token = bring(client, home, TILL)
    answer = do(client, there, token, "keep", keep_as=" ", **FIELDS, **COLUMNS)
    assert answer.status_code == 400
    assert "1 to 60 characters" in answer.text
    assert "Mappings that are kept" not in client.get(f"{home}/imports").text


def test_a_mapping_is_deleted_and_brought_back(client, home, ask):
    there, token = bring(client, home, TILL)
    do(client, there, token, "keep", keep_as="Our till", **FIELDS, **COLUMNS)
    assert "Our till" in client.get(f"{home}/imports").text

    gone = client.post(f"{home}/mappings/Our%20till/delete", data={"csrf": token})
    page = client.get(gone.headers["location"]).text
    assert "The mapping “Our till” is deleted." in page
    assert ask("/mappings", scope="admin").json()["total"] == 0
    there, _ = bring(client, home, TILL)
    assert columns_of(ask, there) != KNOWN

    undo = page.partition(f'action="{home}/undo/')[2].partition('"')[0]
    assert client.post(f"{home}/undo/{undo}", data={"csrf": token}).status_code == 303
    there, _ = bring(client, home, TILL)
    assert columns_of(ask, there) == KNOWN


def test_a_program_keeps_uses_and_deletes_a_mapping(ask, tell, stranger, header):
    plan = {"what": "customers", "reading": {"format": "csv"}, "columns": {"Wer": "email", "Gr": "fact:size:number"}}

    def put(name, said):
        return stranger.put(f"/api/mappings/{name}", json=said, headers=header("admin"))

    assert put("Till", plan).json()["plan"]["columns"] == plan["columns"]
    assert put("Till", plan).status_code == 200
    assert put("Till", plan | {"columns": {"Wer": "no such thing"}}).status_code == 400
    assert put("Till", plan | {"columns": {}}).status_code == 400
    assert put("x" * 61, plan).status_code == 400
    assert [one["name"] for one in ask("/mappings", scope="admin").json()["items"]] == ["Till"]

    link = tell("/imports", {"file": "people.csv", "what": "customers"}).json()["link"]
    number = stranger.post(urlsplit(link).path, content=b"Wer,Ort\nida@example.com,Riga\n").json()["number"]
    used = tell(f"/imports/{number}/mapping", {"mapping": "Till"}).json()
    assert used["plan"]["columns"] == {"Wer": "email", "Ort": "-"}
    assert tell(f"/imports/{number}/mapping", {"mapping": "none"}).status_code == 404

    assert stranger.delete("/api/mappings/Till", headers=header("admin")).json()["name"] == "Till"
    assert stranger.delete("/api/mappings/Till", headers=header("admin")).status_code == 404


def test_a_name_that_is_taken_is_not_taken_over_unseen(ask, stranger, header):
    first = {"what": "customers", "reading": {}, "columns": {"Wer": "email"}}
    second, third = first | {"columns": {"Wer": "phone"}}, first | {"columns": {"Wer": "user"}}

    def put(said):
        return stranger.put("/api/mappings/Till", json=said, headers=header("admin"))

    assert put(first).status_code == 200
    refused = put(second)
    assert (refused.status_code, "already" in refused.json()["detail"]) == (409, True)
    seen = ask("/mappings/Till", scope="admin").json()["plan"]
    assert put(second | {"replaces": seen}).json()["plan"]["columns"] == {"Wer": "phone"}
    overtaken = put(third | {"replaces": seen})
    assert (overtaken.status_code, overtaken.json()["stands"]["columns"]) == (409, {"Wer": "phone"})
    assert put(third | {"replaces": overtaken.json()["stands"]}).status_code == 200


def test_in_the_console_it_is_asked_once_whether_a_mapping_is_replaced(client, home, ask):
    there, token = bring(client, home, TILL)
    do(client, there, token, "keep", keep_as="Our till", **FIELDS, **COLUMNS)
    other = COLUMNS | {"type:Gr": "text"}
    asked = do(client, there, token, "keep", keep_as="Our till", **FIELDS, **other)
    assert (asked.status_code, "There is a mapping “Our till” already" in asked.text) == (200, True)
    assert "Gr: fact:shoe_size:number" in asked.text
    assert ask("/mappings/Our till", scope="admin").json()["plan"]["columns"] == KNOWN[0]

    form = next(one for one in forms_of(asked.text) if one.fields.get("sure")).sent
    done = client.post(there, data=form)
    assert "The mapping “Our till” is kept." in client.get(done.headers["location"]).text
    replaced = ask("/mappings/Our till", scope="admin").json()["plan"]["columns"]
    assert replaced == KNOWN[0] | {"Gr": "fact:shoe_size"}

    again = client.post(there, data=form | {"other:Gr": "size"})
    assert (again.status_code, "Replace it" in again.text) == (200, True)


def test_a_program_deletes_several_mappings_at_once(ask, tell, stranger, header, house, workspace):
    plan = {"what": "customers", "reading": {}, "columns": {"Wer": "email"}}
    for name in ("Till", "Shop", "Fair"):
        assert stranger.put(f"/api/mappings/{name}", json=plan, headers=header("admin")).status_code == 200
    gone = tell("/deleted/mappings", {"names": ["Till", "Shop", "nothing"]}).json()["mappings"]
    assert [(one["name"], one["plan"]["columns"]) for one in gone] == [
        ("Shop", {"Wer": "email"}),
        ("Till", {"Wer": "email"}),
    ]
    assert [one["name"] for one in ask("/mappings", scope="admin").json()["items"]] == ["Fair"]
    assert noted_in(house, workspace, action="mapping.deleted")[0].name == "Shop, Till"
    assert tell("/deleted/mappings", {"names": ["Till"]}).json() == {"mappings": []}


def test_a_terminal_takes_a_file_in_by_a_mapping(stranger, header, postgres, workspace, tmp_path):
    plan = {"what": "customers", "reading": {"format": "csv"}, "columns": {"Wer": "email", "Gr": "fact:size:number"}}
    assert stranger.put("/api/mappings/Till", json=plan, headers=header("admin")).status_code == 200
    path = tmp_path / "people.csv"
    path.write_text("Wer;Gr;Ort\nida@example.com;39;Riga\n", encoding="utf-8")
    environment = {"REGULARS_DATABASE_URL": postgres, "REGULARS_DATA": str(tmp_path)}

    def run(what, *more):
        command = [str(path), "--as", what, "--workspace", workspace, "--dry-run", *more]
        return CliRunner().invoke(import_file, command, env=environment)

    assert "Gr: fact:gr:number" in run("customers").output
    said = run("customers", "--mapping", "Till").output
    assert "Gr: fact:size:number" in said
    assert "Ort: left out" in said
    assert "Ort: fact:town" in run("customers", "--mapping", "Till", "--map", "Ort=fact:town").output
    assert "is for customers" in str(run("events", "--mapping", "Till", "--event", "x").exception)
    path.write_text("Wer;Gr\nida@example.com;39\n", encoding="utf-8")
    assert "Gr: fact:size:number" in run("customers").output
