"""DuckDB: a native table, columns of few values as enums, sorted so that zone maps leave most of it out."""

from typing import Any

import duckdb

from weir_bench.data import CODED
from weir_bench.peers.base import Rows, SqlPeer, quoted
from weir_bench.queries import Params


class DuckDb(SqlPeer):
    name = "duckdb"

    def open(self, threads: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / "events.duckdb"
        self.db = duckdb.connect(str(self.file))
        self.db.execute(f"SET threads = {threads}")

    def run(self, sql: str) -> Any:
        return self.db.execute(sql).fetchall()

    def rows(self, result: Any) -> Rows:
        return result

    def load(self) -> int:
        for name in CODED:
            self.db.execute(f"CREATE TYPE {name}_code AS ENUM ({quoted(self.codes[name])})")
        coded = ", ".join(f"{name}::{name}_code AS {name}" for name in CODED)
        self.db.execute(f"""
            CREATE TABLE events AS
            SELECT consumer, epoch_us(time) AS time, day, {coded}, order_id, amount, quantity
            FROM read_parquet('{self.parquet}/events-*.parquet')
            ORDER BY {self.order}""")
        self.load_consumers()
        self.db.execute("CHECKPOINT")
        return self.run("SELECT count(*) FROM events")[0][0]

    def load_consumers(self) -> None:
        """Interests are bits of a number; a tag counts from its day on."""
        has = [f"list_contains(liked.multi, '{name}')::USMALLINT" for name in self.interests]
        bits = " + ".join(f"{liked} * {1 << i}" for i, liked in enumerate(has))
        self.db.execute(f"""
            CREATE TABLE consumers AS
            SELECT c.consumer, c.known_since, tier.text AS city_tier, tier.day AS tier_since,
                   coalesce({bits}, 0)::USMALLINT AS interests, liked.day AS interests_since
            FROM read_parquet('{self.parquet}/consumers.parquet') c
            LEFT JOIN (FROM read_parquet('{self.parquet}/tags.parquet') WHERE key = 'city_tier') tier USING (consumer)
            LEFT JOIN (FROM read_parquet('{self.parquet}/tags.parquet') WHERE key = 'interests') liked USING (consumer)
            ORDER BY consumer""")

    def lock(self, params: Params) -> None:
        self.db.execute(self.render(self.statement("locked"), params))

    def disk(self) -> int:
        return self.file.stat().st_size
