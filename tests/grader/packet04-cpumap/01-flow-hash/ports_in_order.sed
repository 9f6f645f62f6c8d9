# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a packet and its answer have the same number
# hint: the ports with the addresses
s/\*dest = mix\(\*dest, ports->dest\)/;/
s/mix\(\*source, ports->source\)/mix(mix(*source + *dest, ports->source), ports->dest)/
s/mix\(source \+ dest, 0\)/source/
