"""The hash over a set of people, `content_hash` of the API, computed from a peer's consumer numbers.

SHA-256 over kind ‖ 0 ‖ value ‖ 0 of each member's canonical identifier; kinds by the workspace's priority, then bytes.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

KINDS = ["user_id", "unionid", "openid", "phone", "email", "device", "anonymous_id"]


class People:
    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """Rows: consumer, kind and value of the canonical identifier."""
        keyed = [((KINDS.index(kind), value.encode()), consumer) for consumer, kind, value in rows]
        keyed.sort()
        self.rank = {consumer: i for i, (_, consumer) in enumerate(keyed)}
        self.text = [KINDS[kind].encode() + b"\0" + value + b"\0" for (kind, value), _ in keyed]

    def hash(self, consumers: Iterable[Any]) -> str:
        hasher = hashlib.sha256()
        for place in sorted(self.rank[int(consumer)] for consumer in consumers):
            hasher.update(self.text[place])
        return hasher.hexdigest()
