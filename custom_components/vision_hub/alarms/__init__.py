"""The alarm pipeline: receive, de-duplicate, archive, publish, catch up."""
