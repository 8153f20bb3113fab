"""Nothing reaches a customer but through the outbox, which asks the gate: who else hands something to a channel?"""

import ast

from tests.house.plan import PACKAGE, python_of_package

OTHERS = {
    "web/console/workspace.py": "a test mail, to whoever of the team presses the button",
    "web/channelling.py": "a test, to the address that an owner types",
    "channels/smtp/telling.py": "mail to the team: log-in links, alerts",
}
"""What hands something to a channel beside the outbox: to nobody who is a customer."""


def where(named):
    """The modules of the package in whose code something is found."""
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in python_of_package()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if named(node)
    }


def delivers(node):
    return isinstance(node, ast.Attribute) and node.attr == "deliver"


def knows_channels(node):
    return isinstance(node, ast.ImportFrom) and node.module == "regulars.speak.channel"


def calls(name):
    return lambda node: isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def test_only_the_outbox_hands_messages_to_a_channel():
    assert where(delivers) == {"speak/delivery.py", *OTHERS}
    assert where(calls("Delivery")) == {"speak/outbox.py"}


def test_only_what_the_gate_let_through_can_be_handed_over():
    assert where(calls("Envelope")) & where(knows_channels) == {"speak/composing.py", *OTHERS}
    assert where(calls("gate")) == {"speak/composing.py", "decide/policy.py"}
