"""Run ecobelt with stderr on a terminal of its own. Usage: terminal.py SECONDS SIGNAL ARGS...

After SECONDS the signal (INT, TERM; - for none) is sent. What was written to the terminal goes to screen.txt; the exit code is the
program's.
"""
import os
import pty
import signal
import subprocess
import sys
import threading


def main():
    seconds, name, args = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    master, slave = pty.openpty()
    program = subprocess.Popen([os.environ["ECOBELT"], *args], stderr=slave, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                               env={**os.environ, "TERM": "xterm"})
    os.close(slave)
    if name != "-":
        threading.Timer(seconds, program.send_signal, [getattr(signal, "SIG" + name)]).start()
    screen = b""
    while True:
        try:
            block = os.read(master, 65536)
        except OSError:  # what Linux says when the other end is closed
            break
        if not block:
            break
        screen += block
    with open("screen.txt", "wb") as out:
        out.write(screen)
    sys.exit(program.wait() % 256)


main()
