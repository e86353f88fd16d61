"""A Huawei account in Home Assistant."""
