# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""An ordinary user of the sandbox, with a copy of the tree and the real sudo."""

import os
import shutil
import subprocess

NAME = "learner"
# A distribution's, and what no lesson's folder needs.
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
LEFT_OUT = (".git", "unit", "progrun", "fuzz", "vm")


def free_id():
    taken = set()
    for path in ("/etc/passwd", "/etc/group"):
        with open(path, encoding="utf-8", errors="replace") as file:
            taken |= {line.split(":")[2] for line in file if line.count(":") > 2}
    return next(number for number in range(1000, 60000)
                if str(number) not in taken)


class Account:
    """uid, gid, home; the /etc that knows it is the sandbox's own."""

    def __init__(self, work):
        self.uid = self.gid = free_id()
        self.home = os.path.join(work, "home")
        os.chmod(work, 0o755)
        os.mkdir(self.home)
        os.chown(self.home, self.uid, self.gid)
        self.shown = []
        self.extend(work, "passwd", "%s:x:%d:%d::%s:/bin/bash" % (
            NAME, self.uid, self.gid, self.home))
        self.extend(work, "group", "%s:x:%d:" % (NAME, self.gid))
        self.extend(work, "shadow", "%s:*:19000:0:99999:7:::" % NAME)
        self.extend(work, "sudoers", "%s ALL=(ALL:ALL) NOPASSWD: ALL" % NAME, 0o440)

    def extend(self, work, name, line, mode=0o644):
        """Shows /etc/NAME with a line more, here only."""
        mine = os.path.join(work, name)
        shutil.copyfile("/etc/" + name, mine)
        with open(mine, "a", encoding="utf-8") as file:
            file.write(line + "\n")
        os.chmod(mine, mode)
        subprocess.run(["mount", "--bind", mine, "/etc/" + name], check=True)
        self.shown.append("/etc/" + name)

    def remove(self):
        for path in self.shown:
            subprocess.run(["umount", path], check=False)

    def copy_tree(self, top):
        """The built tree in its home. Returns the folder."""
        copy = os.path.join(self.home, "xdp-tutorial")
        shutil.copytree(top, copy, symlinks=True, ignore=lambda folder, names: {
            name for name in names if name in LEFT_OUT and (
                name == ".git" or folder == os.path.join(top, "tests"))})
        subprocess.run(["chown", "-R", "%d:%d" % (self.uid, self.gid), copy],
                       check=True)
        return copy

    def environment(self):
        return {"HOME": self.home, "USER": NAME, "LOGNAME": NAME, "PATH": PATH,
                "SHELL": "/bin/bash", "LC_ALL": "C.UTF-8"}

    def become(self):
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)
