"""What is sent: an object that is made, changed or taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.errors import RequestRefused
from pulumi_stripe_portal.providers.account_guard import AccountGuard
from pulumi_stripe_portal.providers.resource import Values
from pulumi_stripe_portal.schema.extras import EXTRA, held_extras
from pulumi_stripe_portal.schema.metadata_rules import MARKER_KEY
from pulumi_stripe_portal.schema.values import differing
from pulumi_stripe_portal.stripe_api.params import create_params, update_params
from pulumi_stripe_portal.stripe_api.views import inputs_from_object

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["Writing", "is_within"]


class Writing(AccountGuard):
    """Sends what the inputs say, and the marker with it."""

    def _params(self, connection: Connection, olds: Values, news: Values) -> Values:
        """Return what to send; lookup keys are resolved where they are part of it."""
        params = update_params(self.root, olds, news)
        if not params:
            return params
        return update_params(
            self.root, olds, news, self.resolve(connection, news, params)
        )

    def new_object(self, connection: Connection, props: Values) -> Values:
        """Create an object that carries the resource's marker."""
        inputs = self._inputs(props)
        params = create_params(self.root, self.resolve(connection, inputs))
        params["metadata"] = {
            **params.get("metadata", {}),
            MARKER_KEY: self.mark(props),
        }
        found = connection.create(self.manages.kind, params)
        self.objects(connection).put(found)
        return found

    def second_step(
        self, connection: Connection, created: Values, params: Values, outs: Values
    ) -> Values:
        """Change what was just created in what Stripe takes in an update only.

        Where that is refused, the engine is told that the object with the state `outs`
        exists, but is not complete; the next `up` updates it.
        """
        try:
            found = connection.update(self.manages.kind, created["id"], params)
        except RequestRefused as refused:
            if not engine.door().tell_incomplete(created["id"], outs, str(refused)):
                raise
            return created
        self.objects(connection).put(found)
        return found

    def take_back(self, connection: Connection, props: Values, found: Values) -> Values:
        """Make an object that is the resource's own match the inputs."""
        params = self.missing_params(connection, self._inputs(props), found)
        if not params:
            return found
        return self._write(connection, found["id"], params, {}, props)

    def missing_params(
        self, connection: Connection, inputs: Values, found: Values
    ) -> Values:
        """Return what to send so that an object is as the inputs say, and no more."""
        told = self.reword(connection, inputs, found)
        olds = inputs_from_object(self.root, told)
        held = olds.pop("metadata", {})
        ours = {key: held[key] for key in inputs.get("metadata", {}) if key in held}
        extras = held_extras(inputs.get(EXTRA), found)
        olds = {**olds, "metadata": ours, EXTRA: extras}
        return self._params(connection, olds, inputs)

    def _write(
        self,
        connection: Connection,
        id_: str,
        params: Values,
        olds: Values,
        news: Values,
    ) -> Values:
        """Send an update; the marker goes with it where it is not there yet."""
        marker = self.mark(news)
        if "marker" not in olds or self.mark(olds) != marker:
            params = {**params, "metadata": {**params.get("metadata", {})}}
            params["metadata"][MARKER_KEY] = marker
        try:
            found = connection.update(self.manages.kind, id_, params)
        except RequestRefused as refused:
            if refused.says_missing(id_):
                self._require_same_account(connection, olds, "updated")
                refused.args = (
                    f"{id_} is gone at Stripe; `pulumi refresh`, then `pulumi up` "
                    f"makes it again. {refused}",
                )
            raise
        self.objects(connection).put(found)
        return found

    def _name_what_is_left(
        self,
        connection: Connection,
        id_: str,
        news: Values,
        found: Values,
        sent: Values,
    ) -> None:
        """Warn of what an update did not touch and is otherwise than declared.

        The preview has not shown it, so it is left for the next refresh to show.
        """
        view = self.view(connection, news, found, sent)
        ignored = tuple(engine.door().ignored_paths())
        left = [
            name
            for name in (".".join(path) for path, _ in differing(self.root, view, news))
            if not is_within(name, ignored)
        ]
        if left:
            engine.warn(
                f"{', '.join(left)} of {id_} is otherwise at Stripe than in the code, "
                "and was left as it is: it was changed there since the last refresh. "
                "`pulumi preview --refresh` shows it"
            )


def is_within(path: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a path of `ignore_changes` covers this one."""
    parts = path.split(".")
    for pattern in patterns:
        wanted = re.split(r"[.\[\]\"]+", pattern.strip('[]"'))
        pairs = zip(wanted, parts, strict=False)
        if all(one in ("*", other) for one, other in pairs):
            return True
    return False
