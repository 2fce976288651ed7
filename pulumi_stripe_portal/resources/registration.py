"""The program's side of a resource: checks all inputs before anything is registered.

Pulumi's engine reports only the first resource whose check fails. Here every resource
of the program is checked first, and all that is wrong is said at once.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor
from typing_extensions import Self

from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.plain import plain
from pulumi_stripe_portal.schema.tree import schema_of
from pulumi_stripe_portal.schema.validate import Failure, literals
from pulumi_stripe_portal.stripe_api.catalogue import lookup_keys
from pulumi_stripe_portal.stripe_api.markers import marker_text

__all__ = ["Declaration", "Readable", "marker"]

Checker = Callable[[Mapping[str, Any]], list[Failure]]
"""Returns what is wrong with a resource's inputs; what is not known yet passes."""

_TURNS = 25


def marker(kind: str, name: str) -> str:
    """Return the text that marks a resource's object at Stripe as its own."""
    return marker_text(pulumi.get_project(), pulumi.get_stack(), kind, name)


def _stack_reference() -> str:
    """Return how the CLI is told this stack, whichever is selected elsewhere."""
    organization, stack = pulumi.get_organization(), pulumi.get_stack()
    return f"{organization}/{pulumi.get_project()}/{stack}" if organization else stack


class _Program:
    """What this run of the program has declared so far."""

    def __init__(self) -> None:
        self.problems: dict[str, list[str]] = {}
        self.markers: set[str] = set()
        self.adopted: dict[str, str] = {}
        self.defaults: dict[tuple[Any, Any], tuple[str, pulumi.Resource]] = {}
        self.lookup_keys: dict[str, None] = {}
        self._verdict: asyncio.Task[None] | None = None

    def add(self, title: str, lines: list[str]) -> None:
        """Record what is wrong with a resource, each line once."""
        known = self.problems.get(title, [])
        fresh = [line for line in lines if line not in known]
        if fresh:
            self.problems.setdefault(title, []).extend(fresh)

    async def passes(self) -> None:
        """Wait until every resource is declared.

        Raises:
            pulumi.RunError: with all problems of all resources, if there is any.
        """
        if self._verdict is None:
            self._verdict = asyncio.ensure_future(self._judge())
        await asyncio.shield(self._verdict)

    async def _judge(self) -> None:
        # A program's code runs to its end before the loop runs a task. What is known
        # without asking the engine (secrets of the configuration) follows in a few
        # turns of the loop, and is waited for.
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        if not self.problems:
            return
        count = sum(map(len, self.problems.values()))
        noun = "problem" if count == 1 else "problems"
        text = "".join(
            f"\n\n{title}:" + "".join(f"\n  - {line}" for line in lines)
            for title, lines in self.problems.items()
        )
        raise pulumi.RunError(f"{count} {noun}; nothing was sent to Stripe.{text}\n")


_programs: weakref.WeakKeyDictionary[Any, _Program] = weakref.WeakKeyDictionary()


def _program() -> _Program:
    """Return the record of the running program (tests run several in a process).

    Without an engine (`pulumi.runtime.set_mocks`) every resource stands alone: unit
    tests make the same one over and over.
    """
    stack = pulumi.runtime.get_root_resource()
    if stack is None or isinstance(get_monitor(), MockMonitor):
        return _Program()
    return _programs.setdefault(stack, _Program())


