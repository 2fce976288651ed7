"""What users test their own programs with: run one here, ask what customers can do.

A program runs in this process, under Pulumi's mocks, but what it declares goes through
the real providers to a real sandbox over HTTP: what fails at Stripe fails here. That
takes no Pulumi CLI, and milliseconds. `projects` reads a project's files, `monitor` is
the engine that the program talks to, `lives` does what the engine does to a resource,
`portal` asks the sandbox, `stack` is the whole. `pytest_plugin` has the fixture.
May import `errors`, `inputs`, `schema`, `engine`, `stripe_api`, `stacks`, `providers`,
`plugin` and `sandbox`.
"""

from __future__ import annotations

from .portal import Portal
from .stack import StackResource, StripeStack

__all__ = ["Portal", "StackResource", "StripeStack"]
