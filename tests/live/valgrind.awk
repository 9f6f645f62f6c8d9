# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Of valgrind's report (--error-limit=no), the part that is about our code.
# valgrind does not model all of bpf(2): what the kernel writes into a buffer
# stays uninitialised for it, so do the members of union bpf_attr that a command
# does not use, and it minds the NULL for what a test run shall not return.
# Dropped are such reports from inside libbpf or libxdp, what they call among
# it; everything else is printed, memory that they allocate for us and that we
# do not release among it.

function report()
{
	if (title != "" && !(library &&
	    title ~ /ninitialised (value|byte)|attr->test\.data_out/))
		printf "%s", block
	title = block = ""
	library = 0
}

# The line between two reports ends with a blank.
/^==[0-9]+== *$/ {
	report()
	next
}

!/^==[0-9]+== / || /More than 100 errors|will still be recorded/ {
	next
}

{
	if (title == "")
		title = $0
	block = block $0 "\n"
}

/ (at|by) 0x.*lib(bpf|xdp)\.so/ {
	library = 1
}

END { report() }
