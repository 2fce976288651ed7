"""Replays the sandbox's rules against the real Stripe, and says where it differs.

`declared` has the probes: one request each, with the rule that it tries. `side` sends
them, to Stripe and to a sandbox beside it; `differences` compares the answers;
`cleaning` clears up; `verify` is the whole of it, `report` its words. `untried` says
which rules no probe can try, and why. May import `errors`, `schema`, `stripe_api` and
`sandbox`.
"""

from .declared import PROBES
from .probe import Probe, Rule
from .report import report
from .untried import reason
from .verify import Verification, plan, prepare, verify

__all__ = [
    "PROBES",
    "Probe",
    "Rule",
    "Verification",
    "plan",
    "prepare",
    "reason",
    "report",
    "verify",
]
