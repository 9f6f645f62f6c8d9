// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The JSON that --json prints: members, commas and brackets, strings. */
#include <stdarg.h>

#include "json.h"

static bool continues(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

int utf8_length(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	if (at[0] < 0x80)
		return 1;
	/* 0xc0 and 0xc1 would be ASCII in two bytes. */
	if (at[0] < 0xc2 || at[0] > 0xf4 || !continues(at[1]))
		return 0;
	if (at[0] < 0xe0)
		return 2;
	/* Nor may longer ones be short, surrogates, or above U+10FFFF. */
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f))
		return 0;
	if (!continues(at[2]))
		return 0;
	if (at[0] < 0xf0)
		return 3;
	if ((at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return continues(at[3]) ? 4 : 0;
}

void json_string(FILE *out, const char *text)
{
	int length;

	fputc('"', out);
	for (; *text; text += length ? length : 1) {
		unsigned char byte = (unsigned char)*text;

		length = utf8_length(text);
		if (!length)
			fputs("\\ufffd", out);
		else if (byte == '"' || byte == '\\')
			fprintf(out, "\\%c", byte);
		else if (byte < 0x20 || byte == 0x7f)
			fprintf(out, "\\u%04x", byte);
		else
			fwrite(text, 1, (size_t)length, out);
	}
	fputc('"', out);
}

/* The comma that a member needs, and its name. */
static void begin_member(struct json *json, const char *name)
{
	if (json->more)
		fputs(", ", json->out);
	json->more = true;
	if (!name)
		return;
	json_string(json->out, name);
	fputs(": ", json->out);
}

void json_open(struct json *json, const char *name, char bracket)
{
	begin_member(json, name);
	fputc(bracket, json->out);
	json->close[json->depth++ % JSON_DEPTH_MAX] = bracket == '[' ? ']' : '}';
	json->more = false;
}

void json_close(struct json *json)
{
	fputc(json->close[--json->depth % JSON_DEPTH_MAX], json->out);
	json->more = json->depth > 0;
	if (!json->depth)
		fputc('\n', json->out);
}

void json_member(struct json *json, const char *name, const char *fmt, ...)
{
	va_list args;

	begin_member(json, name);
	va_start(args, fmt);
	vfprintf(json->out, fmt, args);
	va_end(args);
}

void json_text(struct json *json, const char *name, const char *text)
{
	begin_member(json, name);
	json_string(json->out, text);
}

void json_number(struct json *json, const char *name, bool known, double number)
{
	if (known)
		json_member(json, name, "%.3f", number);
	else
		json_member(json, name, "null");
}
