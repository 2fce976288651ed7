"""Turns what exists at Stripe into a program that takes it under code.

    made = program([Existing(configuration), Existing(endpoint)], PriceNames())
    print(made.text)

`declaring` says what an object declares, `names` what its resource is called,
`literals` writes Python as ruff formats it, and `program` puts the whole together.
`foreign` reads the state of another tool, `addresses` what of it may be printed, and
`handover` says how that tool lets go. Pure, but for `existing`, which asks Stripe. May
import `events`, `errors`, `schema`, `engine`, `stripe_api` and `stacks`.
"""

from .addresses import plain_urn
from .declaring import PriceNames
from .foreign import Foreign, ForeignState, NotAState, read_state
from .handover import Handover, doubles, handover
from .program import Adopter, Existing, Imported, Program, import_file, program

__all__ = [
    "Adopter",
    "Existing",
    "Foreign",
    "ForeignState",
    "Handover",
    "Imported",
    "NotAState",
    "PriceNames",
    "Program",
    "doubles",
    "handover",
    "import_file",
    "plain_urn",
    "program",
    "read_state",
]
