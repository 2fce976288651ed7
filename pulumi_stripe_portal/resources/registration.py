"""One resource as the program declares it: checked before it is registered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pulumi

from pulumi_stripe_portal.resources.door import is_plugin, package
from pulumi_stripe_portal.resources.invalid import InvalidProgram
from pulumi_stripe_portal.resources.program import running_program
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.offer import lookup_keys
from pulumi_stripe_portal.schema.plain import plain
from pulumi_stripe_portal.schema.resources import ResourceType
from pulumi_stripe_portal.schema.validate import Failure, literals
from pulumi_stripe_portal.stripe_api.markers import marker_text

__all__ = ["Declaration"]


def _marker(kind: str, name: str) -> str:
    """Return the text that marks a resource's object at Stripe as its own."""
    return marker_text(pulumi.get_project(), pulumi.get_stack(), kind, name)


def _stack_reference() -> str:
    """Return how the CLI is told this stack, whichever is selected elsewhere."""
    organization, stack = pulumi.get_organization(), pulumi.get_stack()
    return f"{organization}/{pulumi.get_project()}/{stack}" if organization else stack


class Declaration:
    """One resource as the program declares it: its options, and what to register."""

    def __init__(
        self,
        type_: ResourceType,
        name: str,
        opts: pulumi.ResourceOptions | None,
        account: Any,
    ) -> None:
        """Take what the program says of one resource, and refuse what can't work."""
        self._type = type_
        self.title = f"{type_.name} '{name}'"
        self.marker = _marker(type_.name, name)
        self._program = running_program()
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
        if is_plugin():
            return
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
        self.hints["default"] = default is not None
        if default is not None:
            waits = pulumi.ResourceOptions(depends_on=[default[1]])
            self.opts = pulumi.ResourceOptions.merge(self.opts, waits)

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

    def prepare(
        self, inputs: Mapping[str, Any], mark: str | None = None
    ) -> dict[str, Any]:
        """Check the inputs and return what to register the resource with.

        Registration waits until every resource of the program is declared, and fails
        with all problems of all resources where there is any. Under Pulumi's mocks the
        call itself fails, where a unit test can expect it. `mark` is the marker where
        the resource's own is not all of it.
        """
        mark = mark or self.marker
        checked, failures = self._check(inputs)
        program = self._program
        program.add(self.title, [failure.text() for failure in failures])
        program.lookup_keys.update(dict.fromkeys(lookup_keys(checked)))
        self._refuse_twins(mark)
        if program.of_one:
            program.judge()
        outputs = tuple(_opaque_paths(checked))
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
            late = pulumi.Output.from_input(checked)
            resolved = await late.future(with_unknowns=True)

            if isinstance(resolved, Mapping):
                shown = literals(outputs)
                found = [failure.text(shown) for failure in self._check(resolved)[1]]
                program.add(self.title, found)

        # As an Output it would be one for each value in it, of 16 tasks in all.
        told = asyncio.ensure_future(hints())
        told.add_done_callback(_look_at)
        return {
            **_sound(checked, self.title),
            "marker": self.marker,
            "adopt": self.adopt,
            "declaration": told,
        }

    def _check(self, inputs: Mapping[str, Any]) -> tuple[dict[str, Any], list[Failure]]:
        """Return inputs as Pulumi can carry them, and all that is wrong with them."""
        carried, unsendable = plain(inputs)
        said = {failure.path for failure in unsendable}
        found = self._type.failures(carried)
        others = [failure for failure in found if failure.path not in said]
        return carried, [*unsendable, *others]

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
            other = self._program.adoptions.setdefault(str(self.adopt), self.title)
            if other != self.title:
                self._program.add(
                    self.title, [f"import_: {self.adopt} is adopted by {other} already"]
                )


def _look_at(told: asyncio.Task[Any]) -> None:
    """Keep asyncio quiet about a failure that nobody waits for any more."""
    if not told.cancelled():
        told.exception()


def _provider_of(opts: pulumi.ResourceOptions) -> pulumi.ProviderResource | None:
    """Return the explicit provider that a resource will have, its own or inherited."""
    ours = package()
    if opts.provider is not None and opts.provider.package == ours:
        return opts.provider
    given = opts.providers or []
    for provider in given.values() if isinstance(given, Mapping) else given:
        if provider.package == ours:
            return provider
    return opts.parent.get_provider(f"{ours}::") if opts.parent else None


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
            raise InvalidProgram(f"{title}; nothing was sent to Stripe:{lines}\n")
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