class Readable(Resource):
    """A resource that can be read without being managed."""

    _managed_by: ClassVar[type[StripeProvider]]
    _told: ClassVar[tuple[str, ...]]
    """The outputs that are not inputs."""

    def __init__(
        self,
        resource_name: str,
        props: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """Register the resource, with all of its outputs."""
        # An output exists only where its name is registered, if only as None.
        props = {**props, **dict.fromkeys(self._told)}
        super().__init__(self._managed_by(), resource_name, props, opts)

    def _get_providers(
        self, t: str, pkg: str | None, opts: pulumi.ResourceOptions
    ) -> tuple[pulumi.ProviderResource | None, Mapping[str, pulumi.ProviderResource]]:
        """Refuse an id to import that came after this resource read its options.

        The SDK asks here for the provider, with the options that transformations left.
        Fallback: the engine tries to import by itself, and shows a KeyError.
        """
        if opts.import_:
            kind = t.rpartition(":")[2]
            raise pulumi.RunError(
                f"{kind} '{self._name}': import_ was set by a transformation, which "
                "has no effect on Python dynamic resources; set it in the resource's "
                "own `opts`"
            )
        return super()._get_providers(t, pkg, opts)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        *,
        account: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Read an existing one without managing it.

        `id` is Stripe's (`bpc_…`, `we_…`), `account` the connected account that it
        belongs to. All outputs are as Stripe has them, but for an endpoint's `secret`,
        which Stripe doesn't tell: it is None. An id that doesn't exist fails the
        preview.
        """
        reading = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        found = cls.__new__(cls)
        names = schema_of(cls._managed_by.declaration).children
        props = {**dict.fromkeys(names), "account": account}
        Readable.__init__(found, resource_name, props, reading)
        return found


class Declaration:
    """One resource as the program declares it: its options, and what to register."""

    def __init__(
        self, kind: str, name: str, opts: pulumi.ResourceOptions | None, account: Any
    ) -> None:
        self.title = f"{kind} '{name}'"
        self._program = _program()
        self.opts = pulumi.ResourceOptions.merge(opts, None)
        # Pulumi can't import into a Python dynamic resource (pulumi/pulumi#16175): the
        # id is handed to the provider as the input `adopt` instead.
        self.adopt, self.opts.import_ = self.opts.import_, None
        place = account if account is None or isinstance(account, str) else id(account)
        self._where = (id(_provider_of(self.opts)), place)
        self._refuse_options()
        self.hints: dict[str, Any] = {"depends_on": bool(self.opts.depends_on)}

    def _refuse_options(self) -> None:
        """Say which of Pulumi's options can't work for a dynamic resource."""
        if self.opts.replace_on_changes:
            pulumi.log.warn(
                f"{self.title}: replace_on_changes has no effect on Python dynamic "
                "resources; the engine can't ask them for the details it needs"
            )
        if self.opts.version:
            # It would start a second default provider.
            pulumi.log.warn(f"{self.title}: version has no effect here and was ignored")
            self.opts.version = None

    def wait_for_default(self) -> None:
        """Make a configuration wait for the account's default, if one is declared."""
        default = self._program.defaults.get(self._where)
        if default is not None:
            waits = pulumi.ResourceOptions(depends_on=[default[1]])
            self.opts = pulumi.ResourceOptions.merge(self.opts, waits)
            self.hints["default"] = True

    def is_default(self, resource: pulumi.Resource, name: str) -> None:
        """Record the account's default; a second one is a problem."""
        first = self._program.defaults.setdefault(self._where, (name, resource))
        if first[1] is not resource:
            self._program.add(
                self.title,
                [
                    "an account has one default configuration, and "
                    f"'{first[0]}' manages it already; remove one of the two"
                ],
            )

    def registered(
        self, inputs: Mapping[str, Any], mark: str, check: Checker
    ) -> dict[str, Any]:
        """Check the inputs and return what to register the resource with.

        Registration waits until every resource of the program is declared, and fails
        with all problems of all resources where there is any.
        """
        settled, failures = _checked(inputs, check)
        program = self._program
        program.add(self.title, [failure.text() for failure in failures])
        program.lookup_keys.update(dict.fromkeys(lookup_keys(settled)))
        self._refuse_twins(mark)
        outputs = tuple(_opaque_paths(settled))
        self.hints["outputs"] = list(outputs)

        async def hints() -> dict[str, Any]:
            if outputs:
                asyncio.ensure_future(check_late())  # noqa: RUF006 - ends by itself
            await program.passes()
            return {
                **self.hints,
                "lookup_keys": list(program.lookup_keys),
                "default_is_managed": self._where in program.defaults,
                "stack": _stack_reference(),
            }

        async def check_late() -> None:
            late = pulumi.Output.from_input(settled)
            resolved = await late.future(with_unknowns=True)

            if isinstance(resolved, Mapping):
                shown = literals(outputs)
                found = [
                    failure.text(shown) for failure in _checked(resolved, check)[1]
                ]
                program.add(self.title, found)

        return {
            **_sound(settled, self.title),
            "marker": mark,
            "adopt": self.adopt,
            "declaration": pulumi.Output.from_input(hints()),
        }

    def _refuse_twins(self, mark: str) -> None:
        if mark in self._program.markers:
            self._program.add(
                self.title,
                [
                    "another resource of this program has the same ownership marker "
                    f"{mark!r}; give one of the two another name"
                ],
            )
        self._program.markers.add(mark)
        if self.adopt:
            other = self._program.adopted.setdefault(str(self.adopt), self.title)
            if other != self.title:
                self._program.add(
                    self.title, [f"import_: {self.adopt} is adopted by {other} already"]
                )


def _provider_of(opts: pulumi.ResourceOptions) -> pulumi.ProviderResource | None:
    """Return the explicit provider that a resource will have, its own or inherited."""
    package = "pulumi-python"
    if opts.provider is not None and opts.provider.package == package:
        return opts.provider
    given = opts.providers or []
    for provider in given.values() if isinstance(given, Mapping) else given:
        if provider.package == package:
            return provider
    return opts.parent.get_provider(f"{package}:dynamic:") if opts.parent else None


def _checked(
    inputs: Mapping[str, Any], check: Checker
) -> tuple[dict[str, Any], list[Failure]]:
    """Return the inputs as Pulumi can carry them, and all that is wrong with them."""
    settled, unsendable = plain(inputs)
    said = {failure.path for failure in unsendable}
    others = [failure for failure in check(settled) if failure.path not in said]
    return settled, [*unsendable, *others]


def _sound(value: Any, title: str, path: str = "") -> Any:
    """Let an Output of what can't be sent fail with one line, instead of a traceback.

    Pulumi waits for it while it registers the resource, when the program's problems
    may have been told already.
    """
    if isinstance(value, Mapping):
        items = value.items()
        return {k: _sound(item, title, f"{path}.{k}".lstrip(".")) for k, item in items}
    if isinstance(value, list):
        return [_sound(item, title, f"{path}[{n}]") for n, item in enumerate(value)]
    if not isinstance(value, pulumi.Output):
        return value

    def sendable(resolved: Any) -> Any:
        carried, failures = plain(resolved)
        if failures:
            lines = "".join(
                f"\n  - {replace(each, path=path + each.path).text()}"
                for each in failures
            )
            raise pulumi.RunError(f"{title}; nothing was sent to Stripe:{lines}\n")
        return carried

    return value.apply(sendable)


def _opaque_paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of values that are not plain."""
    if is_opaque(value):
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _opaque_paths(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _opaque_paths(item, f"{path}[{index}]")
