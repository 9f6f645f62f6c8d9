# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Reads the TAP of one program and prints a line for each test:
# "passed", "failed" or "skipped", a tab, its name or reason; and a line
# "broken", a tab, what is wrong with the output as a whole: a program that
# dies, or counts wrongly, has failed whatever its tests say.
# Given with -v: status, the program's exit status; limit, its seconds.

function broken(what)
{
	print "broken\t" what
	failures++
}

# What stands after "# skip" or "# TODO", or "" if this line has no such word.
function directive(line, word,    at)
{
	at = match(tolower(line), "# *" tolower(word) "[^a-z]")
	if (!at)
		return 0
	reason = substr(line, at + RLENGTH - 1)
	gsub(/^[ \t:]+|[ \t]+$/, "", reason)
	name = substr(line, 1, at - 1)
	gsub(/[ \t]+$/, "", name)
	return 1
}

function result(line, good,    number)
{
	seen++
	sub(/^(not )?ok[ \t]*/, "", line)
	number = seen
	if (match(line, /^[0-9]+/)) {
		number = substr(line, 1, RLENGTH) + 0
		line = substr(line, RLENGTH + 1)
	}
	sub(/^[ \t]*(- )?[ \t]*/, "", line)
	if (number in numbers)
		broken("test " number " is there twice")
	numbers[number] = 1

	if (good && directive(line " ", "skip")) {
		print "skipped\t" name ": " (reason == "" ? "no reason" : reason)
	} else if (!good && directive(line " ", "TODO")) {
		print "skipped\t" name ": to do " reason
	} else if (good) {
		print "passed\t" line
	} else {
		print "failed\t" line
		failures++
	}
}

/^1\.\.[0-9]+/ {
	if (planned++) {
		broken("it has two plans")
		next
	}
	plan = substr($1, 4) + 0
	if (plan == 0) {
		all_skipped = 1
		reason = "no tests"
		directive($0 " ", "skip")
		print "skipped\t" reason
	}
	next
}

/^ok([ \t]|$)/ {
	result($0, 1)
	next
}

/^not ok([ \t]|$)/ {
	result($0, 0)
	next
}

/^Bail out!/ {
	broken($0)
}

END {
	if (status == 77 && !seen && !failures) {
		if (!all_skipped)
			print "skipped\tit skipped itself, all of it"
		exit
	}
	if (status == 124 || status == 137)
		broken("stopped: longer than " limit " s, " \
			"or killed (after " seen + 0 " tests)")
	else if (!planned)
		broken("no plan (after " seen + 0 " tests, exit status " \
			status ")")
	else if (seen != plan)
		broken(seen + 0 " tests, planned " plan ", exit status " \
			status)
	else {
		for (i = 1; i <= plan; i++)
			if (!(i in numbers))
				broken("test " i " is missing")
		if (status != 0 && !failures)
			broken("exit status " status " without a failing test")
	}
}
