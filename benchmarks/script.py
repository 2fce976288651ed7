"""What a team would write instead: `python -m benchmarks.script OPERATION N THREADS`.

It keeps the ids in a file, reads each configuration before it writes, and writes only
what differs. It resolves the lookup key once.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import stripe

EXPAND = ["features.subscription_update.products"]


def main(operation: str, count: int, threads: int, folder: Path) -> None:
    """Bring the configurations to where the operation wants them."""
    client = stripe.StripeClient(
        os.environ["STRIPE_API_KEY"],
        base_addresses={"api": os.environ["STRIPE_API_BASE"]},
        max_network_retries=5,
    )
    configurations = client.v1.billing_portal.configurations
    file = folder / "ids.json"
    ids = json.loads(file.read_text()) if file.exists() else []

    def wanted(n: int) -> dict[str, Any]:
        changed = operation == "update all" or (operation == "update one" and n == 0)
        return {"name": "Two" if changed else "One"}

    def create(n: int) -> str:
        features = {
            "payment_method_update": {"enabled": True},
            "subscription_update": {
                "enabled": True,
                "default_allowed_updates": ["price"],
                "products": [{"product": price.product, "prices": [price.id]}],
            },
        }
        params: Any = {**wanted(n), "features": features, "expand": EXPAND}
        return configurations.create(params).id

    def update(n: int) -> None:
        found = configurations.retrieve(ids[n], {"expand": EXPAND})
        if operation != "refresh" and found.name != wanted(n)["name"]:
            params: Any = wanted(n)
            configurations.update(ids[n], params)

    def deactivate(n: int) -> None:
        configurations.update(ids[n], {"active": False})

    with ThreadPoolExecutor(threads) as pool:
        if operation == "create":
            (price,) = client.v1.prices.list({"lookup_keys": ["pro_monthly"]}).data
            file.write_text(json.dumps(list(pool.map(create, range(count)))))
        elif operation == "destroy":
            list(pool.map(deactivate, range(count)))
        else:
            list(pool.map(update, range(count)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
