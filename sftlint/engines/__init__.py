"""Where the work happens: this process, this machine's processors, or many machines. One interface, `Engine`."""

from sftlint.engines.local import ENOUGH as ENOUGH
from sftlint.engines.local import Engine as Engine
from sftlint.engines.local import Processes as Processes
from sftlint.engines.local import Serial as Serial
from sftlint.engines.local import for_size as for_size
