"""Reads the same file whole, told by hand how it is written, and prints what it holds: peer.py duckdb|pandas plain|german FILE."""

import json
import sys

way, written, path = sys.argv[1:]
german = written == "german"

if way == "pandas":
    import pandas as pd

    table = pd.read_csv(path, sep=";" if german else ",", decimal="," if german else ".", thousands="." if german else None, encoding="cp1252" if german else "utf-8", dtype={"Tag": str})
    if german:
        table["Tag"] = pd.to_datetime(table["Tag"], format="%d.%m.%Y")
    print(json.dumps({"rows": len(table), "sum": float(table.iloc[:, 1].sum())}))
else:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    if german:
        reader = f"read_csv('{path}', delim = ';', decimal_separator = ',', thousands = '.', dateformat = '%d.%m.%Y', encoding = 'CP1252')"
    else:
        reader = f"read_csv('{path}')"
    connection.execute(f"CREATE TABLE t AS SELECT * FROM {reader}")
    rows, total = connection.execute("SELECT count(*), sum(COLUMNS(c -> c IN ('amount', 'Betrag'))) FROM t").fetchone()
    print(json.dumps({"rows": rows, "sum": float(total)}))
