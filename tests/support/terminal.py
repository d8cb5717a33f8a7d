"""Run ecobelt with stderr on a terminal of its own, and send it signals. Usage: terminal.py SECONDS SIGNALS ARGS...

After SECONDS each of SIGNALS (as in INT or TERM,TERM; - for none) is sent. What was written to the terminal goes to screen.txt, the
seconds it went on after the signal to stopping.txt; the exit code is the program's (128 + signal where it was killed).
"""
import os
import pty
import signal
import subprocess
import sys
import threading
import time


def main():
    seconds, names, args = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    master, slave = pty.openpty()
    program = subprocess.Popen([os.environ["ECOBELT"], *args], stderr=slave, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    os.close(slave)
    sent = []

    def send():
        sent.append(time.monotonic())
        for name in names.split(","):
            program.send_signal(getattr(signal, "SIG" + name))

    if names != "-":
        threading.Timer(seconds, send).start()
    screen = b""
    while True:
        try:
            block = os.read(master, 65536)
        except OSError:  # what Linux says when the other end is closed
            break
        if not block:
            break
        screen += block
    code = program.wait()
    with open("screen.txt", "wb") as out:
        out.write(screen)
    with open("stopping.txt", "w", encoding="ascii") as out:
        print(f"{time.monotonic() - sent[0]:.3f}" if sent else "-", file=out)
    sys.exit(128 - code if code < 0 else code)


main()
