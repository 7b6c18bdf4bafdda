"""The accessibility bus: one connection, calls in parallel, and the events of one application at a time."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, DBusError, InvalidAddressError

from overt.errors import DesktopError
from overt.events.context import Absence
from overt.focus._backends._absence import AbsenceError

ATSPI: Final = "org.a11y.atspi."

_CONNECT_S: Final = 3.0
REMEDY: Final = (
    "start the accessibility bus before the browser: at-spi-bus-launcher --launch-immediately --a11y=1, "
    "or switch on the desktop's setting toolkit-accessibility and log in again"
)
_FAILURES: Final = (DBusError, AuthError, InvalidAddressError, OSError, EOFError, TimeoutError, ValueError, TypeError)
"""What dbus-fast raises when a bus is missing, refuses or breaks off."""


class Node(NamedTuple):
    """One accessible object: the unique bus name of its application and its path."""

    owner: str
    path: str

    @property
    def key(self) -> str:
        """Return a name that is stable while the object lives."""
        return f"{self.owner}{self.path}"

    @classmethod
    def of(cls, key: str) -> "Node":
        """Return the object with *key*."""
        owner, slash, path = key.partition("/")
        return cls(owner, slash + path)


REGISTRY: Final = Node("org.a11y.atspi.Registry", "/org/a11y/atspi/registry")
DESKTOP: Final = Node("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
DAEMON: Final = Node("org.freedesktop.DBus", "/org/freedesktop/DBus")
_A11Y: Final = Node("org.a11y.Bus", "/org/a11y/bus")

Signal = tuple[str, str, str, list[object]]
"""Sender, path, ``Interface.Member`` without its prefix, body."""


class Bus:
    """Calls that all run at once, each a future; a broken connection fails every one with ``BUS_DEAD``."""

    def __init__(self, bus: MessageBus, on_signal: Callable[[Signal], None], on_death: Callable[[], None]) -> None:
        """Drive the connected *bus*."""
        self._bus = bus
        self._on_signal = on_signal
        self._on_death = on_death
        self._waiting: dict[int, asyncio.Future[list[object]]] = {}
        self._loop = asyncio.get_running_loop()
        self.dead = False
        bus.add_message_handler(self._receive)
        self._watch = self._loop.create_task(self._until_death())

    def call(
        self, node: Node, member: str, signature: str = "", body: tuple[object, ...] = ()
    ) -> asyncio.Future[list[object]]:
        """Send *member* (``Interface.Method`` below ``org.a11y.atspi.``, or a full name) to *node*.

        The future has the answer's body. It fails with ``AbsenceError``: ``STALE`` for an error answer (the object is
        gone, or never could do this), ``BUS_DEAD`` when the connection broke.
        """
        future = self._loop.create_future()
        if self.dead or not self._bus.connected:
            future.set_exception(AbsenceError(Absence.BUS_DEAD))
            return future
        interface, method = member.rsplit(".", 1)
        serial = self._bus.next_serial()
        message = Message(
            destination=node.owner,
            path=node.path,
            interface=interface if interface.startswith("org.") else ATSPI + interface,
            member=method,
            signature=signature,
            body=list(body),
            serial=serial,
        )
        self._waiting[serial] = future
        future.add_done_callback(lambda _: self._waiting.pop(serial, None))
        self._bus.send(message).add_done_callback(swallow)
        return future

    async def close(self) -> None:
        """Break the connection off; harmless when called twice."""
        if not self.dead:
            self._die()
            self._bus.disconnect()
        self._watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watch

    def _receive(self, message: Message) -> bool:
        future = self._waiting.get(message.reply_serial or 0)
        if message.message_type is MessageType.METHOD_RETURN and future is not None:
            if not future.done():
                future.set_result(message.body)
            return True
        if message.message_type is MessageType.ERROR and future is not None:
            if not future.done():
                future.set_exception(AbsenceError(Absence.STALE))
                future.add_done_callback(swallow)
            return True
        if message.message_type is MessageType.SIGNAL and message.interface:
            name = message.interface.removeprefix(ATSPI + "Event.") + "." + (message.member or "")
            self._on_signal((message.sender or "", message.path or "", name, message.body))
        return False

    async def _until_death(self) -> None:
        with contextlib.suppress(*_FAILURES):
            await _disconnected(self._bus)
        if not self.dead:
            self._die()
            self._on_death()

    def _die(self) -> None:
        self.dead = True
        for future in list(self._waiting.values()):
            if not future.done():
                future.set_exception(AbsenceError(Absence.BUS_DEAD))
                future.add_done_callback(swallow)


async def _disconnected(bus: MessageBus) -> None:
    wait: Any = bus.wait_for_disconnect  # has no types
    await wait()


def swallow(future: asyncio.Future[Any]) -> None:
    """Look at the outcome, so that asyncio never logs it as forgotten."""
    if not future.cancelled():
        future.exception()


class Session:
    """The session bus, asked where the accessibility bus is and whether it is switched on; starts nothing."""

    def __init__(self, bus: MessageBus) -> None:
        """Ask the connected *bus*."""
        self._bus = bus

    async def has_accessibility(self) -> bool:
        """Say whether somebody owns ``org.a11y.Bus``.

        Asking that name itself would make the session start an accessibility bus that is switched off.
        """
        body = await self._ask(DAEMON, "org.freedesktop.DBus", "NameHasOwner", ("org.a11y.Bus",))
        return body[:1] == [True]

    async def address(self) -> str:
        """Return the accessibility bus's address, or "" when it does not say."""
        body = await self._ask(_A11Y, "org.a11y.Bus", "GetAddress")
        return body[0] if body and isinstance(body[0], str) else ""

    async def enabled(self) -> bool:
        """Say whether accessibility is switched on, which browsers look at when they start."""
        question = ("org.a11y.Status", "IsEnabled")
        body = await self._ask(_A11Y, "org.freedesktop.DBus.Properties", "Get", question)
        return bool(body and isinstance(body[0], Variant) and body[0].value is True)

    async def close(self) -> None:
        """Break the connection off."""
        self._bus.disconnect()
        with contextlib.suppress(*_FAILURES):
            await _disconnected(self._bus)

    async def _ask(self, node: Node, interface: str, member: str, body: tuple[str, ...] = ()) -> list[object]:
        """Return the answer's body; empty when it is an error, late, or the bus is gone."""
        question = Message(
            destination=node.owner,
            path=node.path,
            interface=interface,
            member=member,
            signature="s" * len(body),
            body=list(body),
        )
        try:
            async with asyncio.timeout(_CONNECT_S):
                answer = await self._bus.call(question)
        except _FAILURES:
            return []
        return answer.body if answer.message_type is MessageType.METHOD_RETURN else []


