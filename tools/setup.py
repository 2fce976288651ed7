"""Set the project up: `python3 tools/setup.py [--tests]`.

Only the guard lives here, in words that old Pythons understand too.
"""

import os
import sys

if sys.version_info < (3, 10):  # noqa: UP036 - this is the line that tells
    sys.exit(
        "setup: Python 3.10 or newer is needed, this is %d.%d; "  # noqa: UP031
        "name another one with: make PYTHON=python3.12 setup" % sys.version_info[:2]
    )

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

from tools.environment import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
