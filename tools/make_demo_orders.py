"""Make the compact copy of UCI Online Retail that the example shop carries.

    python tools/make_demo_orders.py online_retail.csv.gz src/regulars/testing/shop/orders.csv.gz

The original is 541,909 lines (https://archive.ics.uci.edu/dataset/352/online+retail, CC BY 4.0, Daqing Chen). The
copy holds whole customers, so that every order history is complete: customers in the order of the hash of their
number, until there are enough lines. Lines without a customer stay out, cancellations stay in. Every run chooses
the same lines.
"""

import csv
import gzip
import io
import sys
from collections import Counter
from hashlib import blake2b
from pathlib import Path

LINES = 115_000
CUSTOMER = 6


def main(source: Path, target: Path) -> None:
    """Write the copy and say what is in it."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    chosen = choose(Counter(line[CUSTOMER] for line in lines if line[CUSTOMER]))
    kept = [[cell.strip() for cell in line] for line in lines if line[CUSTOMER] in chosen]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(kept)
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.getvalue().encode())
    invoices = len({line[0] for line in kept})
    print(f"{len(kept)} lines, {invoices} invoices, {len(chosen)} customers, {target.stat().st_size} bytes")  # noqa: T201


def choose(lines_of: Counter[str]) -> set[str]:
    """Take customers in the order of their number's hash until they have enough lines."""
    chosen: set[str] = set()
    lines = 0
    for customer in sorted(lines_of, key=lambda number: blake2b(number.encode(), digest_size=8).digest()):
        if lines >= LINES:
            break
        chosen.add(customer)
        lines += lines_of[customer]
    return chosen


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
