/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* get, set and del: the commands of xdp_stats_user for one element of a map. */
#ifndef ELEMENT_H
#define ELEMENT_H

/* What the command line asks to be done with a map. */
struct element_opts {
	const char *map; /* its name; NULL: xdp_proto_map */
	int flag; /* BPF_ANY, BPF_NOEXIST, BPF_EXIST */
};

/*
 * Do what the operands say: get [KEY], set KEY VALUE, del KEY, on a map pinned
 * in @folder: xdp_proto_map, or with --map xdp_stats_map, whose keys are
 * actions and whose value is set on the first CPU, and 0 on the others. Returns
 * 0; -EINVAL when the words make no sense, -ENOEXEC when the map refuses; both
 * after one error line; -EPIPE when standard output did not take it.
 */
int element_command(const struct element_opts *opts, const char *folder, int argc, char **argv);

#endif /* ELEMENT_H */
