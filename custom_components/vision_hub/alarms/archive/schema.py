"""The tables of the archive, and how its database is opened."""

from collections.abc import Callable
import logging
from pathlib import Path
from typing import Final

from sqlalchemy import (
    Connection,
    Engine,
    ForeignKey,
    Index,
    NullPool,
    UniqueConstraint,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from .faults import DatabaseTooNew

VERSION: Final = 3


def _add_task(connection: Connection) -> None:
    for column in ("task", "passage"):
        connection.exec_driver_sql(f"ALTER TABLE alarms ADD COLUMN {column} VARCHAR")


def _wait_for_pictures(connection: Connection) -> None:
    for statement in (
        "ALTER TABLE pictures ADD COLUMN due INTEGER",
        "ALTER TABLE pictures ADD COLUMN attempts INTEGER DEFAULT '0' NOT NULL",
        "CREATE INDEX pictures_waiting ON pictures (alarm) WHERE due IS NOT NULL",
        "UPDATE pictures SET due = 0 WHERE path IS NULL AND reference IS NOT NULL",
    ):
        connection.exec_driver_sql(statement)


# What turns a database of version n, counted from 1, into one of version n + 1.
MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (
    _add_task,
    _wait_for_pictures,
)

# SQLAlchemy would log every statement, and at its debug level every row.
_LOGGING_NAME: Final = "vision_hub"
logging.getLogger(f"sqlalchemy.engine.Engine.{_LOGGING_NAME}").setLevel(logging.WARNING)

# How long another program may hold the database, in milliseconds.
PATIENCE: Final = 10_000


class Base(DeclarativeBase):
    """All tables. Times are microseconds since 1970, UTC."""


class AlarmRow(Base):
    """An alarm. Hubs number pushes and records apart, hence two ids."""

    __tablename__ = "alarms"
    __table_args__ = (
        UniqueConstraint("hub", "alarm_id"),
        UniqueConstraint("hub", "record_id"),
        Index("alarms_by_kind", "hub", "channel", "kind", "time"),
        Index("alarms_by_time", "time"),
        Index("alarms_by_arrival", "hub", "received", "size"),
        Index("alarms_by_clip", "hub", "clip", sqlite_where=text("clip IS NOT NULL")),
        # A key is never given twice, not even after the newest alarm was deleted.
        {"sqlite_autoincrement": True},
    )

    key: Mapped[int] = mapped_column(primary_key=True)
    hub: Mapped[str]
    source: Mapped[str]
    alarm_id: Mapped[str | None]
    record_id: Mapped[str | None]
    channel: Mapped[str | None]
    channel_name: Mapped[str | None]
    kind: Mapped[str]
    code: Mapped[str]
    phase: Mapped[str]
    time: Mapped[int]
    received: Mapped[int]
    late: Mapped[bool]
    size: Mapped[int]
    """Bytes of pictures and clip."""
    matches: Mapped[str | None]
    targets: Mapped[str | None]
    counts: Mapped[str | None]
    task: Mapped[str | None]
    passage: Mapped[str | None]
    clip: Mapped[str | None]
    clip_path: Mapped[str | None] = mapped_column(index=True)


class PictureRow(Base):
    """A picture: where its file is, where the hub keeps it, or both."""

    __tablename__ = "pictures"
    __table_args__ = (
        Index("pictures_waiting", "alarm", sqlite_where=text("due IS NOT NULL")),
    )

    key: Mapped[int] = mapped_column(primary_key=True)
    alarm: Mapped[int] = mapped_column(
        ForeignKey("alarms.key", ondelete="CASCADE"), index=True
    )
    role: Mapped[str]
    reference: Mapped[str | None]
    path: Mapped[str | None] = mapped_column(index=True)
    due: Mapped[int | None]
    """When to fetch it; None: it is here, or there is no hope."""
    attempts: Mapped[int] = mapped_column(server_default="0")


class HubRow(Base):
    """What is known of a hub as a whole."""

    __tablename__ = "hubs"

    hub: Mapped[str] = mapped_column(primary_key=True)
    complete_until: Mapped[int]
    """No alarm before this time is missing."""


class ToldRow(Base):
    """Up to which alarm of a hub everybody was told."""

    __tablename__ = "told"

    hub: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[int]


def _engine(database: Path, begin: str, *pragmas: str) -> Engine:
    """Return an engine whose errors name no values, for they may be personal."""
    engine = create_engine(
        f"sqlite:///{database}",
        poolclass=NullPool,
        hide_parameters=True,
        logging_name=_LOGGING_NAME,
    )

    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # Leaves BEGIN to SQLAlchemy: the driver's own would break savepoints.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={PATIENCE}", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def open_for_writing(database: Path) -> Connection:
    """Return the connection that may write; `migrate` it first."""
    database.touch(mode=0o600)
    return _engine(
        database,
        "BEGIN IMMEDIATE",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ).connect()


def open_for_reading(database: Path) -> Connection:
    """Return a connection that reads beside the writing one."""
    return _engine(database, "BEGIN", "query_only=ON").connect()


def is_empty(connection: Connection) -> bool:
    """Tell whether the database was never used."""
    with connection.begin():
        return _version(connection) == 0


def migrate(connection: Connection) -> None:
    """Make the tables, or bring them to what this release needs."""
    with connection.begin():
        version = _version(connection)
        if version > VERSION:
            raise DatabaseTooNew(
                f"The archive was written by a later release (its version is {version}, "
                f"this release knows {VERSION}); update Vision Hub or move the file away"
            )
        if version == 0:
            Base.metadata.create_all(connection)
        else:
            for migration in MIGRATIONS[version - 1 :]:
                migration(connection)
        write_version(connection)


def _version(connection: Connection) -> int:
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    return version


def write_version(connection: Connection) -> None:
    """Write what is always known, within a transaction."""
    connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")
