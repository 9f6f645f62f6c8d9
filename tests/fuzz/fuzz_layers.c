// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Packets that a learner's program may have made: any bytes are named within the frame. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layers.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check_fields(const struct frame *frame)
{
	struct layers layers;
	int i;

	layers_read(&layers, frame);
	if (!memchr(layers.text, '\0', sizeof(layers.text)) || layers.count > LAYERS_FIELDS_MAX)
		abort();
	for (i = 0; i < layers.count; i++)
		if (layers.field[i].offset > frame->len ||
		    layers.field[i].len > frame->len - layers.field[i].offset)
			abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static FILE *out;
	/* Of their own, so that a byte too far is seen. */
	struct frame got = { .len = (__u32)(size / 2) };
	struct frame want = { .len = (__u32)(size - size / 2) };

	if (!out)
		out = fopen("/dev/null", "w");
	got.data = malloc(got.len ? got.len : 1);
	want.data = malloc(want.len ? want.len : 1);
	if (!out || !got.data || !want.data)
		abort();
	if (size) {
		memcpy(got.data, data, got.len);
		memcpy(want.data, data + got.len, want.len);
	}
	check_fields(&got);
	check_fields(&want);
	layers_print(out, 8, 5, &want);
	layers_print_difference(out, 8, 3, &got, &want);
	free(got.data);
	free(want.data);
	return 0;
}
