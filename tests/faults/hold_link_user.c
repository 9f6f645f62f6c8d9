// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Attach the first program of an object file to an interface with a bpf_link,
 * say so, and hold it until standard input ends.
 */
#include <net/if.h>
#include <stdio.h>

#include <bpf/libbpf.h>

int main(int argc, char **argv)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	struct bpf_link *link;

	if (argc != 3)
		return 2;
	obj = bpf_object__open_file(argv[2], NULL);
	if (!obj || bpf_object__load(obj))
		return 40;
	prog = bpf_object__next_program(obj, NULL);
	link = prog ? bpf_program__attach_xdp(prog, (int)if_nametoindex(argv[1])) : NULL;
	if (!link)
		return 30;
	puts("attached");
	fflush(stdout);
	while (getchar() != EOF)
		;
	bpf_link__destroy(link);
	bpf_object__close(obj);
	return 0;
}
