/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Loads an object of this folder and runs packets through its programs. */
#ifndef TESTS_PROGRUN_H
#define TESTS_PROGRUN_H

#include <bpf/libbpf.h>
#include <linux/types.h>

#define PACKET_MAX 2048

struct packet {
	__u8 data[PACKET_MAX];
	__u32 len;
};

/* Opens the object @name, which lies beside the running command. Ends the test
 * with a message if it cannot; what it returns lives as long as the test.
 */
struct bpf_object *progrun_open(const char *name);

/* The same, and its programs and maps are loaded. */
struct bpf_object *progrun_load(const char *name);

/* Loads @obj, which is open, as its lesson's text @folder/prepare.txt says
 * behind "prepare @name" (common/packets/prepare.h; the process is in that network
 * then); an empty @name: as it is. Stores where packets come in.
 */
void progrun_prepare(struct bpf_object *obj, const char *folder, const char *name,
		     unsigned int *ingress);

/* The program @name of @obj, as a file descriptor. */
int progrun_prog(struct bpf_object *obj, const char *name);

/* The global variable of @obj, of @size bytes, to read and to write: the
 * program sees it as it is.
 */
void *progrun_globals(struct bpf_object *obj, size_t size);

/* Runs @in, 14 bytes or more, through the program once. Returns the verdict;
 * @out, where not NULL, is the packet afterwards.
 */
__u32 progrun(int prog, const struct packet *in, struct packet *out);

#endif /* TESTS_PROGRUN_H */
