"""A stack of the user's own program, on a sandbox, without Pulumi's engine."""

from __future__ import annotations

import asyncio
import contextvars
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pulumi
from pulumi.runtime import set_all_config, set_mocks, settings, stack

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.plugin.settings import configure_request
from pulumi_stripe_portal.sandbox import Request, Sandbox
from pulumi_stripe_portal.schema.resources import BY_NAME, CONFIGURATIONS
from pulumi_stripe_portal.stripe_api.settings import Settings

from .lives import LiveResource, Lives
from .monitor import Monitor, Others
from .portal import Portal
from .projects import Project, of_function, read_project

__all__ = ["StackResource", "StripeStack"]


@dataclass(frozen=True)
class StackResource:
    """A resource of this package's, as the stack has it.

    Attributes:
        type: Its type, such as `WebhookEndpoint`.
        name: Its name in the program.
        id: The id of its object at Stripe, `bpc_…` or `we_…`.
        outputs: What a program gets of it, secrets in clear.
    """

    type: str
    name: str
    id: str
    outputs: Mapping[str, Any]


class StripeStack:
    """A stack of your own program, on a sandbox.

    `up` runs the program in this process, under Pulumi's mocks, and hands what it
    declares to the providers that the engine would call. They ask the sandbox over
    HTTP. No Pulumi CLI is needed, and no state is kept but in this object.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        """Take the sandbox; nothing is declared yet.

        Args:
            sandbox: A running one.
        """
        self.sandbox = sandbox
        """Where the resources are."""
        self.outputs: Mapping[str, Any] = {}
        """What the program exports, secrets in clear."""
        self.requests: list[Request] = []
        """What the last `up` asked Stripe."""
        self._lives = Lives()

    def up(
        self,
        program: str | os.PathLike[str] | Callable[[], Any],
        *,
        stack: str = "test",
        config: Mapping[str, str] | None = None,
        mocks: pulumi.runtime.Mocks | None = None,
    ) -> None:
        """Run the program, and do what it declares; again, do what has changed.

        While it runs, `STRIPE_API_BASE` and `STRIPE_API_KEY` point at the sandbox.
        Checks, rules and requests are those of `pulumi up`; `ignore_changes` is not
        understood in a second `up`, and no state of another run is known.

        Args:
            program: The folder of `Pulumi.yaml`; one of the project's modules, run in
                place of the whole program; or a function that declares resources.
            stack: The stack's name, whose `Pulumi.<stack>.yaml` has the settings.
            config: More settings, by their whole names: `{"shop:site": "https://…"}`;
                also instead of what is encrypted in the stack's file.
            mocks: What answers for resources and functions of other providers. Without
                it each resource is as it was declared, and functions are refused.
                https://www.pulumi.com/docs/iac/guides/testing/unit/

        Raises:
            InvalidInputs: What is declared breaks a rule, or isn't in the sandbox.
            StripePortalError: The settings or an answer of Stripe's don't fit.
        """
        project = (
            of_function(program, "shop")
            if callable(program)
            else read_project(Path(program), stack)
        )
        given = {**project.config, **(config or {})}
        monitor = Monitor(
            self._lives,
            mocks or Others(),
            (stack, project.name),
            lambda own: self._settings(given if own is None else own),
        )
        self._lives.begin()
        before = len(self.sandbox.requests)
        with self._environ(self._settings(given)):
            try:
                _run(project, stack, given, monitor)
                self._lives.delete_others()
            finally:
                self.requests = self.sandbox.requests[before:]
        self.outputs = monitor.outputs

    @property
    def warnings(self) -> list[str]:
        """What the last `up` warned of, each with the resource's name."""
        return list(self._lives.warnings)

    @property
    def resources(self) -> list[StackResource]:
        """This package's resources in the stack, in the order of their making."""
        return [
            StackResource(kind, name, found.id, found.outs)
            for (kind, name), found in self._lives.state.items()
        ]

    def resource(self, name: str) -> StackResource:
        """Return one of this package's resources.

        Args:
            name: Its name in the program.

        Raises:
            LookupError: There is none of that name, or several.
        """
        found = [each for each in self.resources if each.name == name]
        if len(found) != 1:
            names = ", ".join(f"{each.type} {each.name!r}" for each in self.resources)
            many = "several resources have" if found else "no resource has"
            raise LookupError(f"{many} the name {name!r}; the stack has: {names}")
        return found[0]

    def portal(self, name: str) -> Portal:
        """Return a portal configuration, to be asked what customers can do.

        Args:
            name: The name of its resource in the program.

        Raises:
            LookupError: There is none of that name.
        """
        found = self.resource(name)
        recorded = self._lives.state[found.type, found.name]
        if BY_NAME[found.type].kind is not CONFIGURATIONS:
            raise LookupError(f"{found.type} {name!r} is no portal configuration")
        return self._portal(recorded)

    @property
    def default(self) -> Portal:
        """The portal of the stack's `DefaultPortalConfiguration`.

        Raises:
            LookupError: The program declares none.
        """
        for (kind, _), found in self._lives.state.items():
            if BY_NAME[kind].is_default:
                return self._portal(found)
        raise LookupError("the program declares no DefaultPortalConfiguration")

    def add_product(
        self, name: str, prices: Mapping[str, str], *, livemode: bool = False
    ) -> str:
        """Make a product of yours in the sandbox, for programs that name its prices.

        Args:
            name: Its name, such as `Team`.
            prices: The interval of each price by its lookup key:
                `{"team_monthly": "month", "team_annual": "year"}`.
            livemode: Whether in live mode.

        Returns:
            The product's id.
        """
        client = self.sandbox.client(livemode=livemode)
        product = client.v1.products.create({"name": name})
        for number, (key, interval) in enumerate(prices.items(), start=1):
            params: Any = {
                "product": product.id,
                "currency": "usd",
                "unit_amount": 1000 * number,
                "lookup_key": key,
                "recurring": {"interval": interval},
            }
            client.v1.prices.create(params)
        return product.id

    def _portal(self, found: LiveResource) -> Portal:
        given = found.goal.settings
        account = found.outs.get("account") or given.account
        return Portal(found.goal.name, found.id, self.sandbox, given.livemode, account)

    def _settings(self, given: Mapping[str, Any]) -> Settings:
        """Return settings as given, but for the key and the address."""
        own = {name: given[name] for name in given if not name.endswith("apiBase")}
        with self._environ(None):
            read = Settings.of_config(configure_request(own).config.get)
        sandbox = self.sandbox
        key = sandbox.live_api_key if read.livemode else sandbox.api_key
        return replace(read, api_key=key, api_base=sandbox.url, from_environment=False)

    @contextmanager
    def _environ(self, given: Settings | None) -> Iterator[None]:
        """Point the environment at the sandbox; `given` has the key."""
        key = given.api_key if given and given.api_key else self.sandbox.api_key
        wanted = {**self.sandbox.environ, "STRIPE_API_KEY": key}
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _run(
    project: Project, name: str, config: Mapping[str, str], monitor: Monitor
) -> None:
    """Run a program to its end, apart from what else Pulumi knows in this process.

    It has a thread of its own, as a test may be run by an event loop.
    """
    problem: list[BaseException] = []

    def run() -> None:
        set_all_config(dict(config), secret_keys=[])
        try:
            asyncio.run(_run_to_end(project, name, monitor))
        except BaseException as error:
            problem.append(error)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,))
    thread.start()
    thread.join()
    if monitor.failure is not None:
        raise monitor.failure
    if not problem:
        return
    if isinstance(problem[0], pulumi.ConfigMissingError):
        missing = problem[0].key
        if missing in project.encrypted:
            raise SettingsError(
                f"{missing} is encrypted in the stack's file, which no test can read; "
                f'give one of its own: up(…, config={{"{missing}": "…"}})'
            ) from None
    raise problem[0]


async def _run_to_end(project: Project, name: str, monitor: Monitor) -> None:
    # What waits for what failed has nothing more to say.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    # `set_mocks` makes a stack where there is none, and the program is to have its own.
    settings.ROOT.set(cast("Any", monitor))
    set_mocks(monitor.mocks, project.name, name, preview=False, monitor=monitor)
    settings.ROOT.set(None)
    # Outputs of another run, or of a test's own mocks, are not this one's to wait for.
    settings.SETTINGS.outputs = type(settings.SETTINGS.outputs)()
    await stack.run_in_stack(project.run)
