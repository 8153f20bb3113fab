"""The catalogues: every text of the sources and no other, translated whole and with the same places and tags."""

import re
from collections import Counter
from functools import cache
from gettext import c2py

import pytest

from regulars.web.catalogue import missing, stored, texts, translated

SAME = {"HTML", "JSON", "Regulars", "webhook", "the webhook", "{place}, visibleIf: {problem}"}
"""Texts that are the same in every language: names, and what SurveyJS calls its own."""

PLACES = re.compile(r"%\(\w+\)s|%%|%|\{\{|\}\}|\{\w+\}|</?[a-z][^>]*>")
LANGUAGES = pytest.mark.parametrize("name", translated())


kept = cache(stored)


@cache
def said():
    """Every text of the sources, with its context."""
    return [(text, context) for _, text, context in texts()]


def ids(catalogue):
    return {(one.id, one.context) for one in catalogue if one.id}


def places(text):
    return Counter(PLACES.findall(text))


def translations(name):
    """Each translated text with the sources it may follow: several where 'one' and 'many' read differently."""
    catalogue = kept(name)
    for one in catalogue:
        if not one.id:
            continue
        if not one.pluralizable:
            yield one.string, [one.id]
            continue
        form = c2py(catalogue.plural_expr)
        only_one = form(1) not in {form(n) for n in (0, *range(2, 200))}
        for index, string in enumerate(one.string):
            yield string, list(one.id) if only_one and index == form(1) else [one.id[1]]


def test_the_catalogue_has_every_text_of_the_sources_and_no_other():
    found, written = set(said()), ids(kept())
    assert not found - written, "missing: run 'python -m regulars.web.catalogue'"
    assert not written - found, "unused: run 'python -m regulars.web.catalogue'"


def test_no_text_is_said_both_alone_and_as_the_one_of_many():
    """A language with one form for all numbers would say the many where nobody counts."""
    alone = {(text, context) for text, context in said() if isinstance(text, str)}
    counted = {(text[0], context) for text, context in said() if not isinstance(text, str)}
    assert not alone & counted


def test_texts_are_whole_sentences_of_the_reader_and_not_of_the_machine():
    for found, _ in said():
        text = found if isinstance(found, str) else " ".join(found)
        assert "  " not in text.strip(), text
        assert "\n" not in text, text


def test_a_plural_form_is_found_by_its_number():
    latvian, hindi = c2py(kept("lv.po").plural_expr), c2py(kept("hi.po").plural_expr)
    assert [latvian(n) for n in (1, 21, 2, 11, 0)] == [0, 0, 1, 1, 2]
    assert [hindi(n) for n in (1, 2)] == [0, 1]
    assert kept("zh_Hant.po").num_plurals == 1


@LANGUAGES
def test_a_language_has_the_texts_of_the_sources_and_no_other(name):
    assert ids(kept(name)) == ids(kept()), "run 'python -m regulars.web.catalogue'"


@LANGUAGES
def test_every_text_is_translated_in_every_plural_form(name):
    lacking = [one.id for one in missing(kept(name))]
    assert not lacking, "fill what 'python -m regulars.web.catalogue' names"
    assert not [one.id for one in kept(name) if one.fuzzy]


@LANGUAGES
def test_a_translation_has_the_places_and_tags_of_its_source(name):
    wrong = [
        (string, sources)
        for string, sources in translations(name)
        if string and not any(places(string) == places(source) for source in sources)
    ]
    assert not wrong


@LANGUAGES
def test_a_translation_begins_and_ends_as_its_source_and_has_no_line_of_its_own(name):
    for string, sources in translations(name):
        spaces = [(source[:1] == " ", source[-1:] == " ") for source in sources]
        assert not string or (string[:1] == " ", string[-1:] == " ") in spaces or name == "zh_Hant.po", string
        assert "\n" not in string, string


@LANGUAGES
def test_no_text_is_left_in_english(name):
    left = [
        string
        for string, sources in translations(name)
        if string in sources and string not in SAME and re.search(r"[A-Za-z]", PLACES.sub("", string))
    ]
    assert not left
