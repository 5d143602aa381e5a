/* SPDX-License-Identifier: ISC */
/* imap-private: what the files of fetch/imap share: the session and how a command is run. */
#ifndef TD_FETCH_IMAP_PRIVATE_H
#define TD_FETCH_IMAP_PRIVATE_H

#include <libetpan/libetpan.h>

#include "parsers/base/buf.h"
#include "daemon/fetch/imap.h"
#include "daemon/fetch/tls.h"

#define IMAP_KEYWORD "$tidings"
#define IMAP_BATCH_MAILS 64u
#define IMAP_BATCH_BYTES (1024u * 1024)  /* small mails that one command fetches */
#define IMAP_LARGE (512u * 1024)         /* from here on a mail is fetched alone */
#define IMAP_SIZES 256u                  /* mails whose sizes one command asks for */
#define IMAP_RANGES 100u                 /* ranges in one command: keeps its line short */
#define IMAP_SEARCH_ALL 200000u          /* more mails than this are searched in windows */
#define IMAP_LIST 8192u                  /* mails that one scan fetches */
#define IMAP_WINDOWS 64u                 /* windows that one scan searches */
#define IMAP_SEARCH_BYTES (3u * 1024 * 1024)
#define IMAP_HEADER_BYTES (256u * 1024)  /* of a mail that is too large */
#define IMAP_LEFT_OUT 16u                /* mails that a server may refuse in one scan */
#define IMAP_STREAM_BUFFER 16384u        /* of a stream that works */
#define IMAP_SLACK (64u * 1024)          /* bytes of protocol around what was asked for */
#define IMAP_PLAIN (48u * 1024)          /* bytes outside of literals in one answer that the library
                                            reads; it needs some 60 for each of them */
#define IMAP_RATE (32 * 1024)            /* slowest server: bytes a second */

/* One mail of the work list, with what the server said of it. */
struct imap_item {
	uint32_t uid;
	uint64_t size;
	int64_t internaldate;
};

/* A fetched mail that next has not given yet. */
struct imap_ready {
	struct imap_item item;
	bool headers_only;
	int fd;
};

/* Capabilities that matter here; a bit each. */
enum imap_can {
	IMAP_CAN_STARTTLS = 1u << 0,
	IMAP_CAN_SASL_IR = 1u << 1, /* RFC 4959 */
	IMAP_CAN_IDLE = 1u << 2,    /* RFC 2177 */
	IMAP_CAN_MOVE = 1u << 3,    /* RFC 6851 */
	IMAP_CAN_UIDPLUS = 1u << 4, /* RFC 4315 */
	IMAP_CAN_NO_LOGIN = 1u << 5,
	IMAP_CAN_PLAIN = 1u << 6,
	IMAP_CAN_XOAUTH2 = 1u << 7,
	IMAP_CAN_OAUTHBEARER = 1u << 8,
};

struct imap {
	struct source source;
	const struct fetch_mailbox *conf;
	uint64_t mail_bytes;
	int cancel_fd;

	struct tls_stream *stream; /* owned by session's mailstream once that is there */
	mailimap *session;         /* NULL: closed */
	uint32_t uidvalidity;
	uint32_t exists;
	uint32_t uidnext; /* when the folder was selected; 0: not said, or old by now */
	unsigned can; /* bits of enum imap_can, when it was last asked */
	bool takes_keyword; /* the folder: IMAP_KEYWORD may be set */

	/* waiting for news: imap-idle.c's */
	bool idling;  /* until imap_idle_end nothing else may be sent */
	bool news;    /* new mail was told of; the folder need not be selected anew to look */
	unsigned idle_failures; /* in a row */
	int64_t idle_since, idle_rest; /* monotonic ms; no IDLE before idle_rest */
	const char *idle_why;          /* why it rests, until it was told; static */

	/* the scan */
	uint32_t *uids; /* sorted work list */
	size_t n_uids;
	size_t at;      /* first one whose size is not known yet */
	uint32_t seen;  /* highest UID that the scan looked at */
	bool more;      /* there are higher ones */
	uint32_t given;
	struct imap_item *items; /* room for IMAP_SIZES, while there is a work list */
	size_t n_items, item_at;
	struct imap_ready *ready; /* room for IMAP_BATCH_MAILS, likewise */
	size_t n_ready, ready_at;
	unsigned n_left_out;
	uint32_t left_out; /* lowest UID that could not be had; 0: none */
	struct err left_out_err;
	bool one_by_one;    /* a batch failed: find the mail that it failed for */
	uint32_t oversized; /* a mail that turned out larger than the server said: headers only */
};

/* imap-session.c */
TD_CHECK enum td_status imap_open(struct imap *imap, struct source_opened *opened_r,
    struct err *err);
