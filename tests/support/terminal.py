"""Run ecobelt with stderr on a terminal of its own, and send it signals. Usage: terminal.py SECONDS SIGNALS ARGS...

After SECONDS each of SIGNALS (as in INT or TERM,TERM; - for none) is sent. What was written to the terminal goes to screen.txt, the
seconds it went on after the signal to stopping.txt; the exit code is the program's (128 + signal where it was killed). Seconds are those
that the processor worked for the program: what else the machine does meanwhile changes nothing.
"""
import os
import pty
import signal
import subprocess
import sys
import threading
import time


def worked(pid):
    """Seconds of processor time of a process; None where it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    seconds, names, args = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    master, slave = pty.openpty()
    program = subprocess.Popen([os.environ["ECOBELT"], *args], stderr=slave, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    os.close(slave)
    sent = []

    def send():
        while (now := worked(program.pid)) is not None and now < seconds:
            time.sleep(0.01)
        if now is None:
            return
        sent.append(now)
        for name in names.split(","):
            os.kill(program.pid, getattr(signal, "SIG" + name))

    if names != "-":
        threading.Thread(target=send, daemon=True).start()
    screen = b""
    while True:
        try:
            block = os.read(master, 65536)
        except OSError:  # what Linux says when the other end is closed
            break
        if not block:
            break
        screen += block
    _, status, usage = os.wait4(program.pid, 0)
    code = program.returncode = os.waitstatus_to_exitcode(status)
    with open("screen.txt", "wb") as out:
        out.write(screen)
    with open("stopping.txt", "w", encoding="ascii") as out:
        print(f"{usage.ru_utime + usage.ru_stime - sent[0]:.3f}" if sent else "-", file=out)
    sys.exit(128 - code if code < 0 else code)


main()
