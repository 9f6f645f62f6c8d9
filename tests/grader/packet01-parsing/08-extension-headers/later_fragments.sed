# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: later fragments pass
# hint: Behind the fragment header of a later fragment
/ext->frag_off & /,+1d
