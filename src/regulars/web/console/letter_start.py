"""The letter a new template begins with: it wears the brand, quotes one thing, and asks one if a form is chosen."""

from collections.abc import Mapping
from typing import Final

SUBJECT = "{% if told.gift_for %}You told us about “{{ told.gift_for }}”{% else %}One small question{% endif %}"

HTML = """\
<div style="max-width:560px; margin:0 auto; padding:24px 20px; font:17px/1.6 Helvetica,Arial,sans-serif">
<p style="font:italic 22px Georgia,serif; color:{{ brand.colour }}">{{ brand.title }}</p>

<p>Hello {{ first_name | default("there") }},</p>

{% if told.gift_for %}
<p>you told us for whom you like to give:</p>
<p style="font:italic 21px Georgia,serif">“{{ told.gift_for }}”</p>
{% else %}
<p>we would like to know you better.</p>
{% endif %}

{% if ask %}
<p><strong>{{ ask.title }}</strong></p>
{% for choice in ask.choices %}
<a href="{{ choice.url }}" style="display:block; margin:10px 0; padding:12px; border-radius:10px; text-align:center; \
text-decoration:none; background:{{ brand.colour }}; color:{{ brand.on_colour }}">{{ choice.text }}</a>
{% else %}
<a href="{{ ask.url }}">Tell us</a>
{% endfor %}
{% endif %}

<p>See you soon,<br>{{ brand.title }}</p>

<p style="font-size:14px"><a href="{{ why_url }}">Why we wrote</a> · \
<a href="{{ unsubscribe_url }}">Stop these e-mails</a></p>
</div>
"""

TEXT = """\
Hello {{ first_name | default("there") }},

{% if told.gift_for %}you told us for whom you like to give: “{{ told.gift_for }}”
{% else %}we would like to know you better.
{% endif %}
{% if ask %}{{ ask.title }}
{{ ask.url }}
{% endif %}
See you soon,
{{ brand.title }}

Why we wrote: {{ why_url }}
Stop these e-mails: {{ unsubscribe_url }}
"""

START: Final[Mapping[str, str]] = {"subject": SUBJECT, "html": HTML, "text": TEXT}
