"""Many clients at once: how many estimates a second, against one client after the other."""

import threading
import time
from dataclasses import dataclass

from weir_bench.queries import ESTIMATE, Params, Query
from weir_bench.shell import Failed
from weir_bench.stats import median, quantile
from weir_bench.weir import Connection, Server

CLIENTS = 32
SECONDS = 4.0


@dataclass(frozen=True)
class Throughput:
    clients: int
    per_second: float
    median: float
    p99: float


def measure(server: Server, query: Query, drawn: list[Params], clients: int, seconds: float = SECONDS) -> Throughput:
    """Each client has a connection, and asks draw after draw until the time is over."""
    waits: list[list[float]] = [[] for _ in range(clients)]
    failures: list[Exception] = []
    until = time.perf_counter() + seconds

    def client(number: int) -> None:
        try:
            ask_until(server.connect(), query, drawn[number % len(drawn) :] + drawn, until, waits[number])
        except Exception as failure:
            failures.append(failure)

    started = time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    if failures:
        raise Failed(f"with {clients} clients: {failures[0]}")
    every = [wait for mine in waits for wait in mine]
    return Throughput(clients, len(every) / took, median(every), quantile(every, 0.99))


def ask_until(connection: Connection, query: Query, drawn: list[Params], until: float, waits: list[float]) -> None:
    requests = [connection.request("POST", ESTIMATE, query.body(params)) for params in drawn]
    while True:
        for request in requests:
            started = time.perf_counter()
            if started > until:
                connection.close()
                return
            status, content = connection.exchange(request)
            waits.append(time.perf_counter() - started)
            if status != 200:
                raise Failed(content.decode())
