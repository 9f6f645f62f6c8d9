# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What the README runner knows of org files: blocks, links, expectations."""

import re

SHELLS = ("sh", "bash", "shell")
# Header arguments of a block, and whether a value follows.
ARGUMENTS = {"eval": True, "rc": True, "timeout": True, "needs": True,
             "terminal": True, "keys": True, "shell": False, "exact": False}


class Block:
    """A #+begin_src block: its language, arguments and lines."""

    def __init__(self, line, language, words):
        self.line = line
        self.language = language
        self.lines = []
        self.expected = None  # lines of the example right after it
        self.errors = []
        self.args = self.parse(words)
        self.terminal = int(self.args.get("terminal", "1"))
        self.stays = False  # it runs on, up to a key (find_staying())

    def parse(self, words):
        args = {}
        words = list(words)
        while words:
            word = words.pop(0)
            name = word[1:]
            if not word.startswith(":") or name not in ARGUMENTS:
                self.errors.append("unknown block argument '%s'" % word)
            elif not ARGUMENTS[name]:
                args[name] = True
            elif not words or words[0].startswith(":"):
                self.errors.append("'%s' needs a value" % word)
            else:
                args[name] = words.pop(0)
        for name in ("rc", "timeout", "terminal"):
            if name in args and not args[name].isdigit():
                self.errors.append("':%s %s': not a number"
                                   % (name, args[name]))
                args[name] = "1"
        if not re.fullmatch(r"C-[a-z]", args.get("keys", "C-c")):
            self.errors.append("':keys %s': not a key" % args["keys"])
        return args

    def shown_only(self):
        return self.args.get("eval") == "no"

    def title(self):
        first = next((text for text in self.lines if text.strip()), "")
        return "README:%d %s" % (self.line, first.strip().replace("#", ""))


def find_staying(blocks):
    """A block stays if the next in its terminal is a key. A key's block shows it."""
    last = {}
    for block in blocks:
        if "keys" in block.args:
            key = "Ctrl-" + block.args["keys"][-1].upper()
            if block.lines != [key]:
                block.errors.append("':keys %s' is shown as '%s'"
                                    % (block.args["keys"], key))
            if block.terminal in last:
                last[block.terminal].stays = True
            last.pop(block.terminal, None)
        else:
            last[block.terminal] = block


def unescape(lines):
    """Takes off the common indentation, and org's comma before * and #+."""
    widths = [len(text) - len(text.lstrip()) for text in lines if text.strip()]
    width = min(widths, default=0)
    return [re.sub(r"^(\s*),(,*(\*|#\+))", r"\1\2", text[width:].rstrip())
            for text in lines]


class Document:
    """blocks, links as (line, target), headings' and prose's lines, errors; card, the
    name that #+CARD gives to a network card."""

    def __init__(self, text):
        self.blocks = []
        self.links = []
        self.prose = []
        self.errors = []
        self.card = None
        self.last = None  # the block an example would belong to
        lines = text.splitlines()
        number = 0
        while number < len(lines):
            number = self.take(lines, number)

    def take(self, lines, number):
        """Reads what begins at this line; returns the number of the next."""
        text = lines[number]
        begin = re.match(r"\s*#\+begin_(\w+)\s*(.*)", text, re.I)
        if begin:
            return self.take_block(lines, number, begin.group(1).lower(),
                                   begin.group(2).split())
        if text.strip() and not re.match(r"\s*#\+results:", text, re.I):
            self.last = None
        card = re.match(r"#\+card:\s*(\S+)", text, re.I)
        if card:
            self.card = card.group(1)
        if not re.match(r"\s*#(\+|\s|$)", text):
            self.prose.append(text)
            for link in re.finditer(r"\[\[([^]]+)\](?:\[[^]]*\])?\]", text):
                self.links.append((number + 1, link.group(1)))
        return number + 1

    def take_block(self, lines, number, kind, words):
        end = number + 1
        while end < len(lines) and not re.match(
                r"\s*#\+end_%s\b" % re.escape(kind), lines[end], re.I):
            end += 1
        if end == len(lines):
            self.errors.append("line %d: no #+end_%s" % (number + 1, kind))
        body = unescape(lines[number + 1:end])
        if kind == "src":
            block = Block(number + 1, words[0] if words else "", words[1:])
            block.lines = body
            self.blocks.append(block)
            self.last = block
        else:
            if kind == "example" and self.last:
                self.last.expected = body
            self.last = None
        return end + 1

    def words(self):
        return len(" ".join(self.prose).split())


# In this order: a MAC address, a long hexadecimal id with a digit in it, a
# number that is no part of a name (veth0 and fc00 are names).
NUMBER = re.compile(
    r"(?P<mac>(?<![\w:])[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}(?![\w:]))"
    r"|(?P<id>(?<!\w)(?=[a-f]*\d)[0-9a-f]{8,}(?!\w))"
    r"|(?P<hex>(?<![\w])0x[0-9a-fA-F]+)"
    r"|(?P<number>(?<![\w])\d+(?:[.,:]\d+)*)")
LIKE = {"mac": r"[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}", "id": r"[0-9a-f]+",
        "hex": r"0x[0-9a-fA-F]+", "number": r"\d+(?:[.,:]\d+)*"}


def pattern(line):
    """The pattern of an expected line: numbers match numbers, and blanks
    blanks, as the width of a column changes with its numbers."""
    result, at = "", 0
    line = line.strip()
    for found in NUMBER.finditer(line):
        result += re.escape(line[at:found.start()]) + LIKE[found.lastgroup]
        at = found.end()
    result += re.escape(line[at:])
    return re.compile(r"\s*" + re.sub(r"(\\ |\\\t)+", r"\\s+", result)
                      + r"\s*")


def line_matches(expected, got, exact):
    if exact:
        return expected.rstrip() == got.rstrip()
    return pattern(expected).fullmatch(got) is not None


def matches(expected, got, exact=False):
    """Do the lines got match? A line "..." stands for any lines."""
    # ends: how many lines of got the part of expected so far can have used.
    ends = {0}
    for text in expected:
        if text.strip() == "...":
            ends = set(range(min(ends), len(got) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(got)
                    and line_matches(text, got[end], exact)}
        if not ends:
            return False
    return len(got) in ends


def next_line(expected, got):
    """The first line that is expected after the lines got; None: any."""
    for end in range(len(expected) + 1):
        part = expected[:end]
        if (not part or part[-1].strip() != "...") and matches(part, got):
            break
    else:
        end = 0
    return next((text for text in expected[end:] if text.strip() != "..."), None)


def strip_blank(lines):
    """Without the empty lines at the end."""
    lines = list(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines
