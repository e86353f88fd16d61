"""Start Home Assistant as `python -m homeassistant` does, without its voice libraries.

Two of them must be compiled, which not every machine can. Home Assistant imports them
to describe its actions, and uses them for voice alone, which nothing here needs.
"""

from importlib.util import find_spec
import sys
from types import ModuleType

for library, name in (("pymicro_vad", "MicroVad"), ("pyspeex_noise", "AudioProcessor")):
    if find_spec(library) is None:
        absent = ModuleType(library)
        setattr(absent, name, type(name, (), {}))
        sys.modules[library] = absent

if __name__ == "__main__":
    from homeassistant.__main__ import main

    sys.exit(main())
