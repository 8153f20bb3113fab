"""What a column may be: targets by kind of file, and the names that shops and programs in many languages give them."""

import re
from collections.abc import Mapping

from regulars.hear.imports.plan import SKIP, What
from regulars.words.errors import Invalid

IDENTIFIERS = ("user", "customer", "email", "phone", "anonymous")
"""Kinds of identifier, the one that says most first: an event belongs to the first that a row has."""
FACT, PROP, CONSENT = "fact", "prop", "consent"
TYPES = ("text", "number", "date", "boolean", "list")

TARGETS: Mapping[What, tuple[str, ...]] = {
    "orders": (
        *IDENTIFIERS, "order", "at", "sku", "name", "category", "quantity", "price", "total", "currency", "country",
    ),
    "events": (*IDENTIFIERS, "event", "at", "message", "props"),
    "customers": (*IDENTIFIERS, "at", "facts", "consent", "refused", "granted_at", "withdrawn_at", "consent_source"),
}  # fmt: skip
"""The plain targets. Besides, a column of customers may be `fact:NAME:TYPE` or `consent:PURPOSE/CHANNEL`, one of
events `prop:NAME:TYPE`; without TYPE it is text."""

_CUSTOMERS: Mapping[str, str] = {
    "email": "email emailaddress mail epost epasts correo correoelectronico courriel adresseemail emailadresse"
    " indirizzoemail adresemail электроннаяпочта почта ईमेल 電子郵件 电子邮件 邮箱 電郵 useremail contactemail",
    "phone": "phone phonenumber mobile mobilephone telephone tel telefon telefonnummer handy talrunis telefons"
    " telefono teléfono téléphone portable telefone telefonszám телефон फोन मोबाइल 電話 电话 手機 手机 smsphonenumber",
    "user": "userid uid externalid externaluserid benutzerid идентификатор 用戶編號 用户编号 leid",
    "customer": "customerid customernumber customerno customer clientid kundennummer kundennr kundenid klientanumurs"
    " klientaid numeroclient idclient idcliente numerocliente codicecliente nrklienta номерклиента ग्राहकसंख्या"
    " 客戶編號 客户编号 会员编号 會員編號 cardnumber kartennummer",
    "anonymous": "anonymousid visitorid cookieid",
    "fact:first_name": "firstname fname givenname first vorname prenom prénom nombre vards vārds nome imie imię имя"
    " पहलानाम 名字 名",
    "fact:last_name": "lastname lname surname familyname last nachname familienname nom apellido apellidos uzvards"
    " uzvārds cognome sobrenome nazwisko фамилия उपनाम 姓 姓氏",
    "fact:name": "name fullname displayname kunde nomcomplet nombrecompleto vardsuzvards नाम 姓名",
    "fact:city": "city town ort stadt ville ciudad pilseta pilsēta citta città cidade miasto город शहर 城市",
    "fact:country": "country countrycode land pays pais país valsts paese kraj страна देश 國家 国家 cc",
    "fact:language": "language locale preferredlocale sprache langue idioma valoda lingua język язык भाषा 語言 语言",
    "fact:birthday:date": "birthday birthdate dateofbirth dob geburtstag geburtsdatum datedenaissance"
    " fechadenacimiento dzimsanasdatums dzimšanasdatums datadinascita датарождения जन्मतिथि 生日 出生日期",
    "consent": "consent optin optedin subscribed newsletter emailmarketingconsent emailconsent marketingconsent"
    " acceptsmarketing einwilligung piekrisana piekrišana consentement consentimiento согласие सहमति 同意",
    "granted_at": "optintime confirmtime consentdate consenttimestamp emailmarketingconsenttimestamp subscribedat"
    " optindate consentedat consentedon angemeldetam einwilligungam"
    " datumdereinwilligung dateconsentement fechaconsentimiento 同意日期",
    "withdrawn_at": "unsubtime unsubscribedat unsubscribedate optouttime optoutdate abgemeldetam",
    "refused": "unsubscribed donotemail donotcontact emailblacklisted optout optedout blacklisted",
    "consent_source": "consentsource optinsource consentform quelle source consentmethod",
    "at": "updatedat lastchanged lastmodified modified profileupdatedon",
}
_ORDERS: Mapping[str, str] = {
    "order": "invoiceno invoice invoicenumber orderid ordernumber orderno order bestellnummer rechnungsnummer auftrag"
    " numerodecommande commande numerodepedido pedido pasutijums pasūtījums numeroordine nrzamowienia номерзаказа"
    " ऑर्डरसंख्या 訂單編號 订单编号 訂單號 订单号",
    "sku": "stockcode sku productid productcode itemid article artikelnummer artikel referencia reference produktakods"
    " codice артикул 商品編號 商品编号 货号",
    "name": "description product productname item title itemname bezeichnung produkt produktname produit designation"
    " descripcion producto nosaukums prece descrizione opis название उत्पाद 商品名稱 商品名称 品名",
    "category": "category productcategory warengruppe kategorie categorie catégorie categoria categoría kategorija"
    " kategoria категория श्रेणी 類別 类别 分類 分类",
    "quantity": "quantity qty menge anzahl quantite quantité cantidad daudzums skaits quantita ilosc ilość"
    " количество मात्रा 數量 数量",
    "price": "unitprice price itemprice einzelpreis preis prix prixunitaire precio preciounitario cena prezzo"
    " цена मूल्य 單價 单价 價格 价格",
    "total": "total amount ordertotal grandtotal summe gesamt gesamtsumme montant totale importe kopā"
    " suma сумма कुल 總額 总额",
    "at": "invoicedate orderdate date datetime createdat created timestamp datum bestelldatum rechnungsdatum"
    " datedecommande fecha fechapedido datums pasutijumadatums data dataordine"
    " дата दिनांक 日期 訂單日期 订单日期 下单时间",
    "currency": "currency currencycode waehrung währung devise moneda valuta valūta валюта 幣別 货币",
    "country": "country countrycode land pays pais país valsts paese страна देश 國家 国家",
}
_EVENTS: Mapping[str, str] = {
    "event": "event eventname name action ereignis evenement événement evento notikums событие 事件",
    "at": "at timestamp time datetime date createdat occurredat eventtime originaltimestamp zeit datum fecha datums"
    " время 時間 时间",
    "message": "messageid eventid id",
    "props": "properties props",
}
_OF_WHOM = ("user", "customer", "email", "phone", "anonymous")
_LETTERS = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """Return a column's name without what is written one way here and another there."""
    return _LETTERS.sub("", name.casefold())


