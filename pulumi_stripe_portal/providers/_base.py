"""What all resources do alike: check, diff, read, update, and the order of a create."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from pulumi_stripe_portal import _engine, _holders
from pulumi_stripe_portal._check import (
    HIDDEN,
    Failure,
    check_types,
    literals,
    shown_value,
)
from pulumi_stripe_portal._claims import Claims, claims, release_command
from pulumi_stripe_portal._extras import EXTRA, extra_warnings, held_extras
from pulumi_stripe_portal._ownership import (
    Objects,
    made_by,
    marker_of,
    objects_of,
    other_manager,
)
from pulumi_stripe_portal._params import (
    create_params,
    declared,
    everything,
    update_params,
)
from pulumi_stripe_portal._rules import MARKER_KEY, metadata_failures
from pulumi_stripe_portal._schema import Node, schema_of
from pulumi_stripe_portal._settings import Settings
from pulumi_stripe_portal._stripe import Connection, Kind
from pulumi_stripe_portal._values import (
    Path,
    differing,
    has_opaque,
    order_like,
    tidy,
    value_at,
)
from pulumi_stripe_portal.errors import (
    InvalidInputs,
    OtherAccount,
    RequestRefused,
    StripePortalError,
)

__all__ = ["StripeProvider", "named"]

Values = dict[str, Any]
Method = TypeVar("Method", bound=Callable[..., Any])

# What the program's side hands over beside the inputs themselves.
CONTROLS = ("marker", "adopt")
_HIDDEN: Callable[[str, Any], bool] = lambda _path, _value: False  # noqa: E731
_UNSEEN = object()


def named(method: Method) -> Method:
    """Begin every error of ours with the resource that it is about."""

    @functools.wraps(method)
    def wrapper(self: Any, *args: Any) -> Any:
        try:
            return method(self, *args)
        except StripePortalError as error:
            name = _engine.resource_name()
            if name and not str(error).startswith(name):
                error.args = (f"{name}: {error}",)
            raise

    return wrapper  # type: ignore[return-value]


class StripeProvider(ResourceProvider):
    """The life of one kind of object at Stripe, as Pulumi's engine asks for it.

    Instances hold nothing but the settings: they are shared by all threads, and an
    attribute set before they are configured would become part of users' state.
    """

    serialize_as_secret_always = False

    declaration: ClassVar[type]
    """The TypedDict of `inputs` that declares the resource's inputs."""
    kind: ClassVar[Kind]

    settings: Settings

    def configure(self, req: ConfigureRequest) -> None:
        """Read the settings of the stack, or of the explicit provider."""
        _engine.install()
        self.settings = Settings.of_config(req.config.get)
        if self.settings.api_key:
            self.settings.require_key()

    # --- what differs between resources -------------------------------------------

    def switches(self, inputs: Values) -> tuple[str, ...]:
        """Return the features that are off unless declared."""
        return ()

    def rules(self, inputs: Values) -> Iterator[Failure]:
        """Yield what breaks a rule that types can't say."""
        yield from metadata_failures(inputs.get("metadata"))

    def outputs(self, found: Values) -> Values:
        """Return the outputs that are not inputs, from a Stripe object."""
        raise NotImplementedError

    def advice(self, inputs: Values, *, new: bool) -> list[str]:
        """Return what new or changed inputs can't be; warn of what they rarely mean.

        `new` is true for a resource that is to be created, not adopted.
        """
        return []

    def preflight(
        self, olds: Values | None, inputs: Values, hints: Values
    ) -> list[str]:
        """Return what Stripe would refuse, asking it; warn of what it may refuse.

        `olds` is None for a resource that is to be created.
        """
        return []

    def resolved(
        self, connection: Connection, inputs: Values, sent: Values | None = None
    ) -> Mapping[str, Any]:
        """Return the inputs as Stripe is to be sent them, as far as `sent` needs it."""
        return inputs

    def as_declared(
        self,
        connection: Connection,
        inputs: Values,
        found: Values,
        sent: Values | None = None,
    ) -> Values:
        """Return a Stripe object in the words of the inputs.

        `sent` is what the write changed that the object answered.
        """
        return found

    def comparable(self, olds: Values, news: Values) -> Values:
        """Return the recorded inputs that new ones are compared with."""
        return self._inputs(olds)

    def remembered(self, inputs: Values, found: Values) -> Values:
        """Return what the state is to remember of an object besides."""
        return {}

    def name_what_stays(self, inputs: Values, found: Values) -> None:
        """Warn of what is at Stripe, and stays, without being declared."""

    def make(self, connection: Connection, props: Values) -> CreateResult:
        """Create the object, or take back the resource's own."""
        raise NotImplementedError

    def remove(self, connection: Connection, id_: str, props: Values) -> None:
        """Delete the object, or what comes nearest to it."""
        raise NotImplementedError

    def announce(self, connection: Connection, inputs: Values, found: Claims) -> None:
        """Say what becomes of the objects that an earlier run left."""

    def adoptable(self, found: Values) -> None:
        """Raise if an object can't be adopted by this resource."""

    def adopted_view(
        self, connection: Connection, inputs: Values, found: Values
    ) -> Values:
        """Return what the code is compared with where an object is to be adopted."""
        return self.view(connection, inputs, found)

    def adopted_extras(self, inputs: Values, found: Values) -> Values:
        """Return what the state of an adopted object is to remember besides."""
        return {}

    def warn_of_adopted(self, inputs: Values, found: Values) -> None:
        """Warn of what adopting does not bring under code."""
        self.name_what_stays(inputs, found)

    # --- the engine's calls ---------------------------------------------------------

    @named
    def check(self, _olds: Values, news: Values) -> CheckResult:
        """Say everything that is wrong with the inputs; put them in a stable order."""
        hints = news.pop("declaration", None) or {}
        controls = {name: news[name] for name in CONTROLS if name in news}
        inputs = self._inputs(news, strict=True)
        olds = self._inputs(_olds)
        _holders.note_stack(hints.get("stack"))
        shown = literals(hints["outputs"]) if "outputs" in hints else _HIDDEN
        failures = [
            failure.text(shown)
            for failure in (*check_types(self.declaration, inputs), *self.rules(inputs))
        ]
        changed = not _olds or any(differing(self.root, olds, inputs))
        adopting = controls.get("adopt") if not _olds else None
        if changed and not failures:
            for words in extra_warnings(olds.get(EXTRA), inputs.get(EXTRA)):
                _engine.warn(words)
            failures = self.advice(inputs, new=not _olds and not adopting)
        # An account that is to be made can't be asked yet.
        if changed and not failures and not has_opaque(inputs.get("account")):
            hints["marker"] = self.mark({**controls, **inputs})
            if hints.get("default_is_managed"):
                self.objects(self.connection(inputs)).default_is_managed = True
            if adopting:
                failures = self._adoption_failures(inputs, str(adopting), hints)
            elif self.settings.preflight:
                failures = self._ownership_failures(inputs, hints) if not _olds else []
                failures += self.preflight(olds if _olds else None, inputs, hints)
        checked = {**order_like(self.root, olds, inputs), **controls}
        if not failures:
            return CheckResult(checked, [])
        # Without a property: the engine would print the property's value, secrets too.
        lines = "".join(f"\n  - {line}" for line in failures)
        return CheckResult(checked, [CheckFailure("", lines)])

    @named
    def diff(self, _id: str, _olds: Values, _news: Values) -> DiffResult:
        """Compare by meaning: order, defaults and what Stripe fills in don't count."""
        self.refuse_other_account(_olds, _news)
        news = self._inputs(_news)
        olds = self.comparable(_olds, news)
        paths = list(differing(self.root, olds, news))
        replaces = [path[0] for path, leaf in paths if leaf.mark.create_only]
        was = olds.get("account") or _olds.get("stack_account")
        if "account" in replaces and news.get("account") == was:
            replaces.remove("account")  # the same one, which the stack named so far
        adopting = _news.get("adopt")
        if replaces and adopting:
            raise InvalidInputs(
                f"a change of {', '.join(replaces)} replaces it, but it still carries "
                "`import_`; take that line out first"
            )
        if adopting not in (None, _id):
            raise InvalidInputs(
                f"import_: it manages {_id} already, not {adopting}; take that line "
                "out, or adopt the other one under a resource name of its own"
            )
        if replaces:
            self.objects(self.connection(_olds)).replaced.add(_id)
        else:
            self._refuse_shared(_id)
        moved = _has_moved(_olds, _news)
        if moved and not replaces:
            _engine.warn(
                f"writes its ownership marker {_news['marker']!r} to {_id} "
                + (
                    f"(so far {_olds['marker']!r}: it was renamed or moved)"
                    if _olds["marker"]
                    else "(it was removed at Stripe)"
                )
            )
        # Always an explicit answer: the engine's own comparison would show noise.
        return DiffResult(changes=bool(paths) or moved, replaces=replaces)

    @named
    def create(self, props: Values) -> CreateResult:
        """Adopt what is to be imported, take back the resource's own, or create."""
        connection = self.connection(props)
        adopting = bool(props.get("adopt"))
        made = (self._adopt if adopting else self.make)(connection, props)
        self.objects(connection).made.add(made.id)
        return made

    @named
    def read(self, id_: str, props: Values) -> ReadResult:
        """Read the object back, as far as the inputs declare it."""
        inputs = _engine.old_inputs()
        getting = "marker" not in props and "account_id" not in props
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
            return self._gone(connection, id_, props)
        if getting:
            self.adoptable(found)
            view = everything(self.root, found)
            return ReadResult(id_, {**view, **self.outputs(found)}, view)
        self.name_what_stays(inputs, found)
        view = self.view(connection, inputs, found)
        remembered = self.remembered(inputs, found)
        outs = {**self._extras(props), **view, **self.outputs(found), **remembered}
        if not any(differing(self.root, inputs, view)) and self._in_step(props, view):
            # Nothing that is declared differs: it stays as it is, to the byte.
            kept, view = self._kept(props), inputs
            told = {**self.outputs(found), **remembered}
            # When somebody changed what is not declared says nothing by itself.
            others = told.keys() - {"updated"}
            same = all(kept.get(name) == told[name] for name in others)
            outs = kept if same else {**kept, **told}
        controls = self._controls(props)
        if "marker" in props:
            marker = self._marker_found(id_, props, found)
            if marker != props["marker"]:
                outs = {**outs, "marker": marker}
                controls["marker"] = marker
        return ReadResult(id_, self.sealed(outs), {**controls, **view})

    @named
    def update(self, _id: str, _olds: Values, _news: Values) -> UpdateResult:
        """Send what changed, and resets for what is gone from the inputs."""
        self.refuse_other_account(_olds, _news)
        connection = self.connection(_news)
        news = self._inputs(_news)
        olds = self.comparable(_olds, news)
        params = self._params(connection, olds, news)
        extras = self._extras(_olds)
        if not params and not _has_moved(_olds, _news):
            return UpdateResult(self.sealed({**self._kept(_olds), **extras, **news}))
        found = self._write(connection, _id, params, _olds, _news)
        self._name_what_is_left(connection, _id, news, found, params)
        outs = {
            **extras,
            **news,
            **self.outputs(found),
            **self.remembered(news, found),
            "marker": _news["marker"],
        }
        return UpdateResult(self.sealed(outs))

    @named
    def delete(self, _id: str, _props: Values) -> None:
        """Delete or release the object; one that is gone already is fine."""
        self.refuse_other_account(_props, {})
        other = other_manager(_id, _engine.resource_urn())
        if other:
            _engine.warn(
                f"{_id} stays as it is, since {_engine.resource_name(other)} manages it"
            )
            return
        connection = self.connection(_props)
        if _id in self.objects(connection).made:
            return  # `up --replace` had it taken back: it is what replaces itself
        try:
            self.remove(connection, _id, _props)
        except RequestRefused as refused:
            if not refused.says_missing(_id):
                raise
            self._require_same_account(connection, _props, "deleted")

    # --- pieces that the resources share ------------------------------------------

    @property
    def root(self) -> Node:
        """The tree of the inputs."""
        return schema_of(self.declaration)

    def connection(self, props: Mapping[str, Any]) -> Connection:
        """Return Stripe, for the account that the resource names."""
        account = props.get("account")
        return Connection.to(
            self.settings, account if isinstance(account, str) else None
        )

    def mark(self, props: Mapping[str, Any]) -> str:
        """Return what marks the resource's object at Stripe as its own."""
        return str(props["marker"])

    def objects(self, connection: Connection) -> Objects:
        """Return the objects of this kind."""
        return objects_of(connection, self.kind)

    def expect(self, connection: Connection, inputs: Values) -> None:
        """Prepare what a read will need, so that it goes in few requests."""

    def view(
        self,
        connection: Connection,
        inputs: Values,
        found: Values,
        sent: Values | None = None,
    ) -> Values:
        """Return what a Stripe object says about what the inputs declare."""
        told = self.as_declared(connection, inputs, found, sent)
        view = declared(self.root, inputs, told, switches=self.switches(inputs))
        ordered: Values = order_like(self.root, inputs, view)
        return ordered

    def outs(self, connection: Connection, props: Values, found: Values) -> Values:
        """Return the state of a resource that was created, taken back or adopted."""
        inputs = self._inputs(props)
        outs = {
            **self.view(connection, inputs, found),
            **self.outputs(found),
            **self.remembered(inputs, found),
            "account_id": connection.account_id(),
        }
        if marker_of(found) == self.mark(props):
            outs["marker"] = props["marker"]
        if self.settings.account:
            outs["stack_account"] = self.settings.account
        return outs

    def sealed(self, outs: Values) -> Values:
        """Return the state with its secrets marked as such."""
        return outs

    def _params(self, connection: Connection, olds: Values, news: Values) -> Values:
        """Return what to send; lookup keys are resolved where they are part of it."""
        params = update_params(self.root, olds, news)
        if not params:
            return params
        return update_params(
            self.root, olds, news, self.resolved(connection, news, params)
        )

    def new_object(self, connection: Connection, props: Values) -> Values:
        """Create an object that carries the resource's marker."""
        inputs = self._inputs(props)
        params = create_params(self.root, self.resolved(connection, inputs))
        params["metadata"] = {
            **params.get("metadata", {}),
            MARKER_KEY: self.mark(props),
        }
        found = connection.create(self.kind, params)
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
            found = connection.update(self.kind, created["id"], params)
        except RequestRefused as refused:
            if not _engine.incomplete(created["id"], outs, str(refused)):
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
        told = self.as_declared(connection, inputs, found)
        olds = everything(self.root, told)
        held = olds.pop("metadata", {})
        ours = {key: held[key] for key in inputs.get("metadata", {}) if key in held}
        extras = held_extras(inputs.get(EXTRA), found)
        olds = {**olds, "metadata": ours, EXTRA: extras}
        return self._params(connection, olds, inputs)

    def claimed(self, connection: Connection, inputs: Values, marker: str) -> Claims:
        """Return what the resource, which is to be created, has left at Stripe.

        Raises:
            InvalidInputs: if something carries its marker that it must not touch.
        """
        objects = self.objects(connection)
        return claims(
            connection,
            objects.marked(marker),
            is_as_declared=lambda found: (
                not has_opaque(inputs)
                and not self.missing_params(connection, inputs, found)
            ),
            default_is_managed=objects.default_is_managed,
        )

    def _ownership_failures(self, inputs: Values, hints: Values) -> list[str]:
        """Return what keeps the resource from being created; announce the rest."""
        connection = self.connection(inputs)
        try:
            found = self.claimed(connection, inputs, hints["marker"])
        except InvalidInputs as invalid:
            return [str(invalid)]
        self.announce(connection, inputs, found)
        return []

    def refuse_other_account(self, olds: Values, news: Values) -> None:
        """Raise if the state was recorded in another mode or account than now."""
        livemode = olds.get("livemode")
        if isinstance(livemode, bool) and livemode != self.settings.livemode:
            was = "live" if livemode else "test"
            raise OtherAccount(
                f"it was recorded in {was} mode, but the stack's mode is now "
                f"{self.settings.mode}; set it back with `pulumi config set "
                f"stripe-portal:mode {was}`, or use another stack. Nothing was sent"
            )
        if olds.get("account") or news.get("account"):
            return  # a change of the resource's own account replaces it
        recorded, now = olds.get("stack_account"), self.settings.account
        if "account_id" in olds and recorded != now:
            raise OtherAccount(
                f"it was recorded in account {recorded or olds['account_id']}, but "
                f"stripe-portal:account is now {now or 'not set'}; set it back, or "
                "give the resource its own `account`. Nothing was sent"
            )

    def _inputs(self, props: Mapping[str, Any], *, strict: bool = False) -> Values:
        """Return the declared inputs among what the engine hands over.

        `strict` keeps keys that don't exist, so that they can be refused.
        """
        passed = (*CONTROLS, "__provider", "declaration")
        kept = {
            key: value
            for key, value in props.items()
            if key in self.root.children or (strict and key not in passed)
        }
        tidied: Values = tidy(self.root, kept)
        return tidied

    def _controls(self, props: Values) -> Values:
        inputs = _engine.old_inputs() or props
        return {name: inputs[name] for name in CONTROLS if inputs.get(name)}

    def _extras(self, props: Values) -> Values:
        """Return what the state holds beside inputs and outputs."""
        return {
            name: value
            for name, value in props.items()
            if name not in self.root.children and name != "__provider"
        }

    def _kept(self, props: Values) -> Values:
        return {key: value for key, value in props.items() if key != "__provider"}

    def _in_step(self, props: Values, view: Values) -> bool:
        """Tell whether the recorded outputs say the same as what was read."""
        return not any(differing(self.root, self.comparable(props, view), view))

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
            found = connection.update(self.kind, id_, params)
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

    def _require_same_account(
        self, connection: Connection, props: Values, verb: str
    ) -> None:
        recorded, now = props.get("account_id"), connection.account_id()
        if recorded and now != recorded:
            raise OtherAccount(
                f"it belongs to account {recorded}, but the key is of "
                f"{now or 'an account that Stripe does not name'}; it was not {verb}. "
                "Give the key of its own account"
            )

    def _gone(self, connection: Connection, id_: str, props: Values) -> ReadResult:
        """Believe that an object is gone only where the account is the same."""
        recorded, now = props.get("account_id"), connection.account_id()
        if recorded and now != recorded:
            _engine.warn(
                f"{_engine.resource_name() or id_}: it belongs to account {recorded}, "
                f"but the key is of {now or 'an account that Stripe does not name'}; "
                "its recorded state is kept"
            )
            return ReadResult(id_, self.sealed(self._kept(props)))
        return ReadResult("", {})

    def refuse_other_owner(self, found: Values, marker: str) -> None:
        """Raise if an object carries the marker of another resource."""
        owner = marker_of(found)
        if owner is not None and made_by(owner) != made_by(marker):
            id_ = found["id"]
            raise InvalidInputs(
                f"{id_} carries the ownership marker of another resource, "
                f"{made_by(owner)!r}; where that one is to let go of it, take it out "
                "of that one's code with `retain_on_delete`, and clear the marker with "
                f"`{release_command(id_)}`"
            )

    def _read_twice(self, connection: Connection, id_: str) -> Values:
        """Read an object; that it is gone is believed when Stripe says so twice."""
        try:
            return self.objects(connection).read(id_)
        except RequestRefused as refused:
            if not refused.says_missing(id_):
                raise
        return connection.retrieve(self.kind, id_)

    def _marker_found(self, id_: str, props: Values, found: Values) -> str:
        """Return the recorded marker, "" where the object no longer carries one.

        Another resource's is named, and left: two stacks that take the object from
        each other would never come to an end.
        """
        held, recorded = marker_of(found), str(props["marker"])
        if held is None:
            return ""
        if recorded == "":
            return made_by(held)
        if made_by(held) != made_by(self.mark(props)):
            _engine.warn(
                f"{id_} carries the ownership marker of another resource, "
                f"{made_by(held)!r}, which may write to it as well; take it out of one "
                "of the two"
            )
        return recorded

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
        ignored = tuple(_engine.ignored_paths())
        left = [
            name
            for name in (".".join(path) for path, _ in differing(self.root, view, news))
            if not _is_within(name, ignored)
        ]
        if left:
            _engine.warn(
                f"{', '.join(left)} of {id_} is otherwise at Stripe than in the code, "
                "and was left as it is: it was changed there since the last refresh. "
                "`pulumi preview --refresh` shows it"
            )

    def _refuse_shared(self, id_: str) -> None:
        """Raise if another resource of the stack manages the object."""
        other = other_manager(id_, _engine.resource_urn())
        if other:
            raise InvalidInputs(
                f"{id_} is managed by {_engine.resource_name(other)} as well; remove "
                "one of the two from the code"
            )

    # --- adoption: `import_` -------------------------------------------------------

    def _found(self, connection: Connection, id_: str) -> Values:
        try:
            return self.objects(connection).adopted(id_)
        except RequestRefused as refused:
            if not refused.says_missing(id_):
                raise
            raise InvalidInputs(
                f"there is no {self.kind.noun} '{id_}' in "
                f"{self.settings.mode} mode; {refused}"
            ) from None

    def _adoption_failures(self, inputs: Values, id_: str, hints: Values) -> list[str]:
        """Return each difference between the code and the object to adopt."""
        prefix = self.kind.prefix
        if not id_.startswith(prefix):
            return [
                f"import_: '{id_}' is no id of a {self.kind.noun}; give one that "
                f"begins with '{prefix}'"
            ]
        connection = self.connection(inputs)
        try:
            found = self._found(connection, id_)
            self._refuse_shared(id_)
            self.refuse_other_owner(found, hints["marker"])
            self.adoptable(found)
        except InvalidInputs as invalid:
            return [f"import_: {invalid}"]
        view = self.adopted_view(connection, inputs, found)
        plain = literals(hints.get("outputs") or ())
        lines = [
            _difference(path, view, inputs, plain)
            for path, leaf in differing(self.root, view, inputs)
            if not leaf.mark.ours and not has_opaque(value_at(inputs, path))
        ]
        if not lines:
            _engine.warn(
                f"{_engine.resource_name() or id_}: adopts {id_} as it is; nothing is "
                "written to Stripe"
            )
            self.warn_of_adopted(inputs, found)
        return lines

    def _adopt(self, connection: Connection, props: Values) -> CreateResult:
        id_ = str(props["adopt"])
        found = self._found(connection, id_)
        self.refuse_other_owner(found, self.mark(props))
        self.adoptable(found)
        extras = self.adopted_extras(self._inputs(props), found)
        outs = {**self.outs(connection, props, found), **extras}
        return CreateResult(id_, self.sealed(outs))


