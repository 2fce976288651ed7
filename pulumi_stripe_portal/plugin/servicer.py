"""What Pulumi's engine calls: the providers' methods, with messages for values.

https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto says what each
call is for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from pulumi_stripe_portal.engine.host import Host
from pulumi_stripe_portal.engine.plugin import Call, Plugin, answers
from pulumi_stripe_portal.engine.urn import Urn
from pulumi_stripe_portal.errors import InvalidInputs
from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.providers.default_portal_configuration import (
    DefaultPortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.resource import Differences
from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider
from pulumi_stripe_portal.schema.resources import DISTRIBUTION, type_name
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stripe_api.markers import marker_of_urn
from pulumi_stripe_portal.stripe_api.settings import SETTINGS

from .functions import FUNCTIONS
from .settings import configure_request, settings_problem, short_names

__all__ = ["PROVIDERS", "StripePortal", "schema"]

PROVIDERS: tuple[type[StripeProvider], ...] = (
    DefaultPortalConfigurationProvider,
    PortalConfigurationProvider,
    WebhookEndpointProvider,
)
"""The providers of the resource types that the plugin serves."""

_SECRETS = ("secrets",)
"""The place of no input, where it differs what is a secret."""
_SOME, _NONE = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE


def _version() -> str:
    """Return the package's version; what knows it takes long to import."""
    from importlib.metadata import version

    return version(DISTRIBUTION)


def schema() -> str:
    """Return what Pulumi's code generators are told, with this package's version."""
    text = Path(__file__).with_name("schema.json").read_text(encoding="utf-8")
    return json.dumps({**json.loads(text), "version": _version()})


