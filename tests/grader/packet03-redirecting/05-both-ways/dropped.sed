# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: without a port packets pass, as they came
# hint: Which verdict does it return if not
s/PORT_OF_MAP, XDP_PASS/PORT_OF_MAP, XDP_DROP/