def _has_moved(olds: Values, news: Values) -> bool:
    """Tell whether the object's marker is another one than the resource's now.

    One that was adopted gets a marker with its first write only.
    """
    return "marker" in olds and olds["marker"] != news.get("marker")


def _is_within(path: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a path of `ignore_changes` covers this one."""
    parts = path.split(".")
    for pattern in patterns:
        wanted = re.split(r"[.\[\]\"]+", pattern.strip('[]"'))
        pairs = zip(wanted, parts, strict=False)
        if all(one in ("*", other) for one, other in pairs):
            return True
    return False


def _difference(
    path: Path, view: Values, inputs: Values, plain: Callable[[str, Any], bool]
) -> str:
    """Say how code and object differ, and which line to change.

    Both values are hidden where the code has its own from an Output.
    """
    where = ".".join(path)
    live, coded = value_at(view, path), value_at(inputs, path)
    at_stripe, in_code = (
        shown_value(where, value) if plain(where, value) else HIDDEN
        for value in (live, coded)
    )
    entry = f"{path[-1]!r}: {at_stripe}"
    for depth in range(len(path) - 1, 0, -1):
        if value_at(inputs, path[:depth]) is None:  # what it belongs into isn't there
            entry = f"{path[depth - 1]!r}: {{{entry}}}"
    unset = live is None or live == ""
    line = f"remove {path[-1]!r} there" if unset else f"write {entry}"
    if HIDDEN in at_stripe:
        line = "write what Stripe holds"
    return (
        f"import_: {where} is {at_stripe} at Stripe, but {in_code} in the code; "
        f"{line}, or change it at Stripe first"
    )
