"""A device that was logged in before is known by a cookie that nobody can make."""

import pytest

from regulars.access.devices import read_device, remember_device


def test_a_device_knows_the_accounts_that_were_logged_in_on_it(database):
    cookie = remember_device(database, "", 1)
    cookie = remember_device(database, cookie, 2)
    device = read_device(database, cookie)
    assert device.knows(1)
    assert device.knows(2)
    assert not device.knows(3)
    assert read_device(database, remember_device(database, cookie, 1)).id == device.id


def test_two_devices_are_two(database):
    one, other = (read_device(database, remember_device(database, "", 1)) for _ in range(2))
    assert one.id != other.id


@pytest.mark.parametrize("forged", ["", "x", "WyJhIixbMV1d", "WyJhIixbMV1d.c2lnbmVk", "\0", "ü" * 300])
def test_a_cookie_that_somebody_made_names_no_device(database, forged):
    assert read_device(database, forged) is None


def test_a_device_keeps_the_latest_accounts_only(database):
    cookie = ""
    for person_id in range(1, 30):
        cookie = remember_device(database, cookie, person_id)
    device = read_device(database, cookie)
    assert len(device.people) == 8
    assert device.knows(29)
    assert len(cookie) < 300
