"""A form's link as a QR code: what a camera reads of it is the link, on the page and in what is taken along."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from tests.web.at_desk import at_desk
from tests.web.console_story import csrf

from regulars.access import keys


def read(picture):
    """Return what a camera reads of a picture."""
    return [one.text for one in zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_camera_before_the_page_comes_to_the_form(browser, address, house, workspace, home, shop, scheme):
    with at_desk(browser, address, house, workspace, 390, color_scheme=scheme) as page:
        page.goto(f"{address}{home}/forms/gift-quiz")
        code = page.get_by_alt_text("A QR code that leads to")
        expect(code).to_have_js_property("complete", True)
        assert read(code.screenshot()) == [f"{house.base_url}/f/gift-quiz"]
        with page.expect_download() as taken:
            page.get_by_role("link", name="QR code as PNG").click()
        assert taken.value.suggested_filename == "gift-quiz.png"
        assert read(taken.value.path().read_bytes()) == [f"{house.base_url}/f/gift-quiz"]


def test_it_is_taken_along_in_any_size(client, home, shop):
    answer = client.get(f"{home}/forms/gift-quiz/qr.svg")
    assert answer.headers["content-disposition"] == 'attachment; filename="gift-quiz.svg"'
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "viewBox" in answer.text
    assert client.get(f"{home}/forms/none/qr.svg").status_code == 404


def test_a_closed_form_shows_none(client, home, shop):
    page = client.get(f"{home}/forms/gift-quiz").text
    assert "qr.svg" in page
    client.post(f"{home}/forms/gift-quiz/close", data={"csrf": csrf(page)})
    assert "qr.svg" not in client.get(f"{home}/forms/gift-quiz").text


def test_programs_draw_it_too(stranger, house, workspace, shop):
    key = keys.create_key(house.database, workspace, "admin", "admin")
    answer = stranger.get("/api/forms/gift-quiz/qr.png", headers={"authorization": f"Bearer {key}"})
    assert answer.headers["content-type"] == "image/png"
    assert read(answer.content) == [f"{house.base_url}/f/gift-quiz"]
