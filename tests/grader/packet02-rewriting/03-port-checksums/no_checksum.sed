# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP over IPv4: port and checksum
# hint: The checksum of UDP covers the port
/_replace2\(/d
