# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an answer has a hop limit of 64, whatever the request has
# hint: begins its own way
/ip6->ip6_hlim = /d
