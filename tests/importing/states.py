"""States of the other tools, in the shape that their providers give them."""

from __future__ import annotations

from typing import Any

__all__ = ["BRIDGE", "SECRET", "TERRAFORM"]

SECRET = "whsec_not_to_be_seen"

_OFFICIAL = 'provider["registry.terraform.io/stripe/stripe"]'
_LUKASARON = 'provider["registry.terraform.io/lukasaron/stripe"].live'


def _instance(values: dict[str, Any], key: str | int | None = None) -> dict[str, Any]:
    index = {} if key is None else {"index_key": key}
    return {"schema_version": 0, "attributes": values, **index}


TERRAFORM: dict[str, Any] = {
    "version": 4,
    "terraform_version": "1.13.4",
    "serial": 7,
    "lineage": "0f4a2f0b",
    "outputs": {"secret": {"value": SECRET, "type": "string", "sensitive": True}},
    "resources": [
        {
            "mode": "managed",
            "type": "stripe_billing_portal_configuration",
            "name": "portal_main",
            "provider": _OFFICIAL,
            "instances": [_instance({"id": "bpc_1", "is_default": True})],
        },
        {
            "mode": "managed",
            "type": "stripe_portal_configuration",
            "name": "plans",
            "provider": _LUKASARON,
            "module": 'module.billing["eu"].module.portal',
            "instances": [
                _instance({"id": "bpc_2"}, "a b"),
                _instance({"id": "bpc_3"}, "c"),
            ],
        },
        {
            "mode": "managed",
            "type": "stripe_webhook_endpoint",
            "name": "events",
            "provider": _OFFICIAL,
            "instances": [
                _instance({"id": "we_1", "secret": SECRET}, 0),
                _instance({"id": "we_2", "secret": None}, 1),
            ],
        },
        {
            "mode": "data",
            "type": "stripe_webhook_endpoint",
            "name": "looked_up",
            "provider": _LUKASARON,
            "instances": [_instance({"id": "we_9"})],
        },
        {
            "mode": "managed",
            "type": "stripe_webhook_endpoint",
            "name": "failed",
            "provider": _OFFICIAL,
            "instances": [_instance({"id": None})],
        },
        {
            "mode": "managed",
            "type": "stripe_product",
            "name": "pro",
            "provider": _OFFICIAL,
            "instances": [_instance({"id": "prod_1"})],
        },
    ],
}

_URN = "urn:pulumi:live::shop::{}::{}"


def _resource(token: str, name: str, id_: str, **more: Any) -> dict[str, Any]:
    return {
        "urn": _URN.format(token, name),
        "custom": True,
        "type": token.rpartition("$")[2],
        "id": id_,
        **more,
    }


_SEALED = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
_ENDPOINT = "stripe:index/webhookEndpoint:WebhookEndpoint"

BRIDGE: dict[str, Any] = {
    "version": 3,
    "deployment": {
        "manifest": {"version": "v3.250.0"},
        "resources": [
            {"urn": _URN.format("pulumi:pulumi:Stack", "shop-live"), "custom": False},
            _resource(
                "stripe:index/billingPortalConfiguration:BillingPortalConfiguration",
                "portal",
                "bpc_1",
                protect=True,
            ),
            _resource(
                "my:index:Billing$stripe:index/portalConfiguration:PortalConfiguration",
                "Plans: EU",
                "bpc_2",
            ),
            _resource(
                _ENDPOINT,
                "events",
                "we_1",
                outputs={"secret": {**_SEALED, "plaintext": f'"{SECRET}"'}},
            ),
            _resource(
                _ENDPOINT,
                "sealed",
                "we_2",
                outputs={"secret": {**_SEALED, "ciphertext": "v1:abc"}},
            ),
            _resource(_ENDPOINT, "going", "we_3", delete=True),
            _resource("stripe:index/product:Product", "pro", "prod_1"),
            _resource("other:index/webhookEndpoint:WebhookEndpoint", "x", "we_4"),
        ],
    },
}