def _turned(names: Mapping[str, str]) -> dict[str, str]:
    return {plain(one): target for target, words in names.items() for one in words.split()}


_WHO = {name: target for name, target in _turned(_CUSTOMERS).items() if target in _OF_WHOM}
KNOWN: Mapping[What, Mapping[str, str]] = {
    "orders": _WHO | _turned(_ORDERS),
    "events": _WHO | _turned(_EVENTS),
    "customers": _turned(_CUSTOMERS),
}


def fact_name(column: str) -> str:
    """Return what a fact is called that a column of another name says: `Shoe size` is `shoe_size`."""
    return _LETTERS.sub("_", column.lower()).strip("_") or "fact"


def check_target(what: What, target: str) -> None:
    """Raise Invalid where a column cannot be this in a file of this kind."""
    if target == SKIP or target in TARGETS[what]:
        return
    head, _, rest = target.partition(":")
    name, _, kind = rest.rpartition(":") if rest.rpartition(":")[2] in TYPES else (rest, "", "")
    if name.strip() and len(name) <= 200 and (what, head) in {("customers", FACT), ("events", PROP)}:  # noqa: PLR2004
        return
    if what == "customers" and head == CONSENT and all(rest.partition("/")[::2]) and not kind:
        return
    raise Invalid(
        "A column of {what} cannot be '{target}'. It can be: {targets}.",
        what=what,
        target=target[:60],
        targets=", ".join((*TARGETS[what], *_free(what), SKIP)),
    )


def _free(what: What) -> tuple[str, ...]:
    return {"customers": ("fact:NAME:TYPE", "consent:PURPOSE/CHANNEL"), "events": ("prop:NAME:TYPE",)}.get(what, ())


def named_and_typed(target: str) -> tuple[str, str]:
    """Return the name and the type of `fact:NAME:TYPE`."""
    rest = target.partition(":")[2]
    name, _, kind = rest.rpartition(":")
    return (name, kind) if name and kind in TYPES else (rest, "text")
