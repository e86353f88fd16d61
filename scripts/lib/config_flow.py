"""What a user types into the config flow to add a virtual device."""

from custom_components.vision_hub.vendors import VENDORS


def entered(
    vendor: str, *, host: str, port: int, serial: str, username: str, password: str
) -> dict[str, str | int | bool]:
    """Return a value for each field of the vendor's form; accounts have keys, no host."""
    values: dict[str, str | int | bool] = {
        "host": host,
        "port": port,
        "url": f"http://{host}:{port}",
        "ssl": False,
        "verify_ssl": False,
        "username": username,
        "password": password,
        "user_id": serial,
        "access_key": username,
        "secret_key": password,
    }
    return {field.name: values[field.name] for field in VENDORS[vendor].fields}
