"""DataFusion: sorted Parquet, filters pushed into the scan. No table format of its own, so the files are the table."""

from pathlib import Path
from typing import Any

from datafusion import SessionConfig, SessionContext

from weir_bench.peers.base import Rows, SqlPeer
from weir_bench.queries import Params, sweep
from weir_bench.shell import size_of

SETTINGS = {
    "datafusion.execution.parquet.pushdown_filters": "true",
    "datafusion.execution.parquet.reorder_filters": "true",
    "datafusion.execution.collect_statistics": "true",
}


class DataFusion(SqlPeer):
    name = "datafusion"

    def open(self, threads: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        config = SessionConfig(SETTINGS).with_target_partitions(threads)
        self.context = SessionContext(config)
        if self.file("consumers").exists():
            self.register()

    def register(self) -> None:
        for table in ("events", "consumers"):
            self.context.register_parquet(table, str(self.file(table)))

    def file(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"

    def run(self, sql: str) -> Any:
        return self.context.sql(sql).collect()

    def rows(self, result: Any) -> Rows:
        return [tuple(row.values()) for batch in result for row in batch.to_pylist()]

    def ask(self, query: str, params: Params) -> Any:
        """Q7 is Q6 on each date: no single statement was found that is quicker."""
        if query != "q07":
            return super().ask(query, params)
        batches = []
        for date in sweep(params):
            sql = self.counting("q06", params | {"as_of": date})
            batches += self.run(sql.replace("SELECT count", f"SELECT '{date}' AS date, count", 1))
        return batches

    def load(self) -> int:
        self.context.sql(f"CREATE EXTERNAL TABLE raw STORED AS PARQUET LOCATION '{self.events_folder()}'")
        self.context.sql(f"""COPY (SELECT * FROM raw ORDER BY {self.order})
            TO '{self.file("events")}' STORED AS PARQUET OPTIONS (compression 'zstd(3)')""").collect()
        self.load_consumers()
        self.register()
        return self.rows(self.run("SELECT count(*) FROM events"))[0][0]

    def events_folder(self) -> str:
        """A listing takes a folder or one file; links to the event files make one."""
        folder = self.folder / "source"
        folder.mkdir(exist_ok=True)
        for file in self.parquet.glob("events-*.parquet"):
            (folder / file.name).symlink_to(file)
        return f"{folder}/"

    def load_consumers(self) -> None:
        self.context.register_parquet("people", f"{self.parquet}/consumers.parquet")
        self.context.register_parquet("tags", f"{self.parquet}/tags.parquet")
        has = [
            f"CASE WHEN array_has(l.multi, '{name}') THEN {1 << i} ELSE 0 END" for i, name in enumerate(self.interests)
        ]
        self.context.sql(f"""
            COPY (SELECT p.consumer, p.known_since, t.text AS city_tier, t.day AS tier_since,
                         {" + ".join(has)} AS interests, l.day AS interests_since
                  FROM people p
                  LEFT JOIN (SELECT * FROM tags WHERE key = 'city_tier') t ON p.consumer = t.consumer
                  LEFT JOIN (SELECT * FROM tags WHERE key = 'interests') l ON p.consumer = l.consumer
                  ORDER BY p.consumer)
            TO '{self.file("consumers")}' STORED AS PARQUET""").collect()

    def lock(self, params: Params) -> None:
        batches = self.run(self.render(self.statement("locked"), params))
        self.context.register_record_batches("locked", [batches])

    def disk(self) -> int:
        return size_of([self.file("events"), self.file("consumers")])
