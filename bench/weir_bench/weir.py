"""Weir, asked as anybody asks it: a running `weir serve`, JSON over one HTTP connection that is kept open."""

import json
import os
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from weir_bench.process import peak_memory
from weir_bench.shell import Failed, weir

READY_SECONDS = 600


class Connection:
    """HTTP/1.1 over one socket, and no more of it than the server's answers need.

    `http.client` would spend more time on headers than the server does on a small question, and that time would be
    reported as Weir's.
    """

    def __init__(self, address: tuple[str, int], token: str) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f"Host: {address[0]}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        self.buffer = b""

    def close(self) -> None:
        self.socket.close()

    def request(self, method: str, path: str, body: Any = None) -> bytes:
        content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self.head}Content-Length: {len(content)}\r\n\r\n"
        return head.encode() + content

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            self.receive()
        head, self.buffer = self.buffer[:end], self.buffer[end + 4 :]
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith("content-length:")), 0)
        while len(self.buffer) < length:
            self.receive()
        content, self.buffer = self.buffer[:length], self.buffer[length:]
        return int(lines[0].split()[1]), content

    def receive(self) -> None:
        data = self.socket.recv(1 << 18)
        if not data:
            raise Failed("the server closed the connection")
        self.buffer += data

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        status, content = self.exchange(self.request(method, path, body))
        if status >= 400:
            raise Refused(status, path, content.decode())
        return json.loads(content) if content else None

    def timed(self, path: str, body: Any) -> tuple[float, Any]:
        """Seconds from before the first byte out to after the last byte in; JSON is made and read outside of them."""
        request = self.request("POST", path, body)
        started = time.perf_counter()
        status, content = self.exchange(request)
        seconds = time.perf_counter() - started
        if status >= 400:
            raise Refused(status, path, content.decode())
        return seconds, json.loads(content)


class Refused(Failed):
    def __init__(self, status: int, path: str, text: str) -> None:
        super().__init__(f"{path} answered {status}: {text[:1000]}")
        self.status = status


class Server:
    """A `weir serve` of one data directory, for as long as the `with` lasts."""

    def __init__(self, binary: Path, store: Path, threads: int) -> None:
        self.binary, self.store, self.threads = binary, store, threads
        self.token = weir(binary, store, "token", "add", f"bench-{time.time_ns()}")["token"]

    def __enter__(self) -> "Server":
        started = time.perf_counter()
        environment = os.environ | {"RAYON_NUM_THREADS": str(self.threads), "WEIR_LOG": "warn"}
        command = [str(self.binary), "--data", str(self.store), "serve", "--listen", "127.0.0.1:0", "--json"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.address = self.read_address()
        self.wait_until_ready()
        self.ready_seconds = time.perf_counter() - started
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(60)

    def read_address(self) -> tuple[str, int]:
        text = ""
        for line in self.process.stdout or []:
            text += line
            if line.startswith("}") or (line.startswith("{") and line.rstrip().endswith("}")):
                host, port = json.loads(text)["url"].removeprefix("http://").split(":")
                return host, int(port)
        raise Failed("weir serve did not say where it listens")

    def wait_until_ready(self) -> None:
        connection = self.connect()
        deadline = time.monotonic() + READY_SECONDS
        while connection.exchange(connection.request("GET", "/readyz"))[0] != 200:
            if time.monotonic() > deadline:
                raise Failed(f"weir serve is not ready after {READY_SECONDS} s")
            time.sleep(0.02)
        connection.close()

    def connect(self) -> Connection:
        return Connection(self.address, self.token)

    def peak_memory(self) -> int:
        return peak_memory(self.process.pid)
