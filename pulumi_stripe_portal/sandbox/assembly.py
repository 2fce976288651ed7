"""What a sandbox is made of, and how the parts know each other."""

from __future__ import annotations

from pathlib import Path

from . import catalogue
from .data import accounts
from .data.clock import Clock
from .data.store import Partition, Store
from .http.api import Api
from .portal_session import PortalSessions
from .routes import RESOURCES, payment_method_configurations
from .webhooks import Deliveries, Forwards, Sender

__all__ = ["Assembly"]


class Assembly:
    """The parts of a sandbox with its data at *path*, None to keep it in memory.

    Attributes:
        origin: Where the sandbox answers, once it does.
    """

    def __init__(
        self, path: Path | None, *, catalogue: bool, older_links: bool, link_life: int
    ) -> None:
        """Make them, with or without products and prices, and with either link.

        A portal link waits *link_life* seconds to be opened.
        """
        self.origin = "http://127.0.0.1"
        self._path = path
        self._catalogue = catalogue
        self.clock = Clock()
        self.store = self.fresh()
        self.store.older_links = older_links
        self.api = Api(self.store, self.clock)
        self.portal_sessions = PortalSessions(
            self.store, self.clock, RESOURCES, self.api.due_events, link_life
        )
        self.forwards = Forwards()
        self.sender = Sender(self.store, self.clock, self.forwards, self.tick)
        self.deliveries = Deliveries(self.store, self.sender, self.forwards)

    @property
    def parts(self) -> tuple[Clock, Store, Api]:
        """What everything is done with: the time, the data and the API."""
        return self.clock, self.store, self.api

    def fresh(self) -> Store:
        """Return a store with nothing but the first account and what accounts have."""
        store = Store(self._path, self._seed)
        accounts.add_account(store, accounts.DEFAULT_ACCOUNT)
        return store

    def tick(self) -> int | None:
        """Let happen what is due, and return when more will be."""
        return self.api.due_events.catch_up(self.origin)

    def _seed(self, store: Store, partition: Partition) -> None:
        payment_method_configurations.seed(store, partition)
        if self._catalogue:
            catalogue.seed(partition, self.clock.now())
