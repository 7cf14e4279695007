"""The load generator mqload: compiled from the file beside this one when it is first needed."""

import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().with_name("mqload.c")
BINARY = Path(__file__).resolve().parents[1] / "target/mqload"
COMPILERS = ("gcc", "cc", "clang")


def add_option(parser):
    """Adds --mqload, for a generator of one's own."""
    parser.add_argument(
        "--mqload", default=os.environ.get("MQLOAD"),
        help="load generator; default: MQLOAD, else compiled from mqload.c")


def path(options):
    """The generator to run; compiles it when its source is newer."""
    if options.mqload:
        if not os.access(options.mqload, os.X_OK):
            raise SystemExit(f"{options.mqload} cannot be run: leave --mqload and MQLOAD out")
        return options.mqload
    if not BINARY.exists() or BINARY.stat().st_mtime < SOURCE.stat().st_mtime:
        compile_to(BINARY)
    return str(BINARY)


def compile_to(binary):
    """Compiles beside the target first, so that nobody runs half a file."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        raise SystemExit(
            "the load generator needs a C compiler: install gcc (Debian: apt-get install gcc"
            " libc6-dev), or give a compiled mqload by --mqload")
    binary.parent.mkdir(exist_ok=True)
    part = binary.with_name(f"{binary.name}.{os.getpid()}")
    done = subprocess.run(
        [compiler, "-O2", "-o", str(part), str(SOURCE)], stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{compiler} does not compile {SOURCE.name}:\n{done.stderr}")
    part.replace(binary)