async def open_session(address: str | None) -> Session:
    """Connect to the session bus at *address* (default: the environment's); raises ``DesktopError`` with a remedy."""
    try:
        async with asyncio.timeout(_CONNECT_S):
            return Session(await MessageBus(address, BusType.SESSION).connect())
    except _FAILURES as error:
        raise DesktopError(
            "there is no session bus", hint="log in to a desktop session, or start the program under dbus-run-session"
        ) from error


async def accessibility_address(session_address: str | None) -> str:
    """Ask the session bus (*session_address*, default the environment's) where the accessibility bus is.

    Raises ``DesktopError`` that tells a missing session bus from a missing accessibility bus.
    """
    session = await open_session(session_address)
    try:
        address = await session.address() if await session.has_accessibility() else ""
    finally:
        await session.close()
    if not address:
        raise DesktopError("there is no accessibility bus", hint=REMEDY)
    return address


async def open_bus(
    session_address: str | None, on_signal: Callable[[Signal], None], on_death: Callable[[], None]
) -> Bus:
    """Connect to the accessibility bus of the session; raises ``DesktopError`` with the remedy."""
    address = await accessibility_address(session_address)
    try:
        async with asyncio.timeout(_CONNECT_S):
            bus = await MessageBus(address).connect()
    except _FAILURES as error:
        raise DesktopError("the accessibility bus refuses the connection", hint=REMEDY) from error
    return Bus(bus, on_signal, on_death)
