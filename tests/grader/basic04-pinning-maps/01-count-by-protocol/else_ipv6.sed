# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: what is not IP, or cut, is not counted
# hint: Only EtherTypes IPv4 and IPv6
s/\} else if .*\{/} else {/
