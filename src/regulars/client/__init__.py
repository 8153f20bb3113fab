"""The API of Regulars for Python programs: typed, retried, and read on by itself.

    with Regulars("https://regulars.example.com", key) as regulars:
        for customer in regulars.customers.list(q="kalnina"):
            print(customer.name)

What went wrong is raised as a Problem.
"""

from regulars.client.lists import Listing, Pages
from regulars.client.problems import Conflict, Failed, Invalid, NotAllowed, NotFound, Problem, TooMany, Wrong
from regulars.client.regulars import Regulars

__all__ = [
    "Conflict",
    "Failed",
    "Invalid",
    "Listing",
    "NotAllowed",
    "NotFound",
    "Pages",
    "Problem",
    "Regulars",
    "TooMany",
    "Wrong",
]
