"""The program that `pulumi up` runs."""

import portal  # noqa: F401 - declares its resources where it is imported
