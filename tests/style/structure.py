# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""structure.py WHAT: what the C files of a folder have to do with each other.

Their paths, from the top of the tree, come by standard input. WHAT is
  circles  .c files that call each other's functions, and headers that include
           each other, in a circle: none of them can be read, or tested, first
  public   public functions that one other file calls: static, they could stand
           in it. Those of common/ are left out, being made for lessons to come
  names    files that comments and READMEs name, and that are not there
  counts   for each folder its files, public functions and circles

A public function is defined in a .c file, and declared in a header of the same
folder. Whoever names it calls it; tests are callers like others. common/ with
its folders is one folder. This is no parser: it counts on kernel style.
"""

import os
import re
import sys

COMMENT = r"/\*.*?\*/|//[^\n]*"
QUOTED = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
NO_CODE = re.compile("(%s)|%s" % (COMMENT, QUOTED), re.S)
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)
# The head of a function, and its opening brace in the first column.
FUNCTION = re.compile(r"^([A-Za-z_][^;{}=#]*?)\b(\w+)\([^;{}]*\)\s*\n\{", re.M)
# No member of a struct.
WORD = re.compile(r"(?<![.>\w])[A-Za-z_]\w*")
# <linux/bpf.h>, *_kern.c and STEM_user.c are no names of files of this tree.
NAME = re.compile(r"(?<![\w.*/<>-])([a-z.][\w./-]*\.(?:[ch]|sh))\b")
VERBATIM = re.compile(r"=([a-z.][\w./-]*\.[ch])=")
# Nor is what bpftool makes, nor a name that stands for several.
NOT_OURS = re.compile(r"(.*/)?(vmlinux\.h|[A-Z]+\.\w+)$")


class Source:
    """A C file, without its comments and what it has in quotes."""

    def __init__(self, path, text):
        code = NO_CODE.sub(" ", text)
        self.includes = INCLUDE.findall(text)
        functions = FUNCTION.findall(code)
        static = {name for head, name in functions if "static" in head.split()}
        self.defined = {name for _, name in functions} - static
        # A static function is its own, whatever other files have of that name.
        self.words = set(WORD.findall(code)) - static
        self.called = set(re.findall(r"\b(\w+)\(", code))
        self.kernel_side = path.endswith("_kern.c")


def folder_of(path):
    top = path.split("/")[0]
    return top if top in ("common", "tests") else os.path.dirname(path)


class Folder:
    """The C files of a folder: who defines, calls and includes what."""

    def __init__(self, name, everything):
        self.name = name
        self.files = {path: source for path, source in everything.items()
                      if folder_of(path) == name}
        declared = set().union(*(source.called for path, source in self.files.items()
                                 if path.endswith(".h")))
        self.public = {}  # a function: the files that define it
        for path, source in self.files.items():
            if path.endswith(".c") and not source.kernel_side:
                for function in source.defined & declared:
                    self.public.setdefault(function, []).append(path)
        # Names are those of a folder: another lesson may have the same.
        self.readers = {path: source for path, source in everything.items()
                        if path.endswith(".c") and
                        (name == "common" or folder_of(path) in (name, "tests"))}

    def short(self, path):
        return path[len(self.name) + 1:] if path.startswith(self.name + "/") else path

    def callers(self, function):
        return [path for path, source in self.readers.items()
                if path not in self.public[function] and function in source.words]

    def called_once(self):
        """A line for each public function with one caller."""
        found = []
        for function, files in self.public.items():
            callers = self.callers(function)
            if len(callers) == 1:
                found.append("%s: %s() is called from %s only" % (
                    files[0], function, self.short(callers[0])))
        return sorted(found)

    def links(self):
        """What each file needs, and why: {file: {other: reasons}}."""
        found = {path: {} for path in self.files}
        for function, files in self.public.items():
            for caller in self.callers(function):
                for path in files if caller in self.files else ():
                    found[caller].setdefault(path, set()).add(function + "()")
        for path, source in self.files.items():
            for name in source.includes if path.endswith(".h") else ():
                for base in (os.path.dirname(path), self.name):
                    other = os.path.normpath(os.path.join(base, name))
                    if other in self.files:
                        found[path].setdefault(other, set()).add("#include")
        return found

    def circles(self):
        """Each as a list of lines: its files, then who needs what of whom."""
        links = self.links()
        reached = {path: reach(links, path) for path in links}
        circles = {tuple(sorted(other for other in reached[path]
                                if path in reached[other]))
                   for path in links if path in reached[path]}
        for circle in sorted(circles):
            lines = ["%s: %s" % (self.name, " ".join(map(self.short, circle)))]
            for path in circle:
                for other in sorted(set(links[path]) & set(circle)):
                    lines.append("    %s needs %s: %s" % (
                        self.short(path), self.short(other),
                        ", ".join(sorted(links[path][other]))))
            yield lines


def reach(links, start):
    found, ahead = set(), [start]
    while ahead:
        new = set(links[ahead.pop()]) - found
        found |= new
        ahead += new
    return found


def there(name, path, files):
    """Does a name in the file path stand for a file? What lies in a folder that
    is none of ours (net/core/dev.c) is not looked for."""
    bases, folder = ["", "headers"], os.path.dirname(path)
    bases += sorted({os.path.dirname(file) for file in files
                     if file.startswith("common/")})
    while folder:
        bases.append(folder)
        folder = os.path.dirname(folder)
    places = [os.path.normpath(os.path.join(base, name)) for base in bases]
    if "/" in name and not any(os.path.isdir(os.path.dirname(place) or ".")
                               for place in places):
        return True
    return any(os.path.isfile(place) for place in places)


def named(path, text):
    """(line, name) of the files that its comments name; in an org file, =it=."""
    if path.endswith((".c", ".h")):
        parts = [(found.start(), found[0]) for found in NO_CODE.finditer(text)
                 if found[1]]
        pattern = NAME
    elif path.endswith(".org"):
        parts, pattern = [(0, text)], VERBATIM
    else:
        parts = [(found.start(), found[0])
                 for found in re.finditer(r"^\s*#[^!].*", text, re.M)]
        pattern = NAME
    for start, part in parts:
        for found in pattern.finditer(part):
            if NOT_OURS.match(found[1]):
                continue
            yield text.count("\n", 0, start + found.start(1)) + 1, found[1]


def check_names(texts):
    for path, text in texts.items():
        for line, name in named(path, text):
            if not there(name, path, texts):
                print("%s:%d: no file %s" % (path, line, name))


def print_counts(folders):
    row = "%-24s %7s %7s %10s %8s"
    rows = [(folder.name, len(folder.files), len(folder.public),
             len(folder.called_once()), len(list(folder.circles())))
            for folder in folders]
    print(row % ("folder", "C files", "public", "one caller", "circles"))
    for line in rows:
        print(row % line)
    print(row % (("all but common",) + tuple(
        sum(line[i] for line in rows if line[0] != "common") for i in range(1, 5))))


def main():
    texts = {}
    for path in sys.stdin.read().splitlines():
        with open(path, encoding="utf-8") as file:
            texts[path] = file.read()
    if sys.argv[1] == "names":
        check_names(texts)
        return
    sources = {path: Source(path, text) for path, text in texts.items()}
    folders = [Folder(name, sources) for name in sorted(set(map(folder_of, sources)))
               if name != "tests"]
    if sys.argv[1] == "counts":
        print_counts(folders)
    for folder in folders:
        if sys.argv[1] == "circles":
            for circle in folder.circles():
                print("\n".join(circle))
        elif sys.argv[1] == "public" and folder.name != "common":
            for line in folder.called_once():
                print(line)


main()
