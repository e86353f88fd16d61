"""Multipart forms as devices receive them."""

from dataclasses import dataclass

from aiohttp import BodyPartReader, web


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part."""

    filename: str
    content: bytes


type Part = tuple[str, str | Upload]


async def read_form(request: web.Request) -> tuple[list[Part], int]:
    """Return names with texts or files, in their order, and how many bytes they are."""
    parts: list[Part] = []
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read())
        size += len(content)
        value: str | Upload = content.decode(errors="replace")
        if part.filename is not None:
            value = Upload(part.filename, content)
        parts.append((part.name, value))
    return parts, size


def without_files(given: dict[str, object]) -> dict[str, object]:
    """Return the fields of a form as the request log keeps them: files by name."""
    return {
        name: value.filename if isinstance(value, Upload) else value
        for name, value in given.items()
    }
