"""Products.

See https://docs.stripe.com/api/products.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.limits import elements, url
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Call, Resource, equals
from pulumi_stripe_portal.sandbox.objects.search import Field
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import reference

from . import prices

__all__ = ["DEFAULTS", "RESOURCE"]

DEFAULTS: Json = {
    "active": True,
    "default_price": None,
    "description": None,
    "images": [],
    "marketing_features": [],
    "metadata": {},
    "package_dimensions": None,
    "shippable": None,
    "statement_descriptor": None,
    "tax_code": None,
    "tax_details": None,
    "type": "service",
    "unit_label": None,
    "url": None,
}
"""What a new product has besides its id, name, mode and times."""


def _create(call: Call, params: Json) -> Json:
    id_ = params.get("id")
    if id_ and call.partition.get(RESOURCE.object, id_):
        raise StripeError(
            "Product already exists.",
            Evidence.REPORTED(
                "https://docs.stripe.com/error-codes#resource-already-exists"
            ),
            param="id",
            code="resource_already_exists",
        )
    product = call.new(RESOURCE, id_) | DEFAULTS | {"updated": call.clock.now()}
    product = _change(product, {k: v for k, v in params.items() if k != "id"})
    price = params.get("default_price_data")
    if price:
        made = prices.build(call, {**price, "product": product["id"]})
        call.partition.put(made)
        product["default_price"] = made["id"]
    return product


def _update(call: Call, stored: Json, params: Json) -> Json:
    if params.get("default_price"):
        reference(call, "price", params["default_price"], "default_price")
    changed = _change(stored, params)
    return changed | {"updated": call.clock.now()} if changed != stored else stored


def _change(product: Json, params: Json) -> Json:
    changed = dict(product)
    for name, value in params.items():
        if name == "metadata":
            changed[name] = merge_metadata(product[name], value)
        elif name not in ("expand", "default_price_data"):
            changed[name] = DEFAULTS.get(name) if value is None else value
    return changed


def _delete(call: Call, product: Json) -> None:
    if any(each["product"] == product["id"] for each in call.partition.all("price")):
        raise StripeError(
            "This product cannot be deleted because it has one or more user-created "
            "prices.",
            Evidence.REPORTED(
                "public code, and https://docs.stripe.com/api/products/delete"
            ),
        )


def _among(product: Json, wanted: Any) -> bool:
    return product["id"] in wanted


RESOURCE = Resource(
    object="product",
    path="/v1/products",
    noun="product",
    prefix="prod_",
    id_length=14,
    scope="product",
    params="Product",
    create=_create,
    update=_update,
    delete=_delete,
    filters={
        "active": equals("active"),
        "created": created,
        "ids": _among,
        "shippable": equals("shippable"),
        "type": equals("type"),
        "url": equals("url"),
    },
    searches={
        "active": Field("token"),
        "description": Field("string"),
        "metadata": Field("string"),
        "name": Field("string"),
        "shippable": Field("token"),
        "url": Field("string"),
    },
    expands={"default_price": "price"},
    limits={"images": elements(8), "marketing_features": elements(15), "url": url},
    announces=True,
)
