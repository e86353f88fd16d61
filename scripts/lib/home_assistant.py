"""Start Home Assistant without its voice satellites, as `python -m homeassistant` does.

They need libraries that must be compiled for some machines, and nothing here uses them.
"""

import sys

from homeassistant import __main__, bootstrap

bootstrap.DEFAULT_INTEGRATIONS.discard("assist_satellite")

if __name__ == "__main__":
    sys.exit(__main__.main())
