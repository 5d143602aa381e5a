/* SPDX-License-Identifier: ISC */
/*
 * fetch/source: where mail comes from, as the worker sees it: one mailbox behind five calls. The
 * first implementation is fetch/imap; a Maildir fits as well. A source blocks in its calls (each
 * bounded by its own deadlines) and never waits for the parent: when it has no credit or needs a
 * cursor it returns, and whoever owns the thread serves another mailbox meanwhile.
 *
 *	open   connect if need be and look at the mailbox; then the parent gives the cursor
 *	scan   make the list of what is to be fetched
 *	next   give the mails of the list one by one, as far as the credit goes, until the end
 *	ack    between any two of these: flag or move what is committed
 *	listen when there is nothing to do: news come through a descriptor for the worker's epoll
 *	close  say good-bye; open may follow
 *	destroy
 *
 * After a failure of open, scan, next or listen the source has closed itself; open begins anew.
 */
#ifndef TD_FETCH_SOURCE_H
#define TD_FETCH_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/err.h"
#include "daemon/fetch/cursor.h"

struct source;

struct source_opened {
	uint32_t uidvalidity; /* never 0 */
	uint32_t exists;
};

struct source_mail {
	uint32_t uid;
	int64_t internaldate; /* UTC seconds */
	uint64_t size;        /* on the server; with headers_only more than the memfd holds */
	bool headers_only;
	const char *name;     /* of the file, until the next call; NULL: it has none */
	int fd;               /* sealed memfd, CRLF as sent; belongs to the receiver */
};

/* How much may be under way. One mail of any size may go when first is set: a large one must not
 * wait for ever. */
struct source_credit {
	uint32_t mails;
	uint64_t bytes;
	bool first;
};

enum source_next {
	SOURCE_MAIL,   /* *mail_r is set */
	SOURCE_CREDIT, /* the next mail does not fit: come back with more credit */
	SOURCE_END,    /* the list is through */
};

/* What the scan came to, once next has given SOURCE_END. */
struct source_scanned {
	uint32_t highest; /* every mail up to this UID was given, was known, or is gone */
	uint32_t mails;   /* how many next gave */
	bool more;        /* it did not look at all: scan again at once */
	const uint32_t *gone; /* of the names that the cursor brought or next gave: they need not be
	                     kept; until the next call */
	size_t n_gone;
};

struct source_news {
	bool any;        /* open and scan again */
	int fd;          /* becomes readable when listen should be called again; -1: it cannot
	                    tell of news, ask it every now and then */
	const char *why; /* why it cannot, once; NULL: nothing new about that; static */
};

struct source_ops {
	enum td_status (*open)(struct source *source, struct source_opened *opened_r,
	    struct err *err);
	/* The cursor is the caller's and is not kept. */
	enum td_status (*scan)(struct source *source, const struct cursor *cursor,
	    struct err *err);
	/* TD_OK only sets *next_r. A mail that the server does not give is left out (and err
	 * then tells of it in scanned's place); the others still come. */
	enum td_status (*next)(struct source *source, const struct source_credit *credit,
	    enum source_next *next_r, struct source_mail *mail_r, struct err *err);
	/* False, and err, when mails had to be left out of the scan. */
	bool (*scanned)(struct source *source, struct source_scanned *scanned_r, struct err *err);
	/* Does what is configured to each of the sorted uids; doing it again does no harm.
	 * TD_TEMP: the connection is gone, try again; TD_PERM: the server refuses. */
	enum td_status (*ack)(struct source *source, const uint32_t *uids, size_t n,
	    struct err *err);
	/* Begins to listen for news, or goes on with it and takes what has come; it does not wait
	 * for any. The other calls end it by themselves. After a failure it is closed, which is
	 * no trouble as long as open succeeds: connections that wait may end at any time. */
	enum td_status (*listen)(struct source *source, struct source_news *news_r,
	    struct err *err);
	bool (*is_open)(const struct source *source);
	/* True if next gives a mail without asking the server. */
	bool (*has_mail)(const struct source *source);
	void (*close)(struct source *source);
	void (*destroy)(struct source **source);
};

struct source {
	const struct source_ops *ops;
	int64_t hurry; /* monotonic ms: the worker wants no wait for the server past it; 0: those
	                  that are configured. Only open is asked for that. */
};

#endif
