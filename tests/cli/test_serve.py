"""One command holds the whole house up, whatever dies, and takes it down in order."""

import os
import signal
import socket
from collections.abc import Iterator

import pytest
from tests.cli.houses import House, free_port, regulars, until


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    house.clear()


def test_a_signal_ends_every_process_and_the_next_start_has_the_data(house: House) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        house.start()
        assert len(house.processes()) >= 5
        house.process.send_signal(number)
        assert house.process.wait(60) == 0, house.said
        assert house.processes() == {}
        assert not (house.data / "postgres" / "postmaster.pid").exists()
    assert "Traceback" not in house.said


def test_a_new_house_says_how_somebody_gets_in(house: House) -> None:
    house.start()
    until(lambda: "Ctrl-C ends it" in house.said)
    assert f"workspace create NAME --owner EMAIL --data {house.data}" in house.said
    nobody = regulars("login-link", "--data", str(house.data))
    assert (nobody.returncode, "make a workspace first" in nobody.stderr) == (1, True)
    regulars("workspace", "create", "shop", "--owner", "me@shop.example", "--data", str(house.data))
    house.process.send_signal(signal.SIGINT)
    house.process.wait(60)
    house.start()
    until(lambda: f"login-link --data {house.data}" in house.said)


def test_whatever_is_killed_comes_back(house: House) -> None:
    house.start()
    for command in ("web", "work"):
        for victim in house.pids(command):
            os.kill(victim, signal.SIGKILL)
        until(lambda command=command: house.pids(command))
        until(house.answers)
    worker = house.pids("web")[-1]
    os.kill(worker, signal.SIGKILL)
    until(lambda: worker not in house.pids("web"))
    until(house.answers)
    before = house.postgres
    os.kill(before, signal.SIGKILL)
    until(lambda: house.postgres not in {0, before})
    until(house.answers)
    assert house.process.poll() is None


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_finds_its_way(house: House) -> None:
    house.start()
    house.process.kill()
    house.process.wait()
    house.start()
    assert house.answers()


def test_a_busy_port_and_a_busy_folder_are_said_in_one_line(house: House) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", house.port))
        other.listen()
        done = regulars("serve", "--data", str(house.data), "--port", str(house.port))
        assert done.returncode == 1
        assert done.stderr.startswith(f"regulars: Port {house.port} on 127.0.0.1 is in use by another program.")
        assert len(done.stderr.splitlines()) == 1
    house.start()
    done = regulars("serve", "--data", str(house.data), "--port", str(free_port()))
    assert done.returncode == 1
    assert f"is in use by process {house.process.pid}" in done.stderr


def test_commands_use_the_running_house_and_its_address(house: House) -> None:
    house.start()
    made = regulars("workspace", "create", "gifts", "--title", "The Gift House", "--data", str(house.data))
    assert made.returncode == 0, made.stderr
    link = regulars("login-link", "--data", str(house.data))
    assert link.stdout.startswith(f"http://127.0.0.1:{house.port}/console/login/")
    assert house.process.poll() is None
