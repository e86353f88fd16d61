"""What a server has when it leaves the virtual factory. All of it is invented."""

from functools import partial

from simulators import pictures

from .capture_generator import seed_of
from .device import STORAGE, Device
from .models import Camera, Category, Found, Library, Person, Task, TaskType

# Name, what its picture shows.
_PLACES = (
    ("Front door", "door"),
    ("Lobby", "corridor"),
    ("Classroom in", "corridor"),
    ("Classroom out", "corridor"),
    ("Yard", "yard"),
    ("Workshop", "workshop"),
    ("Canteen", "shop"),
    ("Gate", "yard"),
)
_LIBRARIES = ("Staff", "Watch list", "Pupils")
# Library, name, pinyin, sex, category.
_PEOPLE = (
    (1, "Ada Winter", "adawinter", 2, Category.WHITE),
    (1, "Boris Reed", "borisreed", 1, Category.WHITE),
    (1, "陈梅", "chenmei", 2, Category.WHITE),
    (2, "Unwelcome Visitor", "unwelcomevisitor", 1, Category.BLACK),
    (3, "Dora Hill", "dorahill", 2, Category.WHITE),
    (3, "林小雨", "linxiaoyu", 0, Category.WHITE),
)
_NETWORK = (
    ("192.0.2.201", "Hikvision"),
    ("192.0.2.202", "Dahua"),
    ("192.0.2.203", "Uniview"),
)
_AGE = 30 * 86_400.0
_WATCH, _ROLL_CALL, _SIGN_IN = "Entrance watch", "Roll call", "Sign-in"


def furnish_camera(device: Device, name: str | None = None) -> Camera:
    """Add a camera as somebody at the server's own page would."""
    number = device.next_id("camera")
    place, scene = _PLACES[(number - 1) % len(_PLACES)]
    lap = (number - 1) // len(_PLACES)
    camera = Camera(
        number,
        name or (f"{place} {lap + 1}" if lap else place),
        device.now(),
        stream=f"camera/{number}",
        scene=scene,
    )
    device.cameras[number] = camera
    return camera


def furnish_person(
    device: Device,
    name: str,
    *,
    lib_id: int = 1,
    category: int = Category.WHITE,
    sex: int = 0,
    card_no: str = "",
    pinyin: str = "",
) -> Person:
    """Add a person whose picture is drawn."""
    device.library(lib_id)
    path = device.new_path("person")
    device.files.put(path, partial(pictures.face, seed_of(path)))
    person = Person(
        device.long_id("person"),
        lib_id,
        name,
        path,
        device.now(),
        pinyin=pinyin,
        sex=sex,
        card_no=card_no,
        category=category,
    )
    device.people[person.person_id] = person
    return person


def furnish(device: Device, *, cameras: int, people: bool = True) -> None:
    """Fill a new server: configuration, cameras, libraries, persons, tasks."""
    device.configs[STORAGE] = {"ip": "127.0.0.1", "port": 10009}
    device.network = [Found(*row) for row in _NETWORK]
    for _ in range(cameras):
        furnish_camera(device)
    if people:
        _people(device)
        _tasks(device)
    for rows in (device.cameras, device.libraries, device.people, device.tasks):
        for row in rows.values():
            row.create_time -= _AGE


def _people(device: Device) -> None:
    for name in _LIBRARIES:
        lib_id = device.next_id("library")
        device.libraries[lib_id] = Library(lib_id, name, 0, "", device.now())
    for number, (lib_id, name, pinyin, sex, category) in enumerate(_PEOPLE, 1):
        furnish_person(
            device,
            name,
            lib_id=lib_id,
            category=category,
            sex=sex,
            card_no=f"EX{number:04d}",
            pinyin=pinyin,
        )


def _task(
    device: Device, name: str, kind: TaskType, entry: list[int], out: list[int]
) -> Task:
    task = Task(device.next_id("task"), name, entry, [], device.now(), kind, out)
    device.tasks[task.task_id] = task
    return task


def _tasks(device: Device) -> None:
    """Watch the entrance (on), call the roll (off), sign in at the class room (on)."""
    known = list(device.cameras)
    classroom = [number for number in known if number in (3, 4)]
    others = [number for number in known if number not in classroom]
    if others:
        task = _task(device, _WATCH, TaskType.ORDINARY, others, [])
        task.lib_list, task.state = [1, 2], 1
        task = _task(device, _ROLL_CALL, TaskType.ROLL_CALL, others[:1], others[1:2])
        task.lib_list = [1]
    if classroom:
        task = _task(device, _SIGN_IN, TaskType.SIGN_IN, classroom[:1], classroom[1:])
        task.lib_list, task.state = [1, 3], 1
