# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Of valgrind's report, the part that is about our code. valgrind does not
# model all of bpf(2): what the kernel writes into a buffer stays uninitialised
# for it, and so are the members of union bpf_attr that a command does not use.
# Dropped are reports of uninitialised values made inside libbpf or libxdp
# itself; everything else is printed, memory that they allocate for us and that
# we do not release among it.

function report()
{
	if (title != "" && !(title ~ /uninitialised|ninitialised byte/ && library))
		printf "%s", block
	title = block = ""
	library = placed = 0
}

!/^==[0-9]+== / {
	if (/^==[0-9]+==$/)
		report()
	next
}

{
	if (title == "")
		title = $0
	block = block $0 "\n"
}

# The first place that is neither a system call nor valgrind's own strcmp.
/ (at|by) 0x/ && !placed && !/syscall\.S|vgpreload_memcheck/ {
	placed = 1
	library = /lib(bpf|xdp)\.so/
}

END { report() }
