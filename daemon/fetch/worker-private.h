/* SPDX-License-Identifier: ISC */
/*
 * worker-private: the fetch worker from within. worker.c is the first thread: frames, timers,
 * which mailbox is ready. lanes.c is which ready one goes first, serve.c what the other threads
 * do with it. mbox.c is the bookkeeping of one mailbox. All fields below are under fetcher.lock,
 * but for those that say whose they are; a thread that serves a mailbox lets the lock go while it
 * waits for a server.
 */
#ifndef TD_FETCH_WORKER_PRIVATE_H
#define TD_FETCH_WORKER_PRIVATE_H

#include <pthread.h>

#include "daemon/fetch/source.h"
#include "daemon/fetch/worker.h"
#include "daemon/ipc/loop.h"

#define FETCH_SERVER_THREADS 12u /* as many as there are mailboxes on servers, up to these */
#define FETCH_FOLDER_THREADS 2u  /* the same for Maildirs */
#define FETCH_THREADS (FETCH_SERVER_THREADS + FETCH_FOLDER_THREADS)
/* A server that is not known for failing is given so long to be open, or so long for any other
 * call; then it is one of the failed, where it is given all the time that is configured. */
#define HURRY_MS 10000
#define MBOX_WINDOW_MAILS 500u               /* out and not acknowledged: some two groups */
#define MBOX_WINDOW_BYTES (16u * 1024 * 1024)
#define FETCH_WINDOW_MAILS 800u              /* the same over all mailboxes */
#define FETCH_WINDOW_BYTES (64u * 1024 * 1024)
#define ACK_TOGETHER 64u                     /* acknowledgements that interrupt a scan */

enum mbox_state {
	MBOX_WAIT,   /* for its time */
	MBOX_LISTEN, /* for its time, or for news: its descriptor is in the epoll */
	MBOX_READY,  /* in a queue of the threads */
	MBOX_BUSY,   /* a thread has it */
	MBOX_CURSOR, /* for the parent to answer FRAME_OPENED */
	MBOX_CREDIT, /* for the parent to answer mails */
};

enum mbox_trust {
	TRUST_NEW,    /* nobody knows yet */
	TRUST_PROVEN, /* the last look went well so far, and no call took long */
	TRUST_FAILED,
};

enum lane_kind { LANE_FOLDERS, LANE_PROVEN, LANE_NEW, LANE_FAILED };

#define LANES 4u

enum mbox_waits { WAITS_UNKNOWN, WAITS_POLL, WAITS_TOLD };

enum mbox_step { STEP_OPEN, STEP_SCAN, STEP_NEXT };

/* A mail that the parent has and did not answer yet. */
struct mbox_out {
	uint32_t uid;
	uint32_t uidvalidity;
	uint64_t size;
};

struct mbox_ack {
	uint32_t uid;
	uint32_t uidvalidity;
};

struct mbox {
	struct fetcher *fetcher;
	const struct fetch_mailbox *conf; /* constant, but for what its token is */
	struct source *source;            /* the serving thread's */
	enum mbox_state state;
	enum mbox_step step;
	enum mbox_trust trust;
	enum lane_kind lane; /* when it became ready last */
	bool slow;      /* since it was opened: a call took longer than HURRY_MS */
	struct mbox *next_ready;
	bool look;      /* a scan is due; else only acknowledgements are to be done */
	int64_t due;    /* monotonic ms of the next scan, in MBOX_WAIT and MBOX_LISTEN */
	bool lull;      /* acknowledgements are about to come: not a scan is due, only listening */
	int64_t scanned_at; /* monotonic ms of the end of the last scan */
	int64_t early;  /* ms that the next look comes early, so that they spread out */
	bool more;      /* it did not look at all */
	bool left_out;  /* it could not have all mails: the next look is soon */
	bool by_news;   /* the scan was for news */
	unsigned vain;  /* scans for news that found nothing, in a row */
	unsigned again; /* which look after such a one is next; 0: none */
	unsigned failures; /* in a row */
	bool renewed;   /* another access token came while it was being served */

	uint32_t uidvalidity;
	struct cursor cursor; /* from FRAME_CURSOR until the scan; known in any order */
	size_t cap_known;
	struct cursor_name *names; /* likewise, from FRAME_NAMES */
	size_t n_names, cap_names;
	uint32_t next_uid;

	struct mbox_out *out; /* room for MBOX_WINDOW_MAILS, once there was one */
	size_t n_out;
	uint64_t out_bytes;
	struct mbox_ack *acks;
	size_t n_acks, cap_acks;

	enum mbox_waits waits; /* what the parent knows of */
	struct err told; /* the trouble that the parent knows of; empty: none */
	int64_t told_at;
};

/* A frame on its way from a thread to the parent. */
struct post {
	struct post *next;
	enum frame_type type;
	struct buf payload;
	int fd;
};

