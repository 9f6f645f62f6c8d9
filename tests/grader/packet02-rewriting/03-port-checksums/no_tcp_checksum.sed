# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: TCP over IPv4: port and checksum
# hint: The checksum of TCP covers the port
/\tcsum_replace2\(/d
