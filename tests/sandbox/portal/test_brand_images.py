"""Logo, icon and colours: uploaded, and shown in the portal, mails and invoices."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import stripe
from PIL import Image

from pulumi_stripe_portal.sandbox import Sandbox

from .browsing import Browsing
from .shop import Shop
from .test_invoice_pages import invoice_of


def picture(width: int = 256, height: int = 128, kind: str = "PNG") -> BytesIO:
    """Return an image file."""
    file = BytesIO()
    Image.new("RGB", (width, height), "#0f766e").save(file, kind)
    file.seek(0)
    file.name = f"logo.{kind.lower()}"
    return file


def upload(api: Any, purpose: str, file: BytesIO) -> Any:
    """Upload an image as Stripe's library does, as multipart/form-data."""
    return api.files.create({"purpose": purpose, "file": file})


def brand(shop: Shop, **branding: Any) -> None:
    """Change the branding of the account."""
    wanted: Any = {"settings": {"branding": branding}}
    shop.api.accounts.update(shop.sandbox.account, wanted)


def test_upload(shop: Shop) -> None:
    """A file is answered as Stripe does, and can be read and listed."""
    made = upload(shop.api, "business_logo", picture())

    assert (made.object, made.purpose, made.type) == ("file", "business_logo", "png")
    assert made.filename == "logo.png"
    assert made.size == len(picture().getvalue())
    assert shop.api.files.retrieve(made.id).id == made.id
    assert [each.id for each in shop.api.files.list().data] == [made.id]
    with urlopen(made.url) as shown:
        assert shown.headers["Content-Type"] == "image/png"
        assert shown.read() == picture().getvalue()
    request = shop.sandbox.requests[0]
    assert request.params["file"].startswith("logo.png ")


@pytest.mark.parametrize(
    ("purpose", "file", "words"),
    [
        ("business_logo", BytesIO(b"<svg onload='alert(1)'/>"), "no JPEG or PNG"),
        ("business_logo", BytesIO(b""), "no JPEG or PNG"),
        ("business_logo", BytesIO(b"\x89PNG"), "no JPEG or PNG"),
        ("business_logo", picture(kind="GIF"), "no JPEG or PNG"),
        ("business_logo", picture(64, 64), "64 by 64 pixels"),
        ("business_logo", picture(128, 5000), "128 by 5000 pixels"),
        ("business_logo", BytesIO(b"x" * 600_000), "larger than"),
        ("business_icon", picture(256, 128), "has to be square"),
    ],
)
def test_what_is_no_logo(shop: Shop, purpose: str, file: BytesIO, words: str) -> None:
    """Each file that can't be shown is refused with what is wrong with it."""
    with pytest.raises(stripe.InvalidRequestError, match=words):
        upload(shop.api, purpose, file)


def test_other_purposes(shop: Shop) -> None:
    """What is no branding is a 501 by name."""
    with pytest.raises(stripe.APIError, match="purpose dispute_evidence"):
        upload(shop.api, "dispute_evidence", picture())


def test_a_file_of_another_purpose(shop: Shop) -> None:
    """An icon is no logo; a file that isn't there is neither."""
    icon = upload(shop.api, "business_icon", picture(128, 128))

    with pytest.raises(stripe.InvalidRequestError, match="purpose business_icon"):
        brand(shop, logo=icon.id)
    with pytest.raises(stripe.InvalidRequestError, match="No such file upload"):
        brand(shop, logo="file_none")


def test_shown_everywhere(shop: Shop) -> None:
    """The portal, its login page, the mail, the invoice's page and its PDF have it."""
    logo = upload(shop.api, "business_logo", picture())
    brand(shop, logo=logo.id, primary_color="#0f766e", secondary_color="#f59e0b")
    login: Any = {"login_page": {"enabled": True}}
    configuration = shop.configure()
    made = shop.api.billing_portal.configurations.update(configuration, login)
    customer = shop.customer()
    invoice = invoice_of(shop, customer)
    browsing = Browsing()
    token = str(made.login_page.url).rpartition("/")[2]
    signing = browsing.get(f"{shop.sandbox.url}/p/login/{token}")
    browsing.send("POST", signing.url, {"email": customer.email})

    pages = [
        browsing.get(shop.link(customer)),
        signing,
        browsing.get(f"{shop.sandbox.url}/p/outbox"),
        browsing.get(invoice.hosted_invoice_url),
    ]
    for page in pages:
        assert 'class="logo" src="data:image/png;base64,' in page.html
        assert 'alt="Portal Sandbox"' in page.html
    for page in (pages[0], pages[1], pages[3]):
        assert "accent=0f766e&amp;second=f59e0b" in page.html
    css = browsing.get(f"{shop.sandbox.url}/p/portal.css?accent=0f766e&second=f59e0b")
    assert "--second:#f59e0b;" in css.html
    with urlopen(invoice.invoice_pdf) as paper:
        assert b"/Subtype /Image" in paper.read()
    account = shop.api.accounts.retrieve_current()
    assert account.settings
    found = account.settings.branding
    assert (found.logo, found.icon) == (logo.id, None)
    assert found.secondary_color == "#f59e0b"


def test_an_icon_stands_beside_the_name(shop: Shop) -> None:
    """Without a logo the icon is shown, in place of the name's first letter."""
    icon = upload(shop.api, "business_icon", picture(128, 128, "JPEG"))
    brand(shop, icon=icon.id)
    shop.configure()
    page = Browsing().get(shop.link(shop.customer()))

    assert 'class="mark" src="data:image/jpeg;base64,' in page.html
    assert "Portal Sandbox" in page.text


def test_images_are_kept(tmp_path: Path) -> None:
    """They are in the data file, for the next run."""
    file = tmp_path / "stripe.json"
    with Sandbox(file) as sandbox:
        brand(
            Shop(sandbox), logo=upload(Shop(sandbox).api, "business_logo", picture()).id
        )

    with Sandbox(file) as again:
        shop = Shop(again)
        invoice = invoice_of(shop, shop.customer())
        assert 'class="logo"' in Browsing().get(invoice.hosted_invoice_url).html


def test_parts_that_are_none(sandbox: Sandbox, wire: Any) -> None:
    """A broken multipart body is a clear refusal; elsewhere it is no form at all."""
    kind = {"Content-Type": "multipart/form-data; boundary=x"}

    assert wire("POST", "/v1/files", "--x\r\nnonsense", kind).status == 400
    assert (
        wire(
            "POST", "/v1/files", "no parts", {"Content-Type": "multipart/form-data"}
        ).status
        == 400
    )
    assert wire("POST", "/v1/customers", "--x--", kind).status == 400
