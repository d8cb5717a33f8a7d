"""Helpers of the benchmarks in scripts/bench.d/: run programs side by side, show times, peak memory and ratios.

A benchmark is an executable Python file:

    import benchlib
    bench = benchlib.Bench("overlay", "300,000 parcels by county")
    bench.case("tabulate", ["tabulate", zones, parcels])            # run by the ecobelt under test and by --baseline
    bench.peer("tabulate", "PostGIS", ["psql", ...])                # with --peers only; skipped when the program is not there
    bench.finish()
"""
import argparse
import glob
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


class Bench:
    def __init__(self, name, what):
        parser = argparse.ArgumentParser(prog=f"scripts/bench {name}", description=what)
        parser.add_argument("--exe", default=os.environ.get("ECOBELT", os.path.join(ROOT, "build-release", "ecobelt")),
                            help="the ecobelt to measure")
        parser.add_argument("--baseline", help="another ecobelt to compare with")
        parser.add_argument("--peers", nargs="?", const="all", metavar="NAME,NAME", help="also run other programs that do the same, or these")
        parser.add_argument("--large", action="store_true", help="also what takes gigabytes of disk")
        parser.add_argument("--small", action="store_true", help="a hundredth of the parcels, to try the benchmark itself")
        parser.add_argument("--runs", type=int, help="runs of each case (default: as the benchmark says)")
        self.options = parser.parse_args()
        self.timed = os.environ["ECOBELT_TIMED"]
        self.folder = tempfile.mkdtemp(prefix="ecobelt-bench-")
        self.failed = False
        self.verdicts = []
        self.server = None
        self.cases = {}  # label -> {who: [(seconds, KiB, processor seconds)]}
        print(f"\n{name}: {what}")

    def path(self, name):
        """A file name in a temporary folder that is removed at the end."""
        return os.path.join(self.folder, name)

    def layer(self, name):
        """A layer that ships."""
        return os.path.join(ROOT, "layers", name)

    def compile(self, name, library=False, libraries=()):
        """A helper of scripts/bench.d written in C against GDAL (and more), or against the library beside the executable; its path."""
        program = os.path.join(os.path.dirname(self.timed), name)
        source = os.path.join(ROOT, "scripts", "bench.d", name + ".c")
        if library:
            beside = os.path.dirname(os.path.realpath(self.options.exe))
            flags = ["-I", os.path.join(ROOT, "include"), "-L", beside, "-lecobelt", f"-Wl,-rpath,{beside}"]
        else:
            flags = subprocess.run(["pkg-config", "--cflags", "--libs", "gdal", *libraries], capture_output=True, text=True, check=True).stdout.split()
        subprocess.run(["cc", "-O2", "-std=c17", "-Wall", "-Wextra", "-o", program, source, *flags, "-lm"], check=True)
        return program

    def parcels(self, cells, levels, how=None):
        """A coverage of parcels (bench.d/make_parcels.c, there also what @how may be), made once and kept beside the build."""
        if self.options.small:
            cells //= 100
        file = os.path.join(os.path.dirname(self.timed), f"parcels-{cells}-{levels}{'-' + how if how else ''}.gpkg")
        if not os.path.exists(file):
            print(f"  making {cells} parcels{', ' + how if how else ''} ...", flush=True)
            half = self.path("parcels.gpkg")
            subprocess.run([self.compile("make_parcels"), str(cells), str(levels), half, *([how] if how else [])], check=True)
            shutil.move(half, file)
        return file

    def database(self):
        """A PostGIS for the peers, as a connection string: ECOBELT_PG, or a server of our own; None where there is none to be had."""
        if not self.options.peers or "ECOBELT_PG" in os.environ:
            return os.environ.get("ECOBELT_PG")
        folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not folders or not shutil.which("psql"):
            return None
        base, as_user = self.path("pg"), []
        os.mkdir(base)
        if os.getuid() == 0:  # the server refuses to run as root
            as_user = ["runuser", "-u", "postgres", "--"]
            os.chmod(self.folder, 0o711)
            shutil.chown(base, "postgres")
        control = [*as_user, os.path.join(folders[-1], "pg_ctl"), "-D", os.path.join(base, "data"), "-w"]
        settings = f"-k '{base}' -c listen_addresses= -c shared_buffers=1GB -c work_mem=256MB -c synchronous_commit=off -c fsync=off"
        for words in ([*as_user, os.path.join(folders[-1], "initdb"), "-D", os.path.join(base, "data"), "-U", "ecobelt", "-A", "trust",
                       "-E", "UTF8", "--locale=C"],
                      [*control, "-l", os.path.join(base, "log"), "-o", settings, "start"]):
            if subprocess.run(words, stdout=subprocess.DEVNULL, check=False, cwd="/").returncode:
                return None
        self.server = control
        pg = f"host={base} user=ecobelt dbname=postgres"
        made = subprocess.run(["psql", "-qc", "create extension postgis", pg], stdout=subprocess.DEVNULL, check=False)
        return pg if made.returncode == 0 else None

    def case(self, label, args, runs=5, good=(0,), warm=True):
        """Measure `ecobelt ARGS`, the two executables by turns so that both see the same machine.

        Without warm exactly `runs` runs and no first one that is not counted: for benchmarks with rounds of their own.
        """
        who = {"ecobelt": self.options.exe}
        if self.options.baseline:
            who["baseline"] = self.options.baseline
        # A first run that is not counted warms the caches, and shows whether it works at all.
        if warm and not all(self._run([program, *args], 1, good) for program in who.values()):
            return
        for _ in range(self.options.runs or runs if warm else runs):
            for name, program in who.items():
                self._add(label, name, self._run([program, *args], 1, good))

    def peer(self, label, name, words, runs=3, good=(0,), warm=True):
        """Measure another program on the same job; without warm there is no first run that is not counted."""
        if not self.options.peers or (self.options.peers != "all" and name not in self.options.peers.split(",")):
            return
        if not shutil.which(words[0]):
            print(f"  {label}: {name} left out, {words[0]} is not installed")
            return
        if not warm or self._run(words, 1, good):
            found = self._run(words, self.options.runs or runs if warm else runs, good)
            print("".join(f"  {label}: {name} took {seconds:.1f} s\n" for seconds, *_ in found), end="", flush=True)
            self._add(label, name, found)

    def other(self, label, name, words, runs=3):
        """Measure another program on the same job, always: what ecobelt is held against."""
        self._add(label, name, self._run(words, runs, (0,)))

    def step(self, label, seconds):
        """Take what a helper has measured of ecobelt's library."""
        self._add(label, "ecobelt", [(seconds, 0, seconds)])

    def at_most(self, label, times, name, peak_mb=None):
        """Say whether ecobelt's median is at most so many times that of @name, and its peak memory within bounds."""
        programs = self.cases.get(label, {})
        if not programs.get("ecobelt") or not programs.get(name):
            return
        own, base = (statistics.median(s for s, *_ in programs[who]) for who in ("ecobelt", name))
        peak = max(kib for _, kib, _ in programs["ecobelt"]) / 1024
        good = own <= times * base and (peak_mb is None or peak <= peak_mb)
        memory = "" if peak_mb is None else f", {peak:.0f} MB of {peak_mb}"
        self.verdicts.append(f"  {'met ' if good else 'MISSED'} {label}: {own / base:.2f} times {name}, {times:.3g} allowed{memory}")

    def within(self, label, seconds):
        """Say whether ecobelt's median is below so many seconds. On a machine that others use, too, it says little."""
        runs = self.cases.get(label, {}).get("ecobelt")
        if not runs:
            return
        own = statistics.median(s for s, *_ in runs)
        self.verdicts.append(f"  {'met ' if own < seconds else 'MISSED'} {label}: {own:.3f} s, {seconds} allowed")

    def sizes(self, folder):
        """Say how large each file of a run's folder is, and its folders together."""
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            files = [os.path.join(path, below) for below in os.listdir(path)] if os.path.isdir(path) else [path]
            self.verdicts.append(f"  {name:<34} {sum(os.path.getsize(each) for each in files) / 1e6:>9.3f} MB"
                                 + (f" in {len(files)} files" if os.path.isdir(path) else ""))

    def _add(self, label, who, runs):
        self.cases.setdefault(label, {}).setdefault(who, []).extend(runs)

    def _run(self, words, runs, good):
        done = subprocess.run([self.timed, str(runs), *words], capture_output=True, text=True, check=False)
        found = []
        for line in done.stdout.splitlines():
            seconds, kib, code, cpu = line.split()
            if int(code) not in good:
                print(f"  {' '.join(words)}: exit code {code}\n{done.stderr}", file=sys.stderr)
                self.failed = True
                return []
            found.append((float(seconds), int(kib), float(cpu)))
        if len(found) != runs:
            print(f"  {' '.join(words)}: {done.stderr.strip()}", file=sys.stderr)
            self.failed = True
        return found

    def finish(self):
        """Print the table and leave; 1 where a program failed. cpu s: processor seconds, of clients only where a server does the work."""
        head = f"  {'case':<34} {'program':<16} {'runs':>4} {'min s':>9} {'median s':>9} {'max s':>9} {'cpu s':>9} {'peak MB':>8} {'ratio':>7}"
        print(head + "\n  " + "-" * (len(head) - 2))
        for label, programs in self.cases.items():
            own = statistics.median(s for s, *_ in programs["ecobelt"]) if "ecobelt" in programs else None
            for name, runs in programs.items():
                times = [s for s, *_ in runs]
                if not times:
                    continue
                middle = statistics.median(times)
                ratio = f"{middle / own:7.2f}" if own else ""
                print(f"  {label:<34} {name:<16} {len(times):>4} {min(times):>9.4f} {middle:>9.4f} {max(times):>9.4f} "
                      f"{min(cpu for _, _, cpu in runs):>9.4f} {max(kib for _, kib, _ in runs) / 1024:>8.1f} {ratio}")
        for verdict in self.verdicts:
            print(verdict)
        if self.options.small:
            print("  (--small: what is met or missed says nothing)")
        if self.server:
            subprocess.run([*self.server, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, check=False, cwd="/")
        shutil.rmtree(self.folder, ignore_errors=True)
        sys.exit(1 if self.failed else 0)
