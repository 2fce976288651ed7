"""Every request of the package is answered, or is a 501 that names it."""

from __future__ import annotations

import json
import re

from pulumi_stripe_portal.sandbox.routes import OPERATIONS
from tests.sandbox.conftest import Wire

from .package import Request, requests

SERVED = {(each.method, re.sub(r"<\w+>", "{}", each.path)) for each in OPERATIONS}


def is_served(request: Request) -> bool:
    """Tell whether the sandbox has the route of *request*."""
    return (request.method.upper(), re.sub(r"\{\w+\}", "{}", request.path)) in SERVED


def test_each_route_is_a_route_of_stripe() -> None:
    """Nothing is served that the package can't ask for."""
    known = {(r.method.upper(), re.sub(r"\{\w+\}", "{}", r.path)) for r in requests()}

    assert len(known) > 500
    assert known > SERVED


def test_what_is_not_served_is_named(wire: Wire) -> None:
    """It is said by method and path, whatever the form of its body."""
    left = [each for each in requests() if not is_served(each)]
    for request in left:
        path = re.sub(r"\{(\w+)\}", r"\1_1", request.path)
        method = request.method.upper()
        json_type = {"Content-Type": "application/json"}
        body = json.dumps({"a": {"b": 1}}) if path.startswith("/v2/") else "a[b]=1"
        headers = json_type if path.startswith("/v2/") else None
        reply = wire(method, path, body if method == "POST" else "", headers)

        assert reply.status == 501, (str(request), reply.body)
        message = f"Stripe has {method} {path}, but the sandbox does not support it."
        assert reply.body["error"]["message"] == message
    assert len(left) > 400
