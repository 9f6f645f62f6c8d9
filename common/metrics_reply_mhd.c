// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What each request is answered with. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "metrics_reply_mhd.h"

#define INDEX_PAGE "metrics are at /metrics\n"

/* Answer with @len bytes at @body, which the library frees with @mode. */
static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int status,
			      const char *type, void *body, size_t len,
			      enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response;
	enum MHD_Result queued = MHD_NO;

	response = MHD_create_response_from_buffer(len, body, mode);
	if (!response) {
		if (mode == MHD_RESPMEM_MUST_FREE)
			free(body);
		return MHD_NO;
	}
	/* A connection is for one request, so its age tells enough. */
	if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES &&
	    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES &&
	    (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
	     MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") == MHD_YES))
		queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned int status,
				   const char *text)
{
	return answer(connection, status, "text/plain; charset=utf-8", (void *)text, strlen(text),
		      MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer_metrics(const struct metrics_source *source,
				      struct MHD_Connection *connection)
{
	struct metrics page = { 0 };
	char *text = NULL;
	size_t len = 0;
	int err;

	page.out = open_memstream(&text, &len);
	if (!page.out)
		return MHD_NO;
	err = source->write(&page, source->arg);
	if (ferror(page.out))
		err = -ENOMEM;
	if (fclose(page.out))
		err = -ENOMEM;
	if (!err)
		return answer(connection, MHD_HTTP_OK, METRICS_CONTENT_TYPE, text, len,
			      MHD_RESPMEM_MUST_FREE);
	free(text);
	return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR,
			   "the counters cannot be read\n");
}

enum MHD_Result metrics_reply(void *source, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *body,
			      size_t *body_len, void **context)
{
	(void)version;
	(void)body;
	if (!*context) {
		*context = source;
		return MHD_YES;
	}
	/* A body is read, or the client might not see our answer. */
	if (*body_len) {
		*body_len = 0;
		return MHD_YES;
	}
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
	if (!strcmp(url, "/metrics"))
		return answer_metrics(source, connection);
	if (!strcmp(url, "/"))
		return answer_text(connection, MHD_HTTP_OK, INDEX_PAGE);
	return answer_text(connection, MHD_HTTP_NOT_FOUND, "not found: " INDEX_PAGE);
}
