"""The sales of Online Retail as pandas reads them, and as orders put straight into the tables."""

from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import pandas as pd
from tests.understand.market import RETAIL

LONDON = ZoneInfo("Europe/London")


def sales():
    """Every line that was sold to somebody known, for money: what is usually counted of Online Retail."""
    lines = pd.read_csv(
        RETAIL, dtype={"InvoiceNo": str, "StockCode": str, "UnitPrice": str}, parse_dates=["InvoiceDate"]
    )
    lines = lines[lines.CustomerID.notna() & (lines.Quantity > 0)]
    lines["Price"] = lines.UnitPrice.map(Decimal)
    lines = lines[lines.Price > 0]
    lines["CustomerID"] = lines.CustomerID.astype(int)
    lines["InvoiceDate"] = lines.InvoiceDate.dt.tz_localize(LONDON)
    lines["Money"] = lines.Price * lines.Quantity
    return lines


def orders_of(lines):
    """The orders, with what each comes to in pence."""
    orders = lines.groupby("InvoiceNo").agg(
        customer=("CustomerID", "first"), at=("InvoiceDate", "max"), money=("Money", "sum")
    )
    orders["pence"] = orders.money.map(lambda money: int((money * 100).quantize(Decimal(1), ROUND_HALF_UP)))
    return orders


def ring_up(tx, lines, orders):
    """Put orders and whose they are into the tables."""
    copy = tx.connection.cursor().copy
    customers = sorted(set(orders.customer))
    first = orders["at"].min()
    with copy("copy remember_identity (identity_id, customer_id, seq, met_at) from stdin") as rows:
        for one in customers:
            rows.write_row((int(one), int(one), 0, first))
    with copy("copy remember_customer (id, name, created_at) from stdin") as rows:
        for one in customers:
            rows.write_row((int(one), f"Customer {one}", first))
    with copy(
        """copy remember_order (id, identity_id, seq, placed_at, changed_at, state, currency, total, refunded, net)
        from stdin"""
    ) as rows:
        for n, one in enumerate(orders.itertuples(), 1):
            pence = int(one.pence)
            rows.write_row((one.Index, int(one.customer), n, one.at, one.at, "placed", "GBP", pence, 0, pence))
    with copy(
        "copy remember_order_line (order_id, n, product, name, category, price, quantity, refunded) from stdin"
    ) as rows:
        for n, (order, product, quantity) in enumerate(
            zip(lines.InvoiceNo, lines.StockCode, lines.Quantity, strict=True)
        ):
            rows.write_row((order, n, product, "", "", None, int(quantity), 0))
