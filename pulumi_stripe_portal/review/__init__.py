"""What a preview would change, in words for people who don't read code.

    plan = read_plan(json.loads(preview))
    print(markdown(report_of([plan])))

`plan` reads the preview, `effects` makes sentences of each change with the words of
`fields` and says how many customers may be concerned, `report` puts stacks side by
side, `outline` says in which order, `markdown` writes the comment, `data` the same as
JSON, and `page` the page with the portal before and after. Pure, but for `online`,
which asks Stripe; `answers` is what it said. May import `errors`, `schema`, `engine`,
`stripe_api`, `stacks` and `sandbox` (which draws the portal).
"""

from pulumi_stripe_portal.stacks.printed import NotAPreview

from .data import data, sentences
from .fields import Risk
from .markdown import LIMIT, markdown
from .plan import Change, Plan, read_plan
from .prices import NotACatalogue, PriceBook, price_book, stripe_objects
from .report import Known, Report, offline, report_of
from .states import Key, key_of

__all__ = [
    "LIMIT",
    "Change",
    "Key",
    "Known",
    "NotACatalogue",
    "NotAPreview",
    "Plan",
    "PriceBook",
    "Report",
    "Risk",
    "data",
    "key_of",
    "markdown",
    "offline",
    "price_book",
    "read_plan",
    "report_of",
    "sentences",
    "stripe_objects",
]
