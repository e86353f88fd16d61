"""Vision Hub in Home Assistant: by topic here, by vendor in the folders."""
