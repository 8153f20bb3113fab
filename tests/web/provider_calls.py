"""Calls of providers, signed as each signs."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hmac import digest

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

KEYS = {
    "mailgun": "key-of-mailgun",
    "postmark": "made up and long",
    "resend": "whsec_" + b64encode(b"secret of resend").decode(),
    "ses": "arn:aws:sns:eu-west-1:123456789012:returned",
}
_EC = ec.generate_private_key(ec.SECP256R1())
KEYS["sendgrid"] = b64encode(_EC.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
_RSA = rsa.generate_private_key(65537, 2048)
CERTIFICATE_AT = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"


def certificate(days=1):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(_RSA.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=9)).not_valid_after(now + timedelta(days=days))
    return made.sign(_RSA, SHA256()).public_bytes(Encoding.PEM)


def seconds(at):
    return str(int(at.timestamp()))


def sendgrid(at, told, key=_EC):
    body = json.dumps(told).encode()
    signature = b64encode(key.sign(seconds(at).encode() + body, ec.ECDSA(SHA256()))).decode()
    names = ("X-Twilio-Email-Event-Webhook-Signature", "X-Twilio-Email-Event-Webhook-Timestamp")
    return dict(zip(names, (signature, seconds(at)), strict=True)), body


def postmark(at, told, key=KEYS["postmark"]):
    return {"Authorization": "Basic " + b64encode(f"regulars:{key}".encode()).decode()}, json.dumps(told).encode()


def mailgun(at, told, key=KEYS["mailgun"], token="a" * 50):
    signed = digest(key.encode(), f"{seconds(at)}{token}".encode(), "sha256").hex()
    signature = {"timestamp": seconds(at), "token": token, "signature": signed}
    return {}, json.dumps({"signature": signature, "event-data": told}).encode()


def resend(at, told, key=b"secret of resend", number="msg_1"):
    body = json.dumps(told).encode()
    signed = b64encode(digest(key, f"{number}.{seconds(at)}.".encode() + body, "sha256")).decode()
    return {"svix-id": number, "svix-timestamp": seconds(at), "svix-signature": f"v1a,x v1,{signed}"}, body


def ses(at, told, topic=KEYS["ses"], key=_RSA, version="2", **more):
    said = {"Type": "Notification", "MessageId": "m-1", "TopicArn": topic, "Message": json.dumps(told),
            "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), **more}  # fmt: skip
    names = sorted(
        set(said) & {"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}
    )
    lines = "".join(f"{name}\n{said[name]}\n" for name in names).encode()
    signature = b64encode(key.sign(lines, padding.PKCS1v15(), SHA256() if version == "2" else SHA1())).decode()  # noqa: S303
    sent = {"Signature": signature, "SignatureVersion": version, "SigningCertURL": CERTIFICATE_AT} | said
    sent |= {name: value for name, value in more.items() if name.startswith("Sign")}
    return {"x-amz-sns-message-type": said["Type"]}, json.dumps(sent).encode()