/* A queue of mailboxes that are ready. */
struct lane {
	struct mbox *first, *last;
	size_t n_busy; /* taken from it and not given back */
};

struct fetcher {
	struct chan *chan; /* the first thread's */
	struct loop *loop;
	struct loop_watch *chan_watch, *wake_watch, *news_watch;
	struct loop_timer *timer, *stop_timer;
	struct arena *arena; /* configuration */
	struct token **tokens; /* one an account; the array does not change once threads run */
	size_t n_tokens;
	struct fetch_conf conf;
	int status;        /* of the process */
	int news_fd;       /* the epoll of all that listen; one shot each */
	int wake_fd;       /* threads to the first thread: something is posted, or one ended */
	int cancel_fd;     /* readable: all waits for servers end */

	pthread_mutex_t lock;
	pthread_cond_t work, folder_work;
	pthread_t threads[FETCH_THREADS];
	size_t n_threads, n_running;
	size_t n_servers; /* threads that serve them, counted before any of them runs */
	bool stopping;
	struct mbox *mboxes;
	size_t n_mboxes;
	struct lane lanes[LANES];
	size_t n_ready;    /* in all lanes */
	size_t n_proven;   /* mailboxes in TRUST_PROVEN */
	struct post *posts, **posts_end;
	int64_t next_due;  /* no waiting mailbox is due before; INT64_MAX: none waits */
	size_t n_credit;   /* mailboxes in MBOX_CREDIT */
	size_t n_settled;  /* that began to listen since memory was last given back */
	size_t out_mails;
	uint64_t out_bytes;
};

/* serve.c: what the threads run */
void *serve_thread(void *fetcher);        /* for mailboxes on servers */
void *serve_folder_thread(void *fetcher); /* for Maildirs */

/* lanes.c: all with the lock held */
void lane_add(struct mbox *mbox); /* one that became ready, and wakes a thread for it */
/* The next one for a thread, busy from then on; NULL: it has none now. */
struct mbox *lane_take(struct fetcher *fetcher, bool folders);
void lane_give_back(struct fetcher *fetcher, enum lane_kind kind); /* that it was taken from */
void mbox_set_trust(struct mbox *mbox, enum mbox_trust trust);

/* mbox.c: all with the lock held */
void mbox_set_state(struct mbox *mbox, enum mbox_state state);
void mbox_ready(struct mbox *mbox); /* puts it in the queue, unless it is there or busy */
void mbox_look(struct mbox *mbox);  /* a scan as soon as possible */
void mbox_wait(struct mbox *mbox, int64_t ms);
/* Until fd is readable, but not longer than ms. False if the kernel cannot watch it. */
bool mbox_listen(struct mbox *mbox, int fd, int64_t ms);
bool mbox_rests(const struct mbox *mbox); /* waits for its time or for news */
struct source_credit mbox_credit(const struct mbox *mbox);
bool mbox_may_go_on(const struct mbox *mbox); /* enough credit for a decent batch */
void mbox_sent(struct mbox *mbox, const struct source_mail *mail);
void mbox_answered(struct mbox *mbox, uint32_t uidvalidity, uint32_t uid); /* gives credit back */
void mbox_add_ack(struct mbox *mbox, uint32_t uidvalidity, uint32_t uid);
/* Takes the acknowledgements of the open UIDVALIDITY, sorted; the others are void. free() it. */
uint32_t *mbox_take_acks(struct mbox *mbox, size_t *n_r);
/* These UIDs are known, for the next cursor; false: more than a mailbox may have. */
bool mbox_add_known(struct mbox *mbox, uint32_t first, uint32_t last);
void mbox_add_name(struct mbox *mbox, uint32_t uid, const char *name);
void mbox_free_names(struct cursor_name *names, size_t n);
/* Takes the cursor, with the mails that are out counted as known. free() its known, and
 * mbox_free_names. */
struct cursor mbox_take_cursor(struct mbox *mbox);

/* post.c: queue a frame for the parent; with the lock held */
void post_opened(struct mbox *mbox, const struct source_opened *opened);
/* The first thread is not woken by it: post_wake when no more follow at once. */
void post_mail(struct mbox *mbox, const struct source_mail *mail);
void post_scanned(struct mbox *mbox, const struct source_scanned *scanned);
void post_gone(struct mbox *mbox, const uint32_t *uids, size_t n);
void post_acked(struct mbox *mbox, const uint32_t *uids, size_t n);
void post_token_refused(struct mbox *mbox, uint32_t number, const char *why);
/* Tells it once, and once more each hour while it lasts. */
void post_trouble(struct mbox *mbox, bool permanent, const struct err *err);
void post_waits(struct mbox *mbox, enum mbox_waits waits); /* if that is new */
void post_retry(struct mbox *mbox, int64_t ms); /* the next try is in so many */
void post_wake(struct fetcher *fetcher);
void post_free(struct post *post); /* closes its descriptor too */

#endif
