// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Pages of metrics, what they escape, and where they are served. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "metrics/metrics.h"
#include "metrics/metrics_http_mhd.h"
#include "tap.h"

static char *text;
static size_t text_len;

static struct metrics begin(void)
{
	free(text);
	text = NULL;
	return (struct metrics){ .out = open_memstream(&text, &text_len) };
}

static void is_page(struct metrics *page, const char *want, const char *name)
{
	fclose(page->out);
	if (!ok(!strcmp(text, want), name))
		printf("# got %s\n", text);
}

/* A label whose value is @value is written as @want. */
static void is_label(const char *value, const char *want, const char *name)
{
	struct metrics page = begin();
	char line[128];

	page.family = "x";
	metrics_label(&page, "l", value);
	metrics_uint(&page, 1);
	snprintf(line, sizeof(line), "x{l=\"%s\"} 1\n", want);
	is_page(&page, line, name);
}

static void test_pages(void)
{
	struct metrics page = begin();

	metrics_family(&page, "a_total", METRICS_COUNTER, "All of it.");
	metrics_uint(&page, 0);
	metrics_label(&page, "action", "XDP_DROP");
	metrics_label_uint(&page, "cpu", 4095);
	metrics_uint(&page, 18446744073709551615ull);
	metrics_uint(&page, 7);
	metrics_family(&page, "b_seconds", METRICS_GAUGE, "C:\\ a \"b\"\nc");
	metrics_real(&page, 0.5);
	metrics_real(&page, 1795305600.123456);
	is_page(&page,
		"# HELP a_total All of it.\n"
		"# TYPE a_total counter\n"
		"a_total 0\n"
		"a_total{action=\"XDP_DROP\",cpu=\"4095\"} 18446744073709551615\n"
		"a_total 7\n"
		"# HELP b_seconds C:\\\\ a \"b\"\\nc\n"
		"# TYPE b_seconds gauge\n"
		"b_seconds 0.5\n"
		"b_seconds 1795305600.123456\n",
		"families, labels, values");
}

static void test_labels(void)
{
#define REPLACED "\xef\xbf\xbd"
	is_label("", "", "an empty label");
	is_label("eth0.7@x{}=,# %s", "eth0.7@x{}=,# %s", "an ordinary one");
	is_label("a\\b\"c\n", "a\\\\b\\\"c\\n", "what has to be escaped");
	is_label("\t\r\x01\x7f", "\t\r\x01\x7f", "control characters are as they are");
	is_label("\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9d", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9d",
		 "UTF-8 is as it is");
	is_label("\xe9t\xe9", REPLACED "t" REPLACED, "Latin 1 is replaced");
	is_label("\xc3", REPLACED, "half a character");
	is_label("\xe2\x82", REPLACED REPLACED, "two thirds of one");
	is_label("\xf0\x9f\x90", REPLACED REPLACED REPLACED, "three quarters");
	is_label("\xc1\x81", REPLACED REPLACED, "ASCII in two bytes");
	is_label("\xe0\x9f\xbf", REPLACED REPLACED REPLACED, "and in three");
	is_label("\xf0\x8f\xbf\xbf", REPLACED REPLACED REPLACED REPLACED, "and in four");
	is_label("\xed\xa0\x80", REPLACED REPLACED REPLACED, "a surrogate");
	is_label("\xf4\x90\x80\x80", REPLACED REPLACED REPLACED REPLACED,
		 "above the last character");
	is_label("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", "the last character");
}

/* @where is listened on as @url begins. */
static void is_where(const char *where, const char *url)
{
	char got[METRICS_URL_MAX] = "refused";
	struct metrics_addr addr;
	int fd = -1;

	if (!metrics_parse(where, &addr))
		fd = metrics_listen(&addr, got);
	if (!ok(fd >= 0 && !strncmp(got, url, strlen(url)) &&
			!strncmp(strchr(got + strlen(url), '\0') - 8, "/metrics", 8),
		where))
		printf("# got %s, %d, want %s...\n", got, fd, url);
	if (fd >= 0)
		close(fd);
}

