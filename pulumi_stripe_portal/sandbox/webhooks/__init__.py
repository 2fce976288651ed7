"""Webhooks: events on their way to the endpoints that want them, signed as Stripe does.

Nothing leaves this machine. An endpoint's public address is mapped to a loopback one by
`Forwards`; a delivery without a forward is recorded and not sent. `planning` stores
what is to be delivered with the event, `Courier` sends it after the commit, from a
thread of its own, and `Deliveries` is what `Sandbox` offers to look at it and to
disturb it.
"""

from .controls import Deliveries
from .forwards import Forwards
from .records import Attempt, Delivery
from .sender import Courier

__all__ = ["Attempt", "Courier", "Deliveries", "Delivery", "Forwards"]
