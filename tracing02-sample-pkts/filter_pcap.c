// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* --filter: libpcap compiles the expression, and interprets it here, in user space. */
#include <errno.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "filter.h"
#include "log.h"
#include "packets/capfile.h"

struct filter {
	struct bpf_program program; /* of libpcap: the classic BPF */
};

int filter_open(struct filter **filter, const char *expression)
{
	pcap_t *pcap;
	int err;

	*filter = NULL;
	if (!expression)
		return 0;
	pcap = pcap_open_dead(DLT_EN10MB, CAPFILE_SNAPLEN);
	*filter = calloc(1, sizeof(**filter));
	if (!pcap || !*filter) {
		pr_err("cannot compile '%s': no memory", expression);
		err = -ENOMEM;
		goto fail;
	}
	err = pcap_compile(pcap, &(*filter)->program, expression, 1, PCAP_NETMASK_UNKNOWN);
	if (!err)
		goto close;
	pr_err("bad value '%s' for --filter: %s", expression, pcap_geterr(pcap));
	err = -EINVAL;
fail:
	free(*filter);
	*filter = NULL;
close:
	if (pcap)
		pcap_close(pcap);
	return err;
}

bool filter_matches(const struct filter *filter, const struct sample *sample,
		    const unsigned char *data)
{
	const struct pcap_pkthdr header = { .caplen = sample->len, .len = sample->orig_len };

	return !filter || pcap_offline_filter(&filter->program, &header, data);
}

void filter_close(struct filter *filter)
{
	if (!filter)
		return;
	pcap_freecode(&filter->program);
	free(filter);
}
