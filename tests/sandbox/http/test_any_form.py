"""Forms and queries by chance, hardly ever ones that Stripe knows."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.objects.contract import shape_of
from pulumi_stripe_portal.sandbox.objects.resource import Operation
from pulumi_stripe_portal.sandbox.routes import OPERATIONS
from tests.sandbox.conftest import Wire

NAMES = st.deferred(
    lambda: st.sampled_from(
        sorted(
            {name for each in OPERATIONS for name in shape_of(each.params).fields or ()}
        )
    )
)
TEXTS = st.one_of(
    st.sampled_from(
        ["", "0", "-1", "²", "1" * 4301, "1e99999999", "nan", "true", "now"]
    ),
    st.sampled_from(
        ["price_ProMonthlyTest", "prod_ProTest", "usd", "month", "x" * 6000]
    ),
    st.text(max_size=8),
)
KEYS = st.builds(
    lambda name, parts: name + "".join(f"[{part}]" for part in parts),
    st.one_of(NAMES, st.text(max_size=6)),
    st.lists(
        st.one_of(
            st.sampled_from(["", "0", "1", "²", "9" * 5000, "eur", "x", "]", "["]),
            NAMES,
        ),
        max_size=4,
    ),
)
PAIRS = st.lists(st.tuples(KEYS, TEXTS), max_size=6)
IDS = st.one_of(st.text(min_size=1, max_size=12), st.sampled_from(["search", "%", "²"]))


def encoded(pairs: list[tuple[str, str]]) -> str:
    """Encode a form, what no browser can send included."""
    return "&".join(
        f"{quote_plus(key, errors='replace')}={quote_plus(value, errors='replace')}"
        for key, value in pairs
    )


@given(
    operation=st.sampled_from(OPERATIONS),
    pairs=PAIRS,
    id_=IDS,
    cuts=st.lists(st.integers(0, 200), max_size=3),
)
def test_any_form(
    sandbox: Sandbox,
    wire: Wire,
    capfd: pytest.CaptureFixture[str],
    operation: Operation,
    pairs: list[tuple[str, str]],
    id_: str,
    cuts: list[int],
) -> None:
    """A form of any keys and values, whole or torn, is done or refused by name."""
    path = operation.path.replace("<id>", quote(id_, safe="", errors="replace"))
    path = path.replace("<customer>", quote(id_, safe="", errors="replace"))
    form = encoded(pairs)
    for cut in cuts:
        form = form[:cut] + form[cut + 1 :]
    if operation.method == "POST":
        reply = wire("POST", path, form)
    else:
        reply = wire(operation.method, f"{path}?{form}"[:20_000])

    assert reply.status in (200, 400, 402, 403, 404, 501), (path, form, reply.body)
    if reply.status != 200:
        assert reply.body["error"]["message"]
        assert reply.body["error"]["type"].endswith("_error")
    assert wire("GET", "/v1/events").status == 200
    assert capfd.readouterr().err == ""


HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("Authorization", "Content-Type", "Idempotency-Key", "Stripe-Account"),
            *("Stripe-Version", "User-Agent", "Origin", "Cookie", "Accept-Language"),
        ]
    ),
    st.one_of(
        st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"])),
        st.sampled_from(["x" * 300, "Basic é", "Bearer ", "Basic ====", "http://[::1"]),
    ).map(str.strip),
    max_size=4,
)


@given(
    headers=HEADERS,
    path=st.sampled_from(["/v1/prices", "/v1/customers", "/_sandbox", "/p/outbox"]),
)
def test_any_headers(
    sandbox: Sandbox,
    wire: Wire,
    capfd: pytest.CaptureFixture[str],
    headers: dict[str, str],
    path: str,
) -> None:
    """Whatever a header says, there is an answer."""
    for method in ("GET", "POST"):
        sent = {name: value.encode("latin-1") for name, value in headers.items()}
        wire.connection.request(method, path, b"", sent)
        response = wire.connection.getresponse()
        response.read()

        assert response.status in (200, 400, 401, 403, 404, 405), (method, headers)
    assert capfd.readouterr().err == ""
