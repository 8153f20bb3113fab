"""The hours that laws set for advertising by call and text, where we know of some.

They are for what rings. Mail is bound by none of them; a workspace may keep to them there, too. A person's own express
consent to other hours is not known here, nor are public holidays, so who has to keep those does it by stopping.

- US: 47 CFR 64.1200(c)(1), not before 8 a.m. or after 9 p.m. by the clock of whoever is called.
- CA: CRTC Unsolicited Telecommunications Rules, Part III: 9:00 to 21:30 on weekdays, 10:00 to 18:00 at weekends.
- FR: Code de la consommation, article D223-9: Monday to Friday, 10:00 to 13:00 and 14:00 to 20:00.
- ES: Real Decreto Legislativo 1/2007, article 96.2: not before 9:00 or after 21:00, and not at weekends.
- IT: the code of conduct for telemarketing approved by the Garante on 9 March 2023: Monday to Friday 9:00 to 20:00,
  Saturday 10:00 to 19:00.
- AU: Telecommunications (Telemarketing and Research Calls) Industry Standard 2017: 9:00 to 20:00 on weekdays, 9:00 to
  17:00 on Saturdays.
- IN: TRAI, Telecom Commercial Communications Customer Preference Regulations 2018: 10:00 to 21:00.
"""

from regulars.decide.hours import Week, Windows

RINGING = frozenset({"sms", "calls"})
"""The channels that these laws are for."""


def _week(weekday: Windows, saturday: Windows = (), sunday: Windows = ()) -> Week:
    return (*(weekday,) * 5, saturday, sunday)


def _part(start: float, end: float) -> tuple[int, int]:
    return round(start * 60), round(end * 60)


HOURS: dict[str, Week] = {
    "US": _week(*((_part(8, 21),),) * 3),
    "CA": _week((_part(9, 21.5),), *((_part(10, 18),),) * 2),
    "FR": _week((_part(10, 13), _part(14, 20))),
    "ES": _week((_part(9, 21),)),
    "IT": _week((_part(9, 20),), (_part(10, 19),)),
    "AU": _week((_part(9, 20),), (_part(9, 17),)),
    "IN": _week(*((_part(10, 21),),) * 3),
}
"""By country (ISO 3166-1), when it may ring."""
