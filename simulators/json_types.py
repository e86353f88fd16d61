"""The type of JSON documents that are not checked yet."""

from typing import Any

type Json = Any
