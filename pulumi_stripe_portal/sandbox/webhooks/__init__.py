"""Webhooks: events on their way to the endpoints that want them, signed as Stripe does.

Nothing leaves this machine. An endpoint's public address is mapped to a loopback one by
`Forwards`; a delivery without a forward is recorded and not sent. `events` records what
happened, `fan_out` stores with it what is to be delivered, `Sender` sends that after
the commit, from a thread of its own, and `Deliveries` is what `Sandbox` offers to look
at it and to disturb it.

May import `addresses`, `data` and `objects`.
"""

from .controls import Deliveries
from .forwards import Forwards
from .records import Attempt, Delivery
from .sender import Sender

__all__ = ["Attempt", "Deliveries", "Delivery", "Forwards", "Sender"]