class StripePortal(Plugin):
    """The plugin, as the engine calls it."""

    def __init__(self, host: Host | None = None) -> None:
        """Take the engine that started the process, None where there is none."""
        super().__init__(host)
        self._providers = {each.manages.name: each() for each in PROVIDERS}

    def _provider(self, request: Any) -> StripeProvider:
        urn = Urn.of(request.urn)
        if urn is None or not urn.type:
            raise InvalidInputs(f"{request.urn[:200]!r} is no URN of a resource")
        found = self._providers.get(type_name(urn.type))
        if found is None:
            raise InvalidInputs(f"there is no resource type {urn.type}")
        return found

    @answers
    def Handshake(self, request: Any, call: Call) -> Any:
        """Say what the plugin can do, before anything else."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    @answers
    def GetPluginInfo(self, request: Any, call: Call) -> Any:
        """Return the package's version."""
        return plugin_pb2.PluginInfo(version=_version())

    @answers
    def GetSchema(self, request: Any, call: Call) -> Any:
        """Return the schema."""
        return provider_pb2.GetSchemaResponse(schema=schema())

    @answers
    def CheckConfig(self, request: Any, call: Call) -> Any:
        """Say what is wrong with the settings; keep the key a secret."""
        news = call.take("news")
        call.secrets |= {(name,) for name, each in SETTINGS.items() if each.is_secret}
        problem = settings_problem(news)
        return provider_pb2.CheckResponse(
            inputs=call.give(news), failures=_failures([problem] if problem else [])
        )

    @answers
    def DiffConfig(self, request: Any, call: Call) -> Any:
        """Name the settings that change; each resource judges whether it may."""
        olds, news = short_names(call.look("olds")), short_names(call.look("news"))
        changed = [
            (name,) for name in {**olds, **news} if olds.get(name) != news.get(name)
        ]
        return _diff_response(Differences(changed, []), olds, news)

    @answers
    def Configure(self, request: Any, call: Call) -> Any:
        """Give all providers the settings."""
        given = configure_request(call.look("args"))
        for provider in self._providers.values():
            provider.configure(given)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @answers
    def Check(self, request: Any, call: Call) -> Any:
        """Say what is wrong with the inputs; add the marker, which the URN tells."""
        provider = self._provider(request)
        news = {**call.take("news"), "marker": marker_of_urn(request.urn)}
        # Which only this package's classes in Python hand over.
        self.is_python = self.is_python or "declaration" in news
        result = provider.check(call.look("olds"), news)
        # Without a property: the engine would print the property's value, secrets too.
        reasons = [each.reason for each in result.failures]
        return provider_pb2.CheckResponse(
            inputs=call.give(result.inputs), failures=_failures(reasons)
        )

    @answers
    def Diff(self, request: Any, call: Call) -> Any:
        """Compare by meaning, and say what differs, path by path.

        What the state holds in clear, and is a secret in the program by now, is an
        update too, though nothing is sent: its answer marks the value. The engine's own
        import reads it in clear, since it tells no inputs of the program's then.
        """
        olds, news = call.look("olds"), call.take("news")
        found = self._provider(request).diff(request.id, olds, news)
        before = (call.old_inputs() or olds) if found.paths else olds
        exposed = call.clear_secrets("olds")
        if exposed and not found.paths:
            paths = ", ".join(map(_path_text, exposed))
            call.log("INFO", f"becomes a secret in the state as well: {paths}")
            # Not at its own place: there the engine shows how the state has it.
            found = Differences([_SECRETS], [])
        return _diff_response(found, before, news)

    @answers
    def Create(self, request: Any, call: Call) -> Any:
        """Create an object; a preview says what is known of it before."""
        provider, props = self._provider(request), call.take("properties")
        if request.preview:
            planned = call.give(provider.plan(props))
            return provider_pb2.CreateResponse(
                id=props.get("adopt") or "", properties=planned
            )
        made = provider.create(props)
        return provider_pb2.CreateResponse(id=made.id, properties=call.give(made.outs))

    @answers
    def Read(self, request: Any, call: Call) -> Any:
        """Read an object back, or one of which the state holds nothing."""
        provider = self._provider(request)
        props, inputs = call.take("properties"), call.take("inputs")
        known = props or inputs
        found = (
            provider.read(request.id, props)
            if known
            else provider.import_object(request.id)
        )
        return provider_pb2.ReadResponse(
            id=found.id or "",
            properties=call.give(found.outs),
            inputs=None if found.inputs is None else call.give(found.inputs),
        )

    @answers
    def Update(self, request: Any, call: Call) -> Any:
        """Change an object; a preview says what is known of it before."""
        provider, news = self._provider(request), call.take("news")
        olds = call.take("olds", besides=news)
        if request.preview:
            outs = provider.plan(news, olds)
        else:
            outs = provider.update(request.id, olds, news).outs or {}
        return provider_pb2.UpdateResponse(properties=call.give(outs))

    @answers
    def Delete(self, request: Any, call: Call) -> Any:
        """Delete or release an object."""
        self._provider(request).delete(request.id, call.look("properties"))
        return Empty()

    @answers
    def Cancel(self, request: Any, call: Call) -> Any:
        """Let what is under way come to its end; a marker finds what a kill leaves."""
        return Empty()

    @answers
    def Invoke(self, request: Any, call: Call) -> Any:
        """Look something up."""
        function = FUNCTIONS.get(request.tok)
        if function is None:
            raise InvalidInputs(f"there is no function {request.tok}")
        settings = next(iter(self._providers.values())).settings
        found = function.run(settings, call.look("args"))
        return provider_pb2.InvokeResponse(**{"return": call.give(found)})


def _failures(reasons: list[str]) -> list[Any]:
    return [provider_pb2.CheckFailure(reason=each) for each in reasons]


def _diff_response(
    found: Differences, olds: Mapping[str, Any], news: Mapping[str, Any]
) -> Any:
    kinds = dict(_kinds(found, olds, news))
    return provider_pb2.DiffResponse(
        changes=_SOME if found.changes else _NONE,
        replaces=found.replaces or (),
        diffs=sorted({path[0] for path in found.paths}),
        detailedDiff={
            path: provider_pb2.PropertyDiff(kind=kind, inputDiff=True)
            for path, kind in kinds.items()
        },
        hasDetailedDiff=True,
    )


def _kinds(
    found: Differences, olds: Mapping[str, Any], news: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Yield each path as Pulumi spells it, and what happens there."""
    kind = provider_pb2.PropertyDiff
    for path in found.paths:
        before, after = value_at(olds, path), value_at(news, path)
        name = "ADD" if before is None else "DELETE" if after is None else "UPDATE"
        name = "UPDATE" if path == _SECRETS else name
        replaces = path[0] in (found.replaces or ())
        yield _path_text(path), kind.Kind.Value(f"{name}_REPLACE" if replaces else name)


def _path_text(path: tuple[str, ...]) -> str:
    """Return a path as Pulumi parses it: `metadata["a key"]`, `features.invoice`.

    https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/property_path.go
    """
    first, *rest = (
        name if name.isidentifier() else "[" + json.dumps(name) + "]" for name in path
    )
    return first + "".join(f".{name}" if name[0] != "[" else name for name in rest)
