"""Helpers of the checks: which files a tree has, and how findings are told."""
import fnmatch
import os
import re
import subprocess
import sys

SKIP = 77  # ctest's and automake's code for "not tested"


def root_from(argv):
    """The tree to check: the argument, else the one the script stands in."""
    here = os.path.dirname(os.path.dirname(os.path.realpath(argv[0])))
    return os.path.realpath(argv[1]) if len(argv) > 1 else here


def _git_files(root):
    try:
        top = subprocess.run(["git", "-C", root, "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=True)
        if os.path.realpath(top.stdout.strip()) != root:
            return None
        listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [path for path in listed.stdout.split("\0") if path and os.path.isfile(os.path.join(root, path))]


def _walked_files(root):
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if f not in (".git", "node_modules", "__pycache__") and not f.startswith("build")]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return found


def files(root, *patterns):
    """Paths relative to root of the files git knows (or would), in an unpacked archive of all files; those that match a pattern."""
    listed = _git_files(root)
    if listed is None:
        listed = _walked_files(root)
    return sorted({p for p in listed if not patterns or any(fnmatch.fnmatch(p, pattern) for pattern in patterns)})


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", newline="") as handle:
        return handle.read()


_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code_only(text):
    """C text with comments and the insides of literals blanked; lines stay where they are."""
    def blank(match):
        found = match.group(0)
        kept = re.sub(r"[^\n]", " ", found)
        return found[0] + kept[1:-1] + found[-1] if found[0] in "\"'" else kept
    return _TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def finish(name, findings, summary):
    """Print the findings, one a line as file:line: text, and leave with 1; or print the summary."""
    for finding in findings:
        print(finding)
    if findings:
        print(f"{name}: {len(findings)} finding{'s' if len(findings) > 1 else ''}")
        sys.exit(1)
    print(f"{name}: {summary}")


def skip(name, why):
    print(f"{name}: skipped, {why}")
    sys.exit(SKIP)
