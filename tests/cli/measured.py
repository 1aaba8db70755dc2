"""measured.py FILE NAME PROGRAM [ARGUMENT...]: run it, and add a line on it to FILE: seconds, seconds of the processor, peak memory."""

import resource
import subprocess
import sys
import time

started = time.monotonic()
status = subprocess.run(sys.argv[3:], check=False).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "a", encoding="utf-8") as file:
    print(
        f"{sys.argv[2]}: {time.monotonic() - started:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of the processor,",
        f"{used.ru_maxrss / 1024:.0f} MiB, status {status}: {' '.join(sys.argv[4:])}",
        file=file,
    )
sys.exit(128 - status if status < 0 else status)
