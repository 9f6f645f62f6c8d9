# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What the bash of testenv.sh shell reads first. All of it may be changed there.

PS1='(xdp-shell) \w# '
if [ "$PPID" -ne 0 ]; then
	echo "a shell in a network of its own: 'exit' removes all that was made in it" >&2
else
	echo "in the network of the shell in another terminal, and gone with it" >&2
fi
