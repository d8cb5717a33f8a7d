"""Helpers of the benchmarks in scripts/bench.d/: run programs side by side, show times, peak memory and ratios.

A benchmark is an executable Python file:

    import benchlib
    bench = benchlib.Bench("overlay", "300,000 parcels by county")
    bench.case("tabulate", ["tabulate", zones, parcels])            # run by the ecobelt under test and by --baseline
    bench.peer("tabulate", "PostGIS", ["psql", ...])                # with --peers only; skipped when the program is not there
    bench.finish()
"""
import argparse
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
        parser.add_argument("--peers", action="store_true", help="also run other programs that do the same")
        parser.add_argument("--runs", type=int, help="runs of each case (default: as the benchmark says)")
        self.options = parser.parse_args()
        self.timed = os.environ["ECOBELT_TIMED"]
        self.folder = tempfile.mkdtemp(prefix="ecobelt-bench-")
        self.failed = False
        self.cases = {}  # label -> {who: [(seconds, KiB)]}
        print(f"\n{name}: {what}")

    def path(self, name):
        """A file name in a temporary folder that is removed at the end."""
        return os.path.join(self.folder, name)

    def layer(self, name):
        """A layer that ships."""
        return os.path.join(ROOT, "layers", name)

    def case(self, label, args, runs=5, good=(0,)):
        """Measure `ecobelt ARGS`, the two executables by turns so that both see the same machine."""
        who = {"ecobelt": self.options.exe}
        if self.options.baseline:
            who["baseline"] = self.options.baseline
        # A first run that is not counted warms the caches, and shows whether it works at all.
        if not all(self._run([program, *args], 1, good) for program in who.values()):
            return
        for _ in range(self.options.runs or runs):
            for name, program in who.items():
                self._add(label, name, self._run([program, *args], 1, good))

    def peer(self, label, name, words, runs=3, good=(0,)):
        """Measure another program on the same job."""
        if not self.options.peers:
            return
        if not shutil.which(words[0]):
            print(f"  {label}: {name} left out, {words[0]} is not installed")
            return
        if self._run(words, 1, good):
            self._add(label, name, self._run(words, self.options.runs or runs, good))

    def _add(self, label, who, runs):
        self.cases.setdefault(label, {}).setdefault(who, []).extend(runs)

    def _run(self, words, runs, good):
        done = subprocess.run([self.timed, str(runs), *words], capture_output=True, text=True, check=False)
        found = []
        for line in done.stdout.splitlines():
            seconds, kib, code = line.split()
            if int(code) not in good:
                print(f"  {' '.join(words)}: exit code {code}\n{done.stderr}", file=sys.stderr)
                self.failed = True
                return []
            found.append((float(seconds), int(kib)))
        if len(found) != runs:
            print(f"  {' '.join(words)}: {done.stderr.strip()}", file=sys.stderr)
            self.failed = True
        return found

    def finish(self):
        """Print the table and leave; 1 where a program failed."""
        head = f"  {'case':<34} {'program':<16} {'runs':>4} {'min s':>9} {'median s':>9} {'max s':>9} {'peak MB':>8} {'ratio':>7}"
        print(head + "\n  " + "-" * (len(head) - 2))
        for label, programs in self.cases.items():
            own = statistics.median(s for s, _ in programs["ecobelt"]) if "ecobelt" in programs else None
            for name, runs in programs.items():
                times = [s for s, _ in runs]
                if not times:
                    continue
                middle = statistics.median(times)
                ratio = f"{middle / own:7.2f}" if own else ""
                print(f"  {label:<34} {name:<16} {len(times):>4} {min(times):>9.4f} {middle:>9.4f} {max(times):>9.4f} "
                      f"{max(kib for _, kib in runs) / 1024:>8.1f} {ratio}")
        shutil.rmtree(self.folder, ignore_errors=True)
        sys.exit(1 if self.failed else 0)
