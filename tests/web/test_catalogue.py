from regulars.web.catalogue import extract, stored


def test_the_catalogue_has_every_text_of_the_sources_and_no_other():
    found = {(one.id, one.context) for one in extract() if one.id}
    kept = {(one.id, one.context) for one in stored() if one.id}
    assert not found - kept, "missing: run 'python -m regulars.web.catalogue'"
    assert not kept - found, "unused: run 'python -m regulars.web.catalogue'"


def test_texts_are_whole_sentences_of_the_reader_and_not_of_the_machine():
    for one in extract():
        text = one.id if isinstance(one.id, str) else " ".join(one.id)
        assert "  " not in text.strip(), text
        assert "\n" not in text, text
