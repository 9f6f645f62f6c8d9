# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: without an interface packets pass, as they came
# hint: redirect_ifindex is 0 until the loader
s/ \|\| !redirect_ifindex//
