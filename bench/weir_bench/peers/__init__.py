"""The peers. Each is one file with one class; `worker` runs it in a process of its own."""

NAMES = ["duckdb", "chdb", "datafusion", "polars"]
