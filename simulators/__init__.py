"""Virtual AI video boxes that behave on the wire like the vendors' manuals say."""
