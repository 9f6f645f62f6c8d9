/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* common/settings: const volatile variables of an object, set by name. */
#include <errno.h>

#include "capture.h"
#include "log.h"
#include "progrun.h"
#include "rodata.h"
#include "tap.h"

static const __u8 start[3] = { 1, 2, 3 };
static const __u32 len = 60;

/* A setting that cannot be set: one line with @text. */
static void refused(struct bpf_object *obj, const char *name, size_t size, const char *text)
{
	static const __u64 value;
	static struct capture caught;
	int err;

	capture_begin(&caught, STDERR_FILENO);
	err = rodata_set(obj, name, &value, size);
	capture_end(&caught);
	is_int(err, -ENOEXEC, text);
	has(caught.text, text, "and the line says why");
}

int main(void)
{
	struct bpf_object *obj = progrun_open("settings_kern.o");
	struct packet packet = { .len = len };
	int prog;

	log_init(LOG_LEVEL_INFO);
	refused(obj, "missing", 4, "the object has no such setting");
	refused(obj, "wanted_len", 2, "it has 4 bytes in the object, not 2");
	is_int(rodata_set(obj, "wanted_len", &len, sizeof(len)), 0, "a number is set");
	is_int(rodata_set(obj, "wanted_start", start, sizeof(start)), 0, "and bytes are");
	is_int(bpf_object__load(obj), 0, "the object is loaded");
	refused(obj, "wanted_len", 4, "the object is loaded");

	prog = progrun_prog(obj, "settings_func");
	is_int(progrun(prog, &packet, NULL), XDP_TX, "the length was set");
	memcpy(packet.data, start, sizeof(start));
	is_int(progrun(prog, &packet, NULL), XDP_DROP, "the bytes were");
	packet.len++;
	is_int(progrun(prog, &packet, NULL), XDP_PASS, "and nothing else");
	bpf_object__close(obj);

	obj = progrun_load("settings_kern.o");
	packet.len = len;
	is_int(progrun(progrun_prog(obj, "settings_func"), &packet, NULL), XDP_PASS,
	       "what is not set is what the source says");
	bpf_object__close(obj);
	return tap_done();
}