void imap_drop(struct imap *imap);  /* at once, without a word */
void imap_close(struct imap *imap); /* with LOGOUT */

/* Sets deadline and budget for a command whose answer is about so many bytes; with _sized it may
 * be up to max, but must be here as soon as expected bytes would be. Outside of literals IMAP_PLAIN
 * of them may come; with _own, for what is read here and not by the library, all. */
void imap_begin_own(struct imap *imap, uint64_t expected, uint64_t max);
void imap_begin(struct imap *imap, uint64_t bytes);
/* Monotonic ms: in so many, but not past what the worker's hurry allows. */
int64_t imap_deadline(const struct imap *imap, int64_t wait_ms);
void imap_begin_sized(struct imap *imap, uint64_t expected, uint64_t max);
bool imap_ok(int rc);
/* True if the session can go on: the server understood and said NO or BAD. */
bool imap_refused(int rc);
/*
 * The failure of a command as text and status. what completes "HOST:PORT ... failed", such as
 * "reading folder X". The session is dropped unless imap_refused(rc).
 */
enum td_status imap_failed(struct imap *imap, int rc, const char *what, struct err *err);
/* The folder's name as the protocol wants it. */
TD_CHECK enum td_status imap_folder_name(const char *utf8, struct buf *out, struct err *err);

/* imap-can.c: asks the server; imap_has then tells what it said. */
TD_CHECK enum td_status imap_ask_capabilities(struct imap *imap, struct err *err);
bool imap_has(const struct imap *imap, enum imap_can can);

/* imap-login.c: whatever is needed between the greeting and SELECT. */
TD_CHECK enum td_status imap_connect(struct imap *imap, struct err *err);
/* Codes of RFC 5530 (and Gmail's) that say "later", not "wrong password". */
bool imap_code_passes(struct span code);
bool imap_passes(struct imap *imap); /* the last command was refused with one of them */

/* imap-oauth.c: with the access token of the mailbox's account. */
TD_CHECK enum td_status imap_login_oauth(struct imap *imap, struct err *err);

/* imap-idle.c */
TD_CHECK enum td_status imap_listen(struct imap *imap, struct source_news *news_r,
    struct err *err);
/* Before any other command. When it fails the session was dropped. */
TD_CHECK enum td_status imap_idle_end(struct imap *imap, struct err *err);
/* Reads more into the library's buffer. 0: nothing is there now (only without wait); -1: failed. */
ssize_t imap_fill(struct imap *imap, bool wait);
bool imap_say(struct imap *imap, const char *line); /* which ends in CRLF */

/* imap-search.c: gives the UIDs of these ranges that the folder lists, and whatever else the server
 * says it lists: in any order, any number of times, never 0. last 0 means "*". */
typedef void imap_take_uid(void *user, uint32_t uid);
TD_CHECK enum td_status imap_search(struct imap *imap, const struct cursor_range *ranges, size_t n,
    imap_take_uid *take, void *user, struct err *err);

/* imap-scan.c */
TD_CHECK enum td_status imap_scan(struct imap *imap, const struct cursor *cursor,
    struct err *err);
/* The libetpan set of the first of these uids, at most IMAP_RANGES ranges; *n_r: how many. */
struct mailimap_set *imap_set_of(const uint32_t *uids, size_t n, size_t *n_r);
/* Asks again which of these sorted uids the folder lists; *n_r of them stay, in front. */
TD_CHECK enum td_status imap_keep_listed(struct imap *imap, uint32_t *uids, size_t n, size_t *n_r,
    struct err *err);

/* imap-fetch.c */
TD_CHECK enum td_status imap_next(struct imap *imap, const struct source_credit *credit,
    enum source_next *next_r, struct source_mail *mail_r, struct err *err);
void imap_fetch_reset(struct imap *imap);

/* imap-stream.c */
/* Fetches one mail (or its headers) into a sealed memfd; *fd_r is -1 when none came. */
TD_CHECK enum td_status imap_stream_mail(struct imap *imap, const struct imap_item *item,
    bool headers_only, int *fd_r, struct err *err);

/* imap-parts.c: reading what libetpan gives. */
uint32_t imap_att_uid(const struct mailimap_msg_att *att);
/* UID, size and date of one FETCH answer; false when one of them is missing. */
bool imap_att_item(const struct mailimap_msg_att *att, struct imap_item *item_r);
/* The body section of the answer, or NULL. */
const struct mailimap_msg_att_body_section *imap_att_body(const struct mailimap_msg_att *att);
int64_t imap_date(const struct mailimap_date_time *date);

/* imap-ack.c */
TD_CHECK enum td_status imap_ack(struct imap *imap, const uint32_t *uids, size_t n,
    struct err *err);

#endif
