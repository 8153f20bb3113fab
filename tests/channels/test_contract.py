"""What every channel must do, whichever it is. A new channel adds a line to `WAYS`, or is skipped with the reason."""

import msgspec
import pytest
from tests.channels.http_peer import SECRET, TEXTS
from tests.channels.mail import letter, numbers

from regulars.channels import channel_names, open_channel
from regulars.settings import Settings
from regulars.words.errors import Unknown


def in_sandbox(database, workspace, _):
    with database.workspace(workspace) as tx:
        return tx.values(b"select message_id from sandbox_mail order by at, message_id")


def posted(_, __, peer):
    return [msgspec.json.decode(body)["data"]["message"] for body in peer.once().values()]


def texted(_, __, peer):
    return [msgspec.json.decode(one.body)["id"] for one in peer.heard]


def served(_, __, peer):
    return [one.path.rpartition("/")[2] for one in peer.heard]


WAYS = {
    "apprise": served,
    "sandbox": in_sandbox,
    "smtp": lambda _, __, server: numbers(server),
    "webhook": posted,
    "sms": texted,
}


@pytest.fixture(params=channel_names())
def way(request, database, workspace, mail_server, http_peer, tmp_path):
    url = f"smtp://127.0.0.1:{mail_server.port}"
    settings = Settings(data=tmp_path, smtp_url=url, smtp_connections=2, outbound_private=True)
    typed = {
        "webhook": {"url": http_peer.url, "secret": SECRET},
        "sms": {**TEXTS, "url": http_peer.url},
        "apprise": {"url": f"{http_peer.url.replace('http:', 'json:')}/{{digits}}/{{id}}"},
    }
    peer = http_peer if request.param in typed else mail_server
    channel = open_channel(request.param, settings, database, workspace, typed.get(request.param))
    yield channel, lambda: [int(one) for one in WAYS[request.param](database, workspace, peer)]
    channel.close()


def test_it_is_called_what_its_folder_is_called(way):
    channel, _ = way
    assert channel.name in channel_names()
    assert channel.connections >= 1


def test_it_delivers_one_after_the_other_over_one_connection(way):
    channel, arrived = way
    with channel.connect() as connection:
        for number in (1, 2, 3):
            connection.deliver(letter(number))
    assert arrived() == [1, 2, 3]


def test_it_delivers_over_several_connections_at_a_time(way):
    channel, arrived = way
    with channel.connect() as one, channel.connect() as two:
        one.deliver(letter(1))
        two.deliver(letter(2))
        one.deliver(letter(3))
    assert sorted(arrived()) == [1, 2, 3]


def test_one_that_says_it_is_idempotent_takes_a_message_once(way):
    channel, arrived = way
    with channel.connect() as connection:
        connection.deliver(letter(1))
        connection.deliver(letter(1))
    assert arrived() == ([1] if channel.idempotent else [1, 1])


def test_it_carries_every_script_long_lines_and_lines_of_one_dot(way):
    channel, arrived = way
    with channel.connect() as connection:
        connection.deliver(
            letter(
                7, subject="Ķekava: 小明 🎁 " * 20, text=".\n..\n" + "long " * 2000, html="<p>" + "ü" * 5000 + "</p>"
            )
        )
    assert arrived() == [7]


def test_an_unknown_channel_is_refused_with_those_there_are(database, workspace, tmp_path):
    with pytest.raises(Unknown, match="sandbox"):
        open_channel("pigeon", Settings(data=tmp_path), database, workspace)
