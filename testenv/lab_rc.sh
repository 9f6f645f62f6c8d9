# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What the bash of testenv.sh shell reads first. All of it may be changed there.

PS1='(xdp-shell) \w# '
echo "a shell in a network of its own: 'exit' removes all that was made in it" >&2
