"""chDB, ClickHouse in the process: MergeTree, columns of few values as enums, one merged part."""

import json
from typing import Any

import chdb

from weir_bench.data import CODED
from weir_bench.peers.base import Rows, SqlPeer
from weir_bench.queries import Params


class ChDb(SqlPeer):
    name = "chdb"

    def open(self, threads: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.db = chdb.connect(str(self.folder))
        self.execute(f"SET max_threads = {threads}")
        self.execute("CREATE DATABASE IF NOT EXISTS bench ENGINE = Atomic")
        self.execute("USE bench")

    def execute(self, sql: str) -> None:
        self.db.query(sql, "Null")

    def run(self, sql: str) -> Any:
        return self.db.query(sql, "JSONCompact")

    def rows(self, result: Any) -> Rows:
        return json.loads(result.bytes())["data"]

    def load(self) -> int:
        coded = ", ".join(f"{name} {self.enum(name)}" for name in CODED)
        self.execute(f"""
            CREATE TABLE events (consumer UInt32, time Int64, day Date, {coded}, order_id String,
                                 amount Decimal64(4), quantity Decimal64(4))
            ENGINE = MergeTree ORDER BY ({self.order})""")
        texts = ", ".join(f"ifNull({name}, '')" for name in CODED)
        self.execute(f"""
            INSERT INTO events
            SELECT consumer, toUnixTimestamp64Micro(time), day, {texts}, ifNull(order_id, ''), ifNull(amount, 0),
                   ifNull(quantity, 0)
            FROM file('{self.parquet}/events-*.parquet', Parquet)""")
        self.execute("OPTIMIZE TABLE events FINAL")
        self.load_consumers()
        return int(self.rows(self.run("SELECT count() FROM events"))[0][0])

    def enum(self, name: str) -> str:
        """The absent value is 0: a nullable column costs a second one."""
        words = ["", *self.codes[name]]
        bits = 8 if len(words) <= 128 else 16
        numbered = ", ".join(f"'{word}' = {i}" for i, word in enumerate(words))
        return f"Enum{bits}({numbered})"

    def load_consumers(self) -> None:
        bits = " + ".join(f"has(multi, '{name}') * {1 << i}" for i, name in enumerate(self.interests))
        tags = f"file('{self.parquet}/tags.parquet', Parquet)"
        self.execute(f"""
            CREATE TABLE consumers ENGINE = MergeTree ORDER BY consumer AS
            SELECT assumeNotNull(c.consumer) AS consumer, assumeNotNull(c.known_since) AS known_since,
                   toLowCardinality(ifNull(tier.text, '')) AS city_tier, assumeNotNull(tier.day) AS tier_since,
                   toUInt16(liked.bits) AS interests, assumeNotNull(liked.day) AS interests_since
            FROM file('{self.parquet}/consumers.parquet', Parquet) c
            LEFT JOIN (SELECT consumer, text, day FROM {tags} WHERE key = 'city_tier') tier
                   ON c.consumer = tier.consumer
            LEFT JOIN (SELECT consumer, {bits} AS bits, day FROM {tags} WHERE key = 'interests') liked
                   ON c.consumer = liked.consumer""")

    def lock(self, params: Params) -> None:
        self.execute("DROP TABLE IF EXISTS locked")
        self.execute(self.render(self.statement("locked"), params))

    def disk(self) -> int:
        """Of parts in use: those that were merged stay in the folder for some minutes."""
        return int(self.rows(self.run("SELECT sum(bytes_on_disk) FROM system.parts WHERE active"))[0][0])
