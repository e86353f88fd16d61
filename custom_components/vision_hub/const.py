"""Names that more than one file needs."""

from typing import Final

DOMAIN: Final = "vision_hub"

CONF_VENDOR: Final = "vendor"
CONF_TOKEN: Final = "token"

OPTION_CALLBACK_URL: Final = "callback_url"
OPTION_HOLD_TIME: Final = "hold_time"
OPTION_KEEP_DAYS: Final = "keep_days"
OPTION_KEEP_MEGABYTES: Final = "keep_megabytes"

DEFAULT_KEEP_DAYS: Final = 30
DEFAULT_KEEP_MEGABYTES: Final = 2048

TROUBLESHOOTING: Final = (
    "https://github.com/vision-hub/vision-hub/blob/main/docs/troubleshooting.md"
)
