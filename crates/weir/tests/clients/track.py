"""Tracks events with a Python client, as a program would, and prints what the client says went wrong.

    track.py segment|rudder URL WRITE_KEY NAME COUNT

Message n is `NAME-n`, of user n modulo 100. The last line is JSON: the client's version, the messages it took, its errors.
"""

import importlib
import json
import logging
import sys

USERS = 100


def main():
    vendor, url, write_key, name, count = sys.argv[1:]
    package = {"segment": "segment.analytics", "rudder": "rudderstack.analytics"}[vendor]
    client_class = importlib.import_module(f"{package}.client").Client
    version = importlib.import_module(f"{package}.version").VERSION
    logging.basicConfig(level=logging.ERROR)
    errors = []

    def on_error(error, batch):
        errors.append(f"{error!r} for {len(batch)} messages")

    # A queue for all of them: the newest Segment client puts what it retries back into it.
    client = client_class(
        write_key, host=url, on_error=on_error, max_queue_size=2 * int(count), upload_interval=0.1
    )
    taken = 0
    for n in range(int(count)):
        properties = {"product_id": f"p{n % 50}", "price": n % 90 + 0.5}
        user = f"{name}-user-{n % USERS}"
        success, _ = client.track(user, "Product Viewed", properties, message_id=f"{name}-{n}")
        taken += success
    client.flush()
    client.join()
    print(json.dumps({"version": version, "taken": taken, "errors": errors}))


main()