static void refused(const char *where)
{
	struct metrics_addr addr = { .port = 77 };

	ok(metrics_parse(where, &addr) == -EINVAL && addr.port == 77,
	   *where ? where : "(nothing at all)");
}

static void test_addresses(void)
{
	struct metrics_addr addr;

	is_where("0", "http://127.0.0.1:");
	is_where("127.0.0.2:0", "http://127.0.0.2:");
	is_where("0.0.0.0:0", "http://0.0.0.0:");
	ok(!metrics_parse("65535", &addr) && addr.port == 65535 && addr.addr.family == AF_INET,
	   "the last port");
	ok(!metrics_parse("[2001:db8::1]:9100", &addr) && addr.port == 9100 &&
		   addr.addr.family == AF_INET6 && addr.addr.v6.s6_addr[15] == 1,
	   "an IPv6 address");
	ok(!metrics_parse("009100", &addr) && addr.port == 9100, "zeros before");
	refused("");
	refused("x");
	refused("65536");
	refused("4294967296");
	refused("99999999999999999999999");
	refused("-1");
	refused("+1");
	refused(" 1");
	refused("1 ");
	refused("0x50");
	refused(":9100");
	refused("127.0.0.1");
	refused("127.0.0.1:");
	refused("127.1:9100");
	refused("localhost:9100");
	refused("::1:9100");
	refused("[::1]");
	refused("[::1]9100");
	refused("[]:9100");
	refused("[:9100");
	refused("]:9100");
	refused("[127.0.0.1]:9100");
	refused("[::1]:9100:9100");
	refused("[1234:1234:1234:1234:1234:1234:1234:1234:1234:1234]:9100");
}

static void test_busy(void)
{
	char url[METRICS_URL_MAX], again[METRICS_URL_MAX];
	struct metrics_addr addr;
	int fd;

	metrics_parse("0", &addr);
	fd = metrics_listen(&addr, url);
	addr.port = (unsigned short)atoi(strrchr(url, ':') + 1);
	is_int(metrics_listen(&addr, again), -EADDRINUSE, "a port in use");
	close(fd);
	fd = metrics_listen(&addr, again);
	ok(fd >= 0 && !strcmp(url, again), "and when it is free again");
	close(fd);
	metrics_parse("192.0.2.1:0", &addr);
	is_int(metrics_listen(&addr, again), -EADDRNOTAVAIL, "an address of somebody else");
}

/* One end of a connection; the other is stored in @other. */
static int connection(int *other)
{
	int ends[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		perror("socketpair");
	*other = ends[1];
	return ends[0];
}

static bool is_ended(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static void test_clients(void)
{
	int ours[METRICS_CLIENTS_MAX + 1], theirs[METRICS_CLIENTS_MAX + 1], i;
	struct metrics_clients clients;

	metrics_clients_init(&clients);
	for (i = 0; i <= METRICS_CLIENTS_MAX; i++) {
		ours[i] = connection(&theirs[i]);
		metrics_clients_begin(&clients, ours[i]);
		if (i == METRICS_CLIENTS_MAX - 1)
			ok(!is_ended(theirs[0]), "as many as there may be");
	}
	ok(is_ended(theirs[0]) && !is_ended(theirs[1]), "one more: the oldest goes");
	metrics_clients_end(&clients, ours[5]);
	metrics_clients_begin(&clients, ours[5]);
	ok(!is_ended(theirs[1]), "a place that is free is taken first");
	clients.at[3].since -= METRICS_CLIENT_SECONDS + 1;
	metrics_clients_expire(&clients);
	ok(is_ended(theirs[3]) && !is_ended(theirs[4]), "those whose time is over go");
	for (i = 0; i <= METRICS_CLIENTS_MAX; i++) {
		close(ours[i]);
		close(theirs[i]);
	}
}

int main(void)
{
	test_pages();
	test_labels();
	test_addresses();
	test_busy();
	test_clients();
	free(text);
	return tap_done();
}
