"""Mails that come back, as mail servers of several makes write them. `{mark}` is the mark of a message of ours."""


def report(status, diagnostic, action="failed", head="X-Regulars-Message: {mark}", to="hello@gifts.example"):
    """A delivery status as RFC 3464 has it, with the head of the mail that is returned."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.test (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.test.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test
Arrival-Date: Thu, 1 May 2026 12:00:00 +0000 (UTC)

Final-Recipient: rfc822; ann@x.example
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b
Content-Type: text/rfc822-headers

From: The Gift House <hello@gifts.example>
{head}
Subject: For My mother

--b--
"""


ARF = """From: <abusedesk@provider.example>
To: hello@gifts.example
Subject: FW: For My mother
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for a message received from IP 192.0.2.1.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1

--b
Content-Type: message/rfc822

From: The Gift House <hello@gifts.example>
X-Regulars-Message: {mark}
Subject: For My mother

Hello
--b--
"""

QMAIL = """Return-Path: <>
From: MAILER-DAEMON@mx.test
To: box+r-{mark}@gifts.example
Subject: failure notice

Hi. This is the qmail-send program at mx.test.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@x.example>:
Sorry, no mailbox here by that name. (#5.1.1)
"""

EXIM = """Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mx.test>
To: box+r-{mark}@gifts.example
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: ann@x.example

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@x.example
    host mx.x.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<ann@x.example>:
    550 5.1.1 user unknown
"""

AWAY = """Return-Path: <ann@x.example>
From: Ann <ann@x.example>
To: box+r-{mark}@gifts.example
Subject: Out of office
Auto-Submitted: auto-replied

I am away until 5.1.2027. Call 550 12 34.
"""

LEAVE = """Return-Path: <ann@x.example>
From: Ann <ann@x.example>
To: BOX+U-{upper}@GIFTS.EXAMPLE
Subject: unsubscribe

"""
