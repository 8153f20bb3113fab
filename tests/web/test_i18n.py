from datetime import UTC, datetime, timedelta

import pytest
from jinja2 import Environment

from regulars.web.i18n import MIRRORED, PSEUDO, environment, negotiate, say, translator
from regulars.words.errors import Unknown

AT = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)


def write(text, locale, **values):
    return environment("regulars.web.console", locale).from_string(text).render(**values)


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("en-GB,en;q=0.5", "en-GB"),
        ("xx, en-GB;q=0.8", "en-GB"),
        ("en;q=0.1, en-US;q=0.9", "en-US"),
        ("*", "en"),
        ("en-XA", PSEUDO),
        ("en;q=many", "en"),
        ("../../etc", "en"),
        ("de-DE, lv;q=0.8, en;q=0.5", "lv"),
        ("lv-LV", "lv-LV"),
        ("lv;q=0, en-GB;q=0.1", "en-GB"),
        ("hi-IN,hi;q=0.9,en;q=0.8", "hi-IN"),
        ("zh-TW,zh;q=0.9", "zh-Hant-TW"),
        ("zh-HK", "zh-Hant-HK"),
        ("zh-Hant", "zh-Hant"),
        ("zh", "zh-Hant"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-Hans-SG", "zh-Hant"),
        ("ar-XB", MIRRORED),
        ("ar", "en"),
    ],
)
def test_the_reader_gets_the_best_language_there_is(header, locale):
    assert negotiate(header) == locale


def test_times_are_written_as_the_reader_does_and_name_their_zone():
    assert write("{{ at|when }}", "en-GB", at=AT) == "3 May 2026, 14:05 UTC"
    assert "UTC" in write("{{ at|when }}", "en-US", at=AT)


def test_numbers_money_and_spans_are_the_readers():
    assert write("{{ n|number }}", "en-GB", n=12345) == "12,345"
    assert write("{{ n|percent }}", "en-GB", n=0.534) == "53%"
    assert write("{{ n|money('GBP') }}", "en-GB", n=23.4) == "£23.40"
    assert write("{{ n|money('points') }}", "en-GB", n=23.4) == "23.4"
    assert write("{{ n|span }}", "en-GB", n=timedelta(minutes=9)) == "9 minutes"


def test_an_error_is_said_in_the_readers_language_with_its_places_filled():
    error = Unknown("There is no customer {id}.", id=7)
    assert say(error, "en") == "There is no customer 7."
    assert say(error, PSEUDO) == "⟦There is no customer 7.⟧"


def test_values_are_escaped_in_texts():
    assert write('{{ _("Hello %(name)s", name=name) }}', "en", name="<b>") == "Hello &lt;b&gt;"


def test_the_pseudo_locale_brackets_texts_and_values():
    assert write('{{ _("Hello") }} {{ value }}', PSEUDO, value="x") == "⟦Hello⟧ ⁅x⁆"
    assert write('{{ ngettext("%(num)s mail", "%(num)s mails", n) }}', PSEUDO, n=2) == "⟦2 mails⟧"


def test_a_template_is_compiled_once_for_all_regions_and_still_formats_as_each_does(monkeypatch):
    environment("regulars.web.pages", "en").get_template("question.html")
    monkeypatch.setattr(Environment, "compile", lambda *_, **__: pytest.fail("compiled again"))
    environment.cache_clear()
    assert environment("regulars.web.pages", "en-NZ").get_template("question.html")


def test_a_language_without_a_catalogue_reads_english():
    assert translator("de").gettext("Home") == "Home"


def test_every_region_of_a_language_reads_its_catalogue():
    assert translator("lv-LV") is translator("lv")
    assert translator("zh-Hant-TW") is translator("zh-Hant")
    assert translator("lv") is not translator("en")


def test_dates_numbers_and_the_direction_are_the_readers():
    assert write("{{ at|when }}", "lv-LV", at=AT) == "2026. gada 3. maijs 14:05 UTC"
    assert write("{{ n|number }}", "lv", n=12345.5) == "12\N{NO-BREAK SPACE}345,5"
    assert write("{{ n|money('INR') }}", "hi-IN", n=1234567) == "₹12,34,567.00"
    assert write("{{ at|day }}", "zh-Hant-TW", at=AT) == "2026年5月3日"
    assert write("{{ words|plainly }}", "lv", words="23.40 GBP") == "23,40\N{NO-BREAK SPACE}£"
    assert write("{{ words|plainly }}", "zh-Hant-TW", words="2026-05-03") == "2026年5月3日"
    assert write("{{ words|plainly }}", "en", words="39 or 40") == "39 or 40"
    assert write("{{ lang }} {{ dir }}", "zh-Hant-TW") == "zh-Hant-TW ltr"


def test_the_mirrored_locale_runs_from_right_to_left():
    assert write("{{ lang }} {{ dir }}", MIRRORED) == "ar-XB rtl"
    assert write('{{ _("Hello") }}', MIRRORED) == "\N{RIGHT-TO-LEFT OVERRIDE}Hello\N{POP DIRECTIONAL FORMATTING}"
