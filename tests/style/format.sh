#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The C code is as clang-format would write it.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

if ! lacks clang-format clang-format; then
	verdict "clang-format (cure: clang-format -i FILE)" "$(
		sources -name '*.[ch]' |
			in_parallel clang-format --style=file --dry-run -Werror |
			awk -F : '/: error: / {
				if (!places[$1]++)
					first[$1] = $2
			}
			/: exit status / { print }
			END {
				for (file in places)
					print file ": " places[file] \
						" places, from line " first[file]
			}' | sort)"
fi
finish
