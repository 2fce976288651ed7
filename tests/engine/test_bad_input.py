"""Bad input: one clear message for each, all in one run, and nothing is written."""

from __future__ import annotations

import pytest

from .stack import Run, Stack

UPDATES_ON = """{
    "payment_method_update": {"enabled": True},
    "subscription_update": {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "products": %s,
    },
}"""
MONTHLY = '[{"prices": [{"lookup_key": "pro_monthly"}]}]'
ELEVEN = '[{"product": f"prod_{n}", "prices": [f"price_{n}"]} for n in range(11)]'

# Resource: its arguments, then what the message says of it.
BAD: dict[str, tuple[str, str]] = {
    "misspelt": (
        'features={"subscripton_cancel": {"enabled": True}}',
        "features.subscripton_cancel: there is no such key; use",
    ),
    "misspelt-suggestion": (
        'features={"subscripton_cancel": {"enabled": True}}',
        "(did you mean 'subscription_cancel'?)",
    ),
    "choice": (
        'features={"subscription_cancel": {"enabled": True, "mode": "later"}}',
        "features.subscription_cancel.mode: 'later' is not allowed; "
        "use 'at_period_end' or 'immediately'",
    ),
    "type": (
        'features={"invoice_history": {"enabled": "yes"}}',
        "features.invoice_history.enabled: 'yes' is of the wrong type; "
        "use True or False",
    ),
    "headline": (
        'features={}, business_profile={"headline": "x" * 61}',
        "has 61 characters; shorten it to at most 60",
    ),
    "eleven-products": (
        f"features={UPDATES_ON % ELEVEN}",
        "features.subscription_update.products: has 11 elements; keep at most 10",
    ),
    "always-invoice": (
        'features={"subscription_cancel": '
        '{"enabled": True, "proration_behavior": "always_invoice"}}',
        "features.subscription_cancel.proration_behavior: 'always_invoice' is refused "
        "by Stripe for cancellations; use 'none'",
    ),
    "prorations-at-period-end": (
        'features={"subscription_cancel": '
        '{"enabled": True, "proration_behavior": "create_prorations"}}',
        "'create_prorations' needs mode 'immediately'; set mode to 'immediately'",
    ),
    "no-products": (
        f"features={UPDATES_ON % '[]'}",
        "features.subscription_update.products: is needed while subscription_update "
        "is enabled; list the products",
    ),
    "no-payment-method-update": (
        'features={"subscription_update": {"enabled": True, '
        f'"default_allowed_updates": ["price"], "products": {MONTHLY}}}}}',
        "add 'payment_method_update': {'enabled': True}",
    ),
    "no-scheme": (
        'features={}, default_return_url="example.com/account?token=tok_private"',
        "default_return_url: 'example.com/account?[hidden]' has no scheme (such as "
        "https); write the full address",
    ),
    "own-marker": (
        'features={}, metadata={"pulumi": "mine"}',
        "metadata.pulumi: is the key that this package marks its own objects with; "
        "use another key",
    ),
    "missing-enabled": (
        'features={"invoice_history": {}}',
        "features.invoice_history.enabled: is missing; it is required here",
    ),
    "output": (
        'features={}, business_profile={"headline": Output.secret("private" * 10)}',
        "business_profile.headline: [hidden] has 70 characters; shorten it",
    ),
}


def assert_refused(stack: Stack, run: Run) -> None:
    """Fail unless the run ended cleanly before anything was written."""
    assert run.code != 0
    assert "Traceback" not in run.text
    assert stack.sandbox.count("POST") == 0
    assert stack.sandbox.api_key not in run.text


def test_all_problems_of_a_program_in_one_run(stack: Stack) -> None:
    """Each problem names resource, path, value and remedy; secrets are hidden."""
    lines = ['PortalConfiguration("good", features={})']
    lines += [
        f"PortalConfiguration({name!r}, {args})" for name, (args, _) in BAD.items()
    ]

    for command in ("preview", "up"):
        stack.program("\n".join(lines))
        flags = ["--yes", "--skip-preview"] if command == "up" else []
        run = stack.pulumi(command, *flags, check=False)

        assert_refused(stack, run)
        assert f"{len(BAD)} problems; nothing was sent to Stripe." in run.text
        for name, (_args, message) in BAD.items():
            said = run.text.split(f"PortalConfiguration '{name}':")[1]
            assert message in said.split("PortalConfiguration '")[0], run.text
        assert "PortalConfiguration 'good':" not in run.text
        assert "private" not in run.text
        assert "tok_private" not in run.text


def test_what_only_stripe_can_tell_is_found_at_preview(stack: Stack) -> None:
    """Two prices of one interval, a price of the other mode: before any write."""
    two_monthly = (
        '[{"product": "prod_ProTest", "prices": ["price_ProMonthlyTest", "%s"]}]'
    )
    prices = stack.sandbox.client().v1.prices
    second = prices.create(
        {
            "product": "prod_ProTest",
            "currency": "usd",
            "unit_amount": 100,
            "recurring": {"interval": "month"},
        }
    )
    stack.sandbox.clear_requests()
    live = '[{"product": "prod_ProTest", "prices": ["price_ProMonthlyLive"]}]'

    for products, message in (
        (two_monthly % second.id, "is billed every 1 month"),
        (live, "Stripe knows no price 'price_ProMonthlyLive' in test mode"),
    ):
        stack.program(f'PortalConfiguration("pro", features={UPDATES_ON % products})')
        run = stack.preview(check=False)

        assert_refused(stack, run)
        assert "'pro'" in run.text
        assert "features.subscription_update.products[0].prices[" in run.text
        assert message in run.text


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        pytest.param(
            {"STRIPE_API_KEY": ""},
            "no Stripe API key. Set it for this stack with `pulumi config set "
            "--secret stripe-portal:apiKey`",
            id="missing-key",
        ),
        pytest.param(
            {"STRIPE_API_KEY": "sk_live_123"},
            "is a live key, but the stack's mode is test",
            id="key-of-the-other-mode",
        ),
        pytest.param(
            {"STRIPE_API_BASE": "http://127.0.0.1:1"},
            "Stripe could not be reached at http://127.0.0.1:1",
            id="unreachable",
        ),
        pytest.param(
            {"STRIPE_API_BASE": "https://stripe.example.com"},
            "is neither api.stripe.com nor on this machine, and keys are sent "
            "nowhere else",
            id="foreign-address",
        ),
    ],
)
def test_settings_that_cannot_work(
    stack: Stack, environ: dict[str, str], message: str
) -> None:
    """A key that is missing or of the other mode, an address that can't be Stripe's."""
    stack.program('PortalConfiguration("pro", features={})')
    stack.environ.update(environ)

    run = stack.preview(check=False)

    assert_refused(stack, run)
    assert message in run.text
