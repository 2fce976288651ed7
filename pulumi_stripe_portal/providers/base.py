"""What Pulumi's engine asks of every resource, from check to delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    ReadResult,
    UpdateResult,
)

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.engine.options import IMPORT, option
from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.providers.adoption import Adopting
from pulumi_stripe_portal.providers.naming import name_resource
from pulumi_stripe_portal.providers.resource import (
    CONTROLS,
    Differences,
    Values,
    is_importing,
)
from pulumi_stripe_portal.providers.soundness import (
    require_checked,
    require_sound,
    sound_hints,
)
from pulumi_stripe_portal.schema.extras import EXTRA, extra_warnings
from pulumi_stripe_portal.schema.validate import check_types, literals
from pulumi_stripe_portal.schema.values import (
    differing,
    has_opaque,
    identical,
    order_like,
)
from pulumi_stripe_portal.stacks import holders
from pulumi_stripe_portal.stripe_api.markers import other_manager
from pulumi_stripe_portal.stripe_api.settings import Settings
from pulumi_stripe_portal.stripe_api.views import inputs_from_object

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["StripeProvider", "Values"]

_MOST, _LONGEST = 50, 5000
"""How many failures of one resource are told, and how much of each (characters)."""
_HIDDEN: Callable[[str, Any], bool] = lambda _path, _value: False  # noqa: E731


class StripeProvider(Adopting):
    """The life of one kind of object at Stripe, as Pulumi's engine asks for it."""

    def configure(self, req: ConfigureRequest) -> None:
        """Read the settings of the stack, or of the explicit provider."""
        engine.door().install()
        self.settings = Settings.of_config(req.config.get)
        if self.settings.api_key:
            self.settings.require_key()

    @name_resource
    def check(self, _olds: Values, news: Values) -> CheckResult:
        """Say everything that is wrong with the inputs; put them in a stable order."""
        hints = {**engine.door().hints(), **sound_hints(news.pop("declaration", None))}
        controls = {name: news[name] for name in CONTROLS if name in news}
        inputs = self._inputs(news, strict=True)
        olds = self._inputs(_olds)
        holders.note_stack(hints.get("stack"))
        # What this check has recorded already needs no validation again, whose import
        # alone takes as long as all else that is done for an unchanged resource. The
        # diff, which follows, looks whether it can have been.
        recorded = "marker" in _olds and identical(olds, inputs)
        if not recorded:
            require_sound(self.manages, _olds)
        failures = [] if recorded else self._invalid(inputs, hints)
        changed = not (recorded or failures) and (
            not _olds or any(differing(self.root, olds, inputs))
        )
        adopting = controls.get("adopt") if not _olds else None
        if changed:
            for words in extra_warnings(olds.get(EXTRA), inputs.get(EXTRA)):
                engine.warn(words)
            failures = self.advice(inputs, new=not _olds and not adopting)
        # An account that is to be made can't be asked yet.
        if changed and not failures and not has_opaque(inputs.get("account")):
            hints["marker"] = self.mark({**controls, **inputs})
            if self.manages.is_default or hints.get("default_is_managed"):
                self.objects(self.connection(inputs)).default_is_managed = True
            if adopting:
                failures = self._adoption_failures(inputs, str(adopting), hints)
            elif self.settings.preflight:
                failures = self._ownership_failures(inputs, hints) if not _olds else []
                failures += self.preflight(olds if _olds else None, inputs, hints)
        checked = inputs if recorded else order_like(self.root, olds, inputs)
        checked = {**checked, **controls}
        if not failures:
            return CheckResult(checked, [])
        # Without a property: the engine would print the property's value, secrets too.
        lines = "".join(f"\n  - {line[:_LONGEST]}" for line in failures[:_MOST])
        if len(failures) > _MOST:
            lines += f"\n  - and {len(failures) - _MOST} more"
        return CheckResult(checked, [CheckFailure("", lines)])

    @name_resource
    def diff(self, _id: str, _olds: Values, _news: Values) -> Differences:
        """Compare by meaning: order, defaults and what Stripe fills in don't count."""
        require_sound(self.manages, _olds, _news, engine.door().old_inputs() or {})
        self.refuse_other_account(_olds, _news)
        news = self._inputs(_news)
        if is_importing(_olds):
            self.tell_of_import(_id, _olds, news)
        olds = self.comparable(_olds, news)
        found = list(differing(self.root, olds, news))
        paths = [path for path, _ in found]
        replaces = [path[0] for path, leaf in found if leaf.mark.create_only]
        was = olds.get("account") or _olds.get("stack_account")
        if "account" in replaces and news.get("account") == was:
            replaces.remove("account")  # the same one, which the stack named so far
        adopting = _news.get("adopt")
        if replaces and adopting:
            raise InvalidInputs(
                f"a change of {', '.join(replaces)} replaces it, but it still carries "
                f"{option(IMPORT)}; take that line out first"
            )
        if adopting not in (None, _id):
            raise InvalidInputs(
                f"{IMPORT}: it manages {_id} already, not {adopting}; take that line "
                "out, or adopt the other one under a resource name of its own"
            )
        if replaces:
            self.objects(self.connection(_olds)).replaced_ids.add(_id)
        else:
            self._refuse_shared(_id)
        moved = _has_moved(_olds, _news)
        if moved and not replaces:
            engine.warn(
                f"writes its ownership marker {_news.get('marker')!r} to {_id} "
                + (
                    f"(so far {_olds['marker']!r}: it was renamed or moved)"
                    if _olds["marker"]
                    else "(it was removed at Stripe)"
                )
            )
        if moved:
            paths.append(("marker",))
        if "__provider" in _news and "__provider" not in _olds:
            # Back from the plugin: without it in the state, nothing could delete it.
            paths.append(("__provider",))
        return Differences(paths, replaces)

    @name_resource
    def create(self, props: Values) -> CreateResult:
        """Adopt what is to be imported, take back the resource's own, or create."""
        require_checked(self.manages, props)
        connection = self.connection(props)
        adopting = bool(props.get("adopt"))
        made = (self._adopt if adopting else self.make)(connection, props)
        self.objects(connection).made_ids.add(made.id)
        return made

    @name_resource
    def read(self, id_: str, props: Values) -> ReadResult:
        """Read the object back, as far as the inputs declare it."""
        inputs = engine.door().old_inputs()
        require_sound(self.manages, props, inputs or {}, known=True)
        getting = props.keys().isdisjoint(("marker", "account_id", "imported"))
        inputs = {} if getting else self._inputs(props if inputs is None else inputs)
        if not getting:
            self.refuse_other_account(props, inputs)
        connection = self.connection(props if getting else {**props, **inputs})
        self.expect(connection, inputs)
        try:
            found = self._read_twice(connection, id_)
        except RequestRefused as refused:
            if not refused.says_missing(id_):
                raise
            if getting:
                raise RequestRefused(f"there is no {id_}: {refused}") from None
            return self._answer_gone(connection, id_, props)
        if getting:
            self.adoptable(found)
            view = inputs_from_object(self.root, found)
            return ReadResult(id_, {**view, **self.outputs(found)}, view)
        self.name_what_stays(inputs, found)
        view = self.view(connection, inputs, found)
        notes = self.notes(inputs, found)
        outs = {**self._extras(props), **view, **self.outputs(found), **notes}
        if not any(differing(self.root, inputs, view)) and self._in_step(props, view):
            # Nothing that is declared differs: it stays as it is, to the byte.
            kept, view = self._bare(props), inputs
            told = {**self.outputs(found), **notes}
            # When somebody changed what is not declared says nothing by itself.
            others = told.keys() - {"updated"}
            same = all(kept.get(name) == told[name] for name in others)
            outs = kept if same else {**kept, **told}
        controls = self._controls(props)
        owner = self._owner_record(id_, props, found)
        if any(props.get(name) != told for name, told in owner.items()):
            outs = {**outs, **owner}
        if owner["marker"] != props.get("marker"):
            controls["marker"] = owner["marker"]
        return ReadResult(id_, self.seal(outs), {**controls, **view})

    @name_resource
    def update(self, _id: str, _olds: Values, _news: Values) -> UpdateResult:
        """Send what changed, and resets for what is gone from the inputs."""
        require_sound(self.manages, _olds, engine.door().old_inputs() or {})
        require_checked(self.manages, _news)
        self.refuse_other_account(_olds, _news)
        connection = self.connection(_news)
        news = self._inputs(_news)
        olds = self.comparable(_olds, news)
        params = self._params(connection, olds, news)
        extras = self._extras(_olds)
        if extras.pop("imported", None):
            extras["account_id"] = connection.account_id()
        if not params and not _has_moved(_olds, _news):
            kept = extras if "imported" in _olds else {**self._bare(_olds), **extras}
            return UpdateResult(self.seal({**kept, **news}))
        found = self._write(connection, _id, params, _olds, _news)
        self._name_what_is_left(connection, _id, news, found, params)
        outs = {
            **extras,
            **news,
            **self.outputs(found),
            **self.notes(news, found),
            "marker": _news["marker"],
        }
        return UpdateResult(self.seal(outs))

    @name_resource
    def delete(self, _id: str, _props: Values) -> None:
        """Delete or release the object; one that is gone already is fine."""
        require_sound(self.manages, _props, known=True)
        self.refuse_other_account(_props, {})
        other = other_manager(_id, engine.door().resource_urn())
        if other:
            engine.warn(
                f"{_id} stays as it is, since {engine.resource_name(other)} manages it"
            )
            return
        connection = self.connection(_props)
        if _id in self.objects(connection).made_ids:
            return  # `up --replace` had it taken back: it is what replaces itself
        try:
            self.remove(connection, _id, _props)
        except RequestRefused as refused:
            if not refused.says_missing(_id):
                raise
            self._require_same_account(connection, _props, "deleted")

    def _invalid(self, inputs: Values, hints: Values) -> list[str]:
        """Return what the declaration forbids of the inputs."""
        shown = literals(hints["outputs"]) if "outputs" in hints else _HIDDEN
        types = check_types(self.manages.inputs, inputs)
        return [each.text(shown) for each in (*types, *self.rules(inputs))]

    def _in_step(self, props: Values, view: Values) -> bool:
        """Tell whether the recorded outputs say the same as what was read."""
        return not any(differing(self.root, self.comparable(props, view), view))

    def _read_twice(self, connection: Connection, id_: str) -> Values:
        """Read an object; that it is gone is believed when Stripe says so twice."""
        try:
            return self.objects(connection).read(id_)
        except RequestRefused as refused:
            if not refused.says_missing(id_):
                raise
        return connection.retrieve(self.manages.kind, id_)


def _has_moved(olds: Values, news: Values) -> bool:
    """Tell whether the object's marker is another one than the resource's now.

    One that was adopted gets a marker with its first write only.
    """
    return "marker" in olds and olds["marker"] != news.get("marker")
