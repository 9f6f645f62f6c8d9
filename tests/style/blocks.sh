#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The shell blocks of the READMEs are what a person types: nothing that only a
# program would wait for or look up, no command that has not been installed, and
# one knows in which terminal.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# What may stay, with the reason. At most five.
EXCEPTIONS=(
	"REAL-CARD.org: what detaches later, in a session of its own, has to wait"
)

# What each machine of these distributions has, and what bash has.
BASE=" cat cd chmod cp cut date dd diff dirname echo env eval exit export fg for do done id if then else fi
false file grep head hostname kill ls mkdir mktemp mv nproc printf ps pwd read rm rmdir sed seq set sh sort
sudo sysctl tail tee test time timeout touch tr true type uname umount uniq wc which while xargs [ [[ { } : . source git awk "

# blocks README...: the lines of the shell blocks that are run, as FILE:LINE:TEXT
blocks()
{
	awk '
	FNR == 1 { block = 0 }
	tolower($0) ~ /^[ \t]*#\+begin_src (sh|bash|shell)/ {
		block = $0 !~ /:eval no/ && $0 !~ /:keys/
		next
	}
	tolower($0) ~ /^[ \t]*#\+end_src/ { block = 0 }
	block { print FILENAME ":" FNR ":" $0 }' "$@"
}

# not_typed: those lines that start something in the background, or wait
not_typed()
{
	sed -E 's/[0-9]*>&[0-9-]//g; s/&&//g; s/&>//g; s/[|]&/|/g' |
		grep -E ':.*:.*(&[[:space:]]*($|[;)])|& |\$!|\<(wait|sleep|until)\>)'
}

excepted()
{
	local line exception

	while IFS= read -r line; do
		for exception in "${EXCEPTIONS[@]}"; do
			[[ $line != "${exception%% *}"* ]] || continue 2
		done
		printf '%s\n' "$line"
	done
}

# commands: FILE:LINE:COMMAND of each simple command in such lines, also of those
# that sudo or a lab runs. Texts in quotes are for other programs.
commands()
{
	sed -E "s/'[^']*'//g; s/\"([^\"\$]|\\\$[^(])*\"//g" |
		awk -F: '{
		where = $1 ":" $2
		sub(/^[^:]*:[^:]*:/, "")
		sub(/(^|[ \t])#.*/, "")
		n = split($0, parts, /\|\|?|&&|;|\$\(|\)|&/)
		for (i = 1; i <= n; i++) {
			count = split(parts[i], words, /[ \t]+/)
			for (j = 1; j <= count; j++) {
				word = words[j]
				if (word == "" || word ~ /^[A-Za-z_]+=/ || word ~ /^(sudo|then|do|else|time|!|\()$/)
					continue
				sub(/^\(/, word)
				if (word == "t" || word ~ /testenv\.sh$/) {
					# exec|enter [--name LAB] [--inner]: the command behind them
					while (j <= count && words[j] != "exec" && words[j] != "tcpdump")
						j++
					if (j > count || words[j] == "tcpdump") {
						if (words[j] == "tcpdump")
							print where ":tcpdump"
						break
					}
					while (words[j + 1] ~ /^-/)
						j += words[j + 1] ~ /^(--name|-n)$/ ? 2 : 1
					continue
				}
				print where ":" word
				break
			}
		}
	}' | grep -E ':[a-z[{][a-z0-9_.-]*$'
}

# installed: the commands that plain set-up brings, one a line
installed()
{
	. ./packages.sh
	package_column apt | awk '$1 != "test" && $1 != "vm" {
		print $2
		if ($3 ~ /^cmd:/)
			print substr($3, 5)
		if ($2 == "iproute2") print "ip\nnstat\nss"
		if ($2 == "util-linux") print "unshare\nnsenter\nsetsid\ndmesg\nsetpriv\nlsns\ntaskset"
		if ($2 == "llvm") print "llvm-objdump\nllvm-readelf"
		if ($2 == "mount") print "umount\nmountpoint"
	}'
}

# not_installed README...: commands that one has neither from set-up nor is told
# to install: in "You need", by the package's name.
not_installed()
{
	local file line name package known

	known=" $(installed | tr '\n' ' ')"
	. ./packages.sh
	blocks "$@" | commands | sort -u | while IFS=: read -r file line name; do
		[[ $BASE$known != *[[:space:]]"$name"[[:space:]]* ]] || continue
		package=$(package_column apt | awk -v thing="$name" \
			'$2 == thing || $3 == "cmd:" thing { print $4; exit }')
		# What is in the packages of others.
		case $name in
		editcap | capinfos | mergecap) package=wireshark-common ;;
		esac
		[ -n "$package" ] && sed -n '/^You need/,/^$/p' "$file" | grep -qw -- "$package" ||
			printf '%s:%s: %s\n' "$file" "$line" "$name"
	done
}

# not_announced README...: blocks in another terminal than the one before, where the
# text between the two does not say in which. Commands without a word are for the first.
not_announced()
{
	awk '
	BEGIN { split("first second third", word, " ") }
	FNR == 1 { before = 1; text = ""; quoted = 0 }
	tolower($0) ~ /^[ \t]*#\+end_/ { quoted = 0; next }
	tolower($0) ~ /^[ \t]*#\+begin_src (sh|bash|shell)/ && !/:eval no/ {
		now = match($0, /:terminal [0-9]/) ? substr($0, RSTART + 10, 1) : 1
		if (now != before && (now > 1 || /:keys/) && tolower(text) !~ word[now])
			print FILENAME ":" FNR ": in the " word[now] " terminal"
		before = now
		text = ""
	}
	tolower($0) ~ /^[ \t]*#\+begin_/ { quoted = 1 }
	!quoted { text = text " " $0 }' "$@"
}

mapfile -t readmes < <(sources -name '*.org' |
	grep -E '^([^/]*\.org|[^/]+/README\.org|[^/]*-[^/]*/[a-z][^/]*\.org)$')
verdict "no block runs something in the background, waits, sleeps or loops until" \
	"$(blocks "${readmes[@]}" | not_typed | excepted)"
verdict "at most five exceptions to that" "$(
	[ "${#EXCEPTIONS[@]}" -le 5 ] || printf '%s\n' "${EXCEPTIONS[@]}")"
verdict "the text says in which terminal a block is typed, when that changes" \
	"$(not_announced "${readmes[@]}")"
verdict "what a block types is installed by setup.sh, or named in You need" \
	"$(not_installed "${readmes[@]}")"
finish
