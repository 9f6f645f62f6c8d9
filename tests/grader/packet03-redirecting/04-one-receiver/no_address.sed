# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: frames leave through the interface, to the receiver
# hint: redirect_mac becomes the destination
/h_dest\[i\]/s/.*/\t\t;/
