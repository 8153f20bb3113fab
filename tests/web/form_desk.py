"""Somebody before the form composer without scripts: what its page holds, and its buttons."""

import json
import re
from html import unescape

FIELD = re.compile(r'<input type="(hidden|text|date)"[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"')
AREA = re.compile(r'<textarea[^>]*? name="([^"]+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
SELECT = re.compile(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
CHOSEN = re.compile(r'<option(?: value="([^"]*)")? selected')
FIRST = re.compile(r'<option value="([^"]*)"')
TICKED = re.compile(r'<input type="checkbox" name="([^"]+)" value="1" checked')


class Composer:
    """The page, as a browser without scripts has it."""

    def __init__(self, client, path):
        self.client, self.path = client, path
        self.page = client.get(path)

    @property
    def text(self):
        return unescape(self.page.text)

    @property
    def fields(self):
        form = self.page.text.partition('id="composer"')[2].partition("</form>")[0]
        found = {name: unescape(value) for _, name, value in FIELD.findall(form)}
        found |= {name: unescape(value) for name, value in AREA.findall(form)}
        for name, options in SELECT.findall(form):
            chosen = CHOSEN.search(options) or FIRST.search(options)
            found[name] = unescape(chosen[1] or "") if chosen else ""
        return found | dict.fromkeys(TICKED.findall(form), "1")

    @property
    def survey(self):
        return json.loads(self.fields["survey"])

    def press(self, do, **typed):
        """Press a button, with what was typed (`q_title` for `q.title`) over what the page holds."""
        given = {name.replace("__", "."): value for name, value in typed.items()}
        path = re.search(r'id="composer" method="post" action="([^"]+)"', self.page.text)[1]
        self.page = self.client.post(path, data={**self.fields, **given, "do": do})
        return self.page
