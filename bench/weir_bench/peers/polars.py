"""Polars: a frame in memory, columns of few values as enums, asked by its own expressions."""

import warnings
from datetime import date, timedelta
from typing import Any

import polars as pl

from weir_bench.data import CODED
from weir_bench.peers.base import Peer, Rows, Unsupported
from weir_bench.queries import COHORT_DAYS, FUNNEL_DAYS, STEPS, Params, sweep

ENGAGED = ["favorite", "add_to_cart", "click"]


class Polars(Peer):
    name = "polars"

    def open(self, threads: int) -> None:
        """POLARS_MAX_THREADS says how many threads; the frame is made here, for there is nothing to open."""
        # Rows are sorted right before the join by time; Polars cannot know it for each consumer, and says so each time.
        warnings.filterwarnings("ignore", message="Sortedness of columns cannot be checked")
        if (self.folder / "loaded").exists():
            self.read()

    def load(self) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.read()
        (self.folder / "loaded").touch()
        return self.events.height

    def read(self) -> None:
        coded = [pl.col(name).cast(pl.Enum(self.codes[name])) for name in CODED]
        columns = ["consumer", "time", "day", *CODED, "amount", "quantity"]
        events = pl.scan_parquet(f"{self.parquet}/events-*.parquet").select(columns).with_columns(coded)
        self.events = events.sort(self.order.split(", ")).collect()
        people = pl.read_parquet(f"{self.parquet}/consumers.parquet", columns=["consumer", "known_since"])
        tags = pl.read_parquet(f"{self.parquet}/tags.parquet")
        tier = tags.filter(pl.col("key") == "city_tier").select("consumer", city_tier="text", tier_since="day")
        liked = tags.filter(pl.col("key") == "interests").select("consumer", interests="multi", interests_since="day")
        self.consumers = people.join(tier, on="consumer", how="left").join(liked, on="consumer", how="left")

    def disk(self) -> int:
        return 0

    def lock(self, params: Params) -> None:
        seen = self.did("view").filter(between(params["since"], params["as_of"]))
        self.locked = seen.select("consumer").unique().collect()

    def locked_members(self) -> list[int]:
        return self.locked["consumer"].to_list()

    def ask(self, query: str, params: Params) -> Any:
        if not hasattr(self, query):
            raise Unsupported(f"Polars has no expression for {query}")
        answer = getattr(self, query)(params)
        if isinstance(answer, pl.LazyFrame):
            return [(answer.select(pl.len()).collect().item(),)]
        return answer

    def members(self, query: str, params: Params) -> list[int]:
        return getattr(self, query)(params).collect()["consumer"].to_list()

    def rows(self, result: Any) -> Rows:
        return result

    # Sets of people, as lazy frames with a column `consumer`.

    def did(self, behavior: str | list[str], **more: str | list[str]) -> pl.LazyFrame:
        events = self.events.lazy()
        for name, wanted in {"behavior": behavior, **more}.items():
            listed = isinstance(wanted, list)
            events = events.filter(pl.col(name).is_in(wanted) if listed else pl.col(name) == wanted)
        return events

    def q01(self, p: Params) -> pl.LazyFrame:
        seen = self.did("impression", channel=p["channel"]).filter(within(p["as_of"], 30))
        return seen.select("consumer").unique()

    def q02(self, p: Params) -> pl.LazyFrame:
        seen = self.did("impression", channel=p["channels"]).filter(within(p["as_of"], 30))
        buyers = self.did("purchase", shop=p["shop"]).filter(within(p["as_of"], 365))
        return seen.select("consumer").unique().join(buyers, on="consumer", how="anti")

    def q03(self, p: Params) -> pl.LazyFrame:
        clicks = self.did("click", channel=p["channel"]).filter(within(p["as_of"], 15))
        often = clicks.group_by("consumer").len().filter(pl.col("len") >= p["clicks"]).select("consumer")
        carted = self.did("add_to_cart").filter(within(p["as_of"], 7)).select("consumer")
        buyers = self.did("purchase").filter(within(p["as_of"], 30))
        return pl.concat([often, carted]).unique().join(buyers, on="consumer", how="anti")

    def q04(self, p: Params) -> pl.LazyFrame:
        day = literal(p["as_of"])
        alike = self.consumers.lazy().filter(
            (pl.col("city_tier") == p["city_tier"])
            & (pl.col("tier_since") <= day)
            & (pl.col("interests_since") <= day)
            & pl.col("interests").list.contains(p["interest"])
        )
        return alike.select("consumer").join(self.q01(p), on="consumer", how="semi")

    def q05(self, p: Params) -> pl.LazyFrame:
        bought = self.did("purchase").filter(within(p["as_of"], 90)).group_by("consumer")
        summed = bought.agg(pl.col("amount").sum(), pl.len())
        return summed.filter((pl.col("amount") >= p["least"]) & (pl.col("len") >= 2)).select("consumer")

    def q11(self, p: Params) -> pl.LazyFrame:
        more = {name: p[name] for name in ("channel", "shop", "category")}
        return self.did(p["behavior"], **more).filter(within(p["as_of"], 30)).select("consumer").unique()

    # Tables of numbers.

    def states(self, p: Params, as_of: str) -> pl.LazyFrame:
        """Consumer and state, from 1; who is in none is left out."""
        old = self.did("purchase", shop=p["shop"]).filter(within(as_of, 365))
        new = self.did(ENGAGED, shop=p["shop"]).filter(within(as_of, 90))
        seen = self.did("impression", shop=p["shop"]).filter(within(as_of, 15))
        often = seen.group_by("consumer").len().filter(pl.col("len") >= p["k"])
        reached = [set_.select("consumer", state=pl.lit(i, pl.Int8)) for i, set_ in enumerate([old, new, often], 1)]
        return pl.concat(reached).group_by("consumer").agg(pl.col("state").min())

    def q06(self, p: Params) -> Rows:
        counts = dict(self.states(p, p["as_of"]).group_by("state").len().collect().iter_rows())
        known = self.consumers.lazy().filter(pl.col("known_since") <= literal(p["as_of"]))
        return [(*(counts.get(state, 0) for state in (1, 2, 3)), known.select(pl.len()).collect().item())]

    def q07(self, p: Params) -> Rows:
        return [(day, *self.q06(p | {"as_of": day})[0]) for day in sweep(p)]

    def q08(self, p: Params) -> Rows:
        was, now = self.states(p, p["from"]), self.states(p, p["as_of"])
        people = self.locked.lazy().join(was, on="consumer", how="left")
        both = people.join(now, on="consumer", how="left", suffix="_now").with_columns(pl.col("^state.*$").fill_null(4))
        return both.group_by("state", "state_now").len().collect().rows()

    def q09(self, p: Params) -> Rows:
        inside = between(p["first"], p["as_of"])
        first = self.did(p["start"]).filter(inside).group_by("consumer").agg(cohort=pl.col("day").min())
        returned = self.did(p["return"]).filter(inside).select("consumer", "day").unique()
        later = (pl.col("day") - pl.col("cohort")).dt.total_days()
        pairs = first.join(returned, on="consumer").with_columns(later=later).filter(pl.col("later") >= 0)
        sizes = first.group_by("cohort").len().select("cohort", pl.lit(-1, pl.Int64).alias("later"), "len")
        cells = pl.concat([sizes, pairs.group_by("cohort", "later").len()])
        start = date.fromisoformat(p["first"])
        found = [((day - start).days, later, people) for day, later, people in cells.collect().iter_rows()]
        return [cell for cell in found if cell[0] < COHORT_DAYS]

    def q10(self, p: Params) -> Rows:
        """Each step looks back at the latest event of the step before: the latest start is most likely in time."""
        inside = between(p["first"], p["as_of"])
        chain = self.did(STEPS[0]).filter(inside).select("consumer", "time", start="time").collect()
        counts = [chain["consumer"].n_unique()]
        for step in STEPS[1:]:
            events = self.did(step).filter(inside).select("consumer", "time").sort("time")
            back = chain.lazy().sort("time")
            joined = events.join_asof(back, on="time", by="consumer", strategy="backward", allow_exact_matches=False)
            chain = joined.drop_nulls("start").collect()
            in_time = chain.filter(pl.col("time") - pl.col("start") <= timedelta(days=FUNNEL_DAYS))
            counts.append(in_time["consumer"].n_unique())
        return [counts]


def literal(day: str) -> pl.Expr:
    return pl.lit(date.fromisoformat(day))


def between(first: str, last: str) -> pl.Expr:
    return pl.col("day").is_between(date.fromisoformat(first), date.fromisoformat(last))


def within(as_of: str, days: int) -> pl.Expr:
    last = date.fromisoformat(as_of)
    return pl.col("day").is_between(last - timedelta(days=days - 1), last)
