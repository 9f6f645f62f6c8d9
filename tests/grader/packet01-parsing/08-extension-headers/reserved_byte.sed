# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP in a first fragment is dropped, and in a datagram of one fragment
# hint: no length in its second one
s/pos \+= sizeof\(\*ext\)/pos += (ext->hdrlen + 1) * 8/
