#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# GLOSSARY.org and the links to it. An entry is an item of a list,
#
#	- NAME, OTHER NAME :: what it is ([[file:LESSON/README.org][LESSON]]).
#
# of at most two lines. A lesson's link names the entry by its text, in the
# singular or plural: [[file:../GLOSSARY.org][NAMES]]. GitHub leaves out what
# stands behind "::" in a link to a file, and shows the marks of emphasis in its
# text: there are none.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# entries: those of GLOSSARY.org as LINE:LINES:NAMES:TEXT
entries()
{
	awk '
	function end() { if (start) print start ":" lines ":" names ":" text; start = 0 }
	/^- / {
		end()
		start = FNR
		lines = 1
		names = $0 ~ / :: / ? $0 : ""
		sub(/^- /, "", names)
		sub(/ :: .*/, "", names)
		text = $0
		sub(/.* :: /, "", text)
		next
	}
	/^  / && start { lines++; text = text " " substr($0, 3); next }
	{ end() }
	END { end() }' GLOSSARY.org
}

# names: LINE:NAME of each name, in lower case
names()
{
	entries | awk -F: '{
		n = split(tolower($3), name, ", ")
		for (i = 1; i <= n; i++)
			print $1 ":" name[i]
	}'
}

# links: FILE:LINE:NAME of the lessons' links, as their text has it
links()
{
	local file

	for file in [!.]*-*/*.org; do
		[ -f "$file" ] || continue
		grep -noE '\[\[(file:)?(\.\./)?GLOSSARY\.org[^]]*\](\[[^]]*)?(\]\])?' "$file" |
			sed -E "s|^([0-9]+):.*\]\[([^]]*)\]\]$|$file:\1:\2|; t; s|:.*||; s|.*|$file:&:|"
	done
}

# resolved: FILE:LINE:NAME:ENTRY of each link; 0 where there is no such entry
resolved()
{
	awk -F: '
	NF == 2 { entry[$2] = $1; next }
	{
		name = tolower($3)
		single = name
		sub(/s$/, "", single)
		found = name in entry ? entry[name] : single in entry ? entry[single] : 0
		print $1 ":" $2 ":" $3 ":" found
	}' <(names) <(links)
}

# without_lesson: entries that no lesson teaches; a wrong link to one
without_lesson()
{
	local line names text path

	while IFS=: read -r line _ names text; do
		path=$(sed -nE 's|.*\(\[\[file:([^]]*)\]\[[^]]*\]\]\)\.$|\1|p' <<<"$text")
		[ -n "$path" ] && [ -f "$path" ] ||
			printf 'GLOSSARY.org:%s: %s\n' "$line" "$names"
	done < <(entries)
}

if [ ! -f GLOSSARY.org ]; then
	verdict "there is a glossary" GLOSSARY.org
	finish
fi
verdict "an entry has a name, two lines at most, and 100 columns" "$(
	entries | awk -F: '$3 == "" || $2 > 2 { print "GLOSSARY.org:" $1 ": " $3 }'
	awk 'length > 100 { print "GLOSSARY.org:" FNR ": " length " columns" }' GLOSSARY.org)"
verdict "the glossary is sorted, and has each name once" "$(
	entries | awk -F: '
	{ sub(/, .*/, "", $3); name = tolower($3) }
	name <= before { print "GLOSSARY.org:" $1 ": " $3 " behind " last }
	{ before = name; last = $3 }'
	names | sort -t: -k 2 | awk -F: '
	$2 == before { print "GLOSSARY.org:" $1 ": " $2 " is there twice" }
	{ before = $2 }')"
verdict "an entry ends with the lesson that teaches it" "$(without_lesson)"
verdict "a link to the glossary names an entry" \
	"$(resolved | awk -F: '!$4 { print $1 ":" $2 ": \"" $3 "\"" }')"
verdict "a page links an entry once" \
	"$(resolved | awk -F: '$4 && seen[$1, $4]++ { print $1 ":" $2 ": " $3 }')"
verdict "each entry is linked in a lesson" "$(
	entries | awk -F: -v linked=" $(resolved | cut -d: -f 4 | tr '\n' ' ')" '
	!index(linked, " " $1 " ") { print "GLOSSARY.org:" $1 ": " $3 }')"
finish
