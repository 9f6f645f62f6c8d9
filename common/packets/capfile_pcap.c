// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Reading files of captured packets; libpcap knows their formats. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "log.h"
#include "packets/capfile.h"

#define NS_PER_SECOND 1000000000ULL

struct capfile_reader {
	const char *path;
	pcap_t *pcap;
	unsigned long long count; /* packets read */
};

/* libpcap begins some of its messages with the name of the file. */
static const char *reason(const char *message, const char *path)
{
	size_t len = strlen(path);

	if (!strncmp(message, path, len) && !strncmp(message + len, ": ", 2))
		return message + len + 2;
	return message;
}

/* Where packets of that link type come from, and what to do. */
static const char *remedy(const char *name)
{
	/* Also LINUX_SLL2, which not every libpcap has a number for. */
	if (!strncmp(name, "LINUX_SLL", 9))
		return "capture on one interface, not on 'any'";
	if (!strcmp(name, "RAW") || !strcmp(name, "IPV4") || !strcmp(name, "IPV6"))
		return "IP alone, as a tunnel has it: capture on an Ethernet interface";
	return "capture on an Ethernet interface";
}

/* An XDP program is handed Ethernet frames, nothing else. */
static int check_link_type(const struct capfile_reader *reader)
{
	int type = pcap_datalink(reader->pcap);
	const char *name = pcap_datalink_val_to_name(type);

	if (type == DLT_EN10MB)
		return 0;
	if (!name)
		name = "unknown";
	pr_err("cannot use '%s': its packets are no Ethernet frames, but of link type %s (%d) (%s)",
	       reader->path, name, type, remedy(name));
	return -EINVAL;
}

struct capfile_reader *capfile_open(const char *path)
{
	struct capfile_reader *reader = calloc(1, sizeof(*reader));
	char message[PCAP_ERRBUF_SIZE] = "";

	if (!reader) {
		pr_err("cannot open '%s': %s", path, strerror(ENOMEM));
		return NULL;
	}
	reader->path = path;
	reader->pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO,
							       message);
	if (!reader->pcap) {
		pr_err("cannot open '%s' as a capture file: %s", path, reason(message, path));
		goto free;
	}
	if (check_link_type(reader))
		goto close;
	return reader;
close:
	pcap_close(reader->pcap);
free:
	free(reader);
	return NULL;
}

int capfile_next(struct capfile_reader *reader, struct capfile_packet *packet)
{
	struct pcap_pkthdr *header;
	const unsigned char *data;
	int got = pcap_next_ex(reader->pcap, &header, &data);

	if (got == PCAP_ERROR_BREAK)
		return 0;
	if (got != 1) {
		pr_err("cannot read packet %llu of '%s': %s", reader->count + 1, reader->path,
		       pcap_geterr(reader->pcap));
		return -EIO;
	}
	reader->count++;
	/* With this precision tv_usec holds nanoseconds. */
	*packet = (struct capfile_packet){
		.time = (__u64)header->ts.tv_sec * NS_PER_SECOND + (__u64)header->ts.tv_usec,
		.len = header->caplen,
		.orig_len = header->len > header->caplen ? header->len : header->caplen,
		.data = data,
	};
	return 1;
}

void capfile_close(struct capfile_reader *reader)
{
	if (!reader)
		return;
	pcap_close(reader->pcap);
	free(reader);
}
