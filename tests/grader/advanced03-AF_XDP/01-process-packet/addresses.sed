# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an echo request by IPv6 is answered
# hint: To whom does your packet go
/swap\(&ip6->/d
