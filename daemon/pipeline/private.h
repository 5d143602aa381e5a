/* SPDX-License-Identifier: ISC */
/*
 * pipeline/private: what the files of daemon/pipeline share.
 *
 *	pipeline.c  life: create, start, stop, reload, once, status
 *	people.c    what the parsers are told of people
 *	boxes.c     mailboxes: cursors, scans, acknowledgements
 *	secrets.c   passwords, read without waiting for a command
 *	maildir.c   the files of a Maildir: names, and what becomes of them
 *	tokens.c    accounts that log in by OAuth2
 *	mails.c     a mail's states, from arrival to commit
 *	slots.c     parsers: who reads what, deaths and time-outs
 *	order.c     readings that came before their turn
 *	group.c     the open transaction: group commit, failure, trying again
 *	out.c       jobs and the outbox
 *	disk.c      free space and the reserve file
 */
#ifndef TD_PIPELINE_PRIVATE_H
#define TD_PIPELINE_PRIVATE_H

#include <sys/queue.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/base/wire.h"
#include "daemon/ipc/worker.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/store/mailbox.h"

#define GROUP_MAX 512       /* things done in one transaction */
#define GROUP_MS 20         /* it stays open this long while parsers still work ... */
#define BULK_MS 200         /* ... and this long while so much is in hand: */
#define BULK_MAILS 16
#define STARVE_MAILS 64     /* begun and applied: parsers without work are worth a commit */
#define LOOK_MS 1000        /* jobs and outbox wait this long for the end of a large group */
#define SLOT_WINDOW 32      /* mails handed to one parser ahead of its answers */
#define SLOW_MS 1000        /* a mail that takes a parser longer is told of */
#define READ_MAX (16u << 20) /* bytes of readings that wait for their turn */
#define MAILS_MAX 20000     /* in hand; a fetch worker that sends more is broken */
#define SUSPECT_BEGUN 4     /* begun this often without an end: quarantine */
#define OUT_WINDOW 16       /* mails with the sender */
#define SEND_FAILURES 3     /* of the sender in a row: it is in trouble */
#define WORKER_FAILURES 3   /* the same of fetch, and of each parser without a mail */
#define TICK_MS 15000       /* jobs, outbox and disk are looked at this often at least */
#define RETRY_MAX_MS 60000
#define PARSERS_MAX 64

/*
 * A mail's state; mail_set_state is the one place that changes it.
 *
 *	ARRIVED ─ begun in the open group ─ BEGUN ─ commit ─ WAITING ─ PARSING ─ APPLIED ─ commit
 *	READ: the reading is there, but that of an earlier mail of its mailbox is not
 *	SUSPECT: was in hand at an unclean stop; begun alone, when nothing else is under way
 */
enum mail_state {
	MAIL_ARRIVED,
	MAIL_SUSPECT,
	MAIL_BEGUN,
	MAIL_WAITING,
	MAIL_PARSING,
	MAIL_READ,
	MAIL_APPLIED,
	MAIL_STATES
};

struct mail {
	TAILQ_ENTRY(mail) link; /* in its state's list, or its slot's when PARSING */
	enum mail_state state;
	struct box *box;
	struct slot *slot;
	uint64_t id; /* of the frames to the parser */
	uint32_t uidvalidity, uid;
	char *name;  /* of its file in a Maildir; NULL: none */
	int64_t now; /* arrival at the server, UTC */
	uint64_t size;
	bool headers_only;
	int fd;
	int64_t attempts; /* committed, this one included */
	bool alone;       /* nothing else in its parser */
	bool do_after;    /* once committed: flag or move it */
	struct span packed; /* the reading when READ; on the heap */
	char *from, *subject; /* as it says itself, NULL while unknown; on the heap */
};
TAILQ_HEAD(mail_list, mail);

struct box {
	struct box *next;
	struct pipeline *pipeline;
	char *name;
	bool configured; /* false after a reload that left it out */
	bool leaves;     /* after = "leave" */
	bool is_maildir;
	bool has_names;  /* the fetch process knows the files of the Maildir */
	struct buf after; /* uids whose files are to be moved or deleted */
	int64_t row;
	uint32_t uidvalidity;
	bool rescan;
	uint64_t in_hand;
	uint64_t in_work; /* of these, not applied in the open group either */

	bool wants_cursor;   /* opened and not yet answered */
	bool repeat_acks;    /* the server is to be told again what is applied */
	bool wants_scanned;  /* a scan is through; noted when its mails are applied */
	uint32_t highest;

	struct mailbox_uid *suspects; /* in hand at the unclean stop and not yet come again */
	size_t n_suspects;

	struct buf acks; /* n * (u32 uid, u8 do_after) of acks_validity */
	uint32_t n_acks, acks_validity;
	uint64_t unacked; /* told to the server, and not confirmed */

	bool scanned;    /* since the start */
	bool left_out;   /* the last scan had to leave something out; trouble says what */
	enum box_waits { BOX_UNKNOWN, BOX_POLLS, BOX_TOLD } waits; /* how new mail is seen */
	bool in_trouble; /* now */
	char trouble[512];
	int64_t next_try; /* monotonic ms; 0: not known */
};

struct slot {
	struct pipeline *pipeline;
	struct worker *worker;
	struct mail_list mails; /* in the order they were handed over */
	size_t n_mails;
	struct loop_timer *wall;
	int64_t since; /* monotonic ms: it is at the first of its mails from here on */
	bool timed_out;
};

/* Something to be noted about a mail with the sender; stays until its commit. */
struct out_note {
	TAILQ_ENTRY(out_note) link;
	int64_t outbox_id;
	bool is_dot;
	int result; /* enum send_result, or -1: the claim is given back */
	char reply[512];
	bool done; /* in the open group */
	bool refused; /* the row cannot take it */
};
TAILQ_HEAD(out_notes, out_note);

struct out_mail { /* with the sender */
	int64_t outbox_id;
	bool dot;
};

struct pipeline {
	struct loop *loop;
	struct db *db;
	const struct conf *conf;
	struct supervisor *supervisor;
	struct arena *scratch; /* of one step */

	struct worker *fetch, *send;
	struct worker *oauth;     /* NULL: no account logs in by OAuth2 */
	struct account *accounts;
	struct loop_timer *token_timer;
	char out_trouble[300];    /* why no mail can go out now; empty: none known */
	bool token_lost;          /* the submission server refused the token that it was given */
	struct slot slots[PARSERS_MAX];
	size_t n_slots;
	struct box *boxes;

	struct mail_list mails[MAIL_STATES]; /* but PARSING: those are with their slots */
	size_t n_mails[MAIL_STATES];
	size_t n_all;
	size_t read_bytes; /* of the mails in READ */
	uint64_t next_id;
	struct mail *alone; /* the suspect that is under way */

	size_t n_group; /* things done in the open transaction */
	struct loop_timer *group_timer;
	int64_t group_since; /* monotonic ms */
	bool group_soft;     /* it holds beginnings only, by group_open_soft() */
	unsigned failures; /* of the store, in a row */
	bool paused;       /* until retry_timer */
	struct loop_timer *retry_timer;
	char pause_why[512];

	bool disk_low;
	int reserve_fd; /* -1: none held */
	char *reserve_path;
	char disk_why[256];

	struct out_notes notes;
	struct out_mail out[OUT_WINDOW];
	size_t n_out;
	bool out_waits;         /* rows may be due that were not claimed yet */
	unsigned send_failures; /* since it last did its work */
	struct loop_timer *tick_timer;
	int64_t next_job;
	bool again;    /* a commit has made way for another step */
	bool look_out; /* look at jobs and outbox at the next step */
	int64_t look_since; /* monotonic ms: that waits for an open group; 0: it does not */

	struct buf context; /* payload of FRAME_CONTEXT */
	struct loop_timer *secret_timer;
	unsigned fetch_failures; /* deaths since it last brought something new */
	unsigned parse_failures; /* deaths without a mail since one was last read */
	struct secrets *oauth_secrets;
	struct secrets *fetch_secrets, *send_secrets; /* NULL: the worker has its FRAME_CONF */
	bool stopping;
	void (*stopped)(void *user);
	void *stopped_user;
	void (*once_done)(void *user, bool good);
	void *once_user;

	uint64_t n_applied, n_quarantined, n_commits;
};

/* pipeline.c: does whatever can be done now; runs before the loop waits */
void pipeline_step(void *pipeline);
/* A worker that has just started, or whose clock is to move, hears of the test clock. */
void pipeline_tell_clock(struct pipeline *p, struct worker *worker);

/* people.c: the first time; without it no parser can read. Then: true when it has changed */
TD_CHECK enum td_status people_start(struct pipeline *p, struct err *err);
bool people_load(struct pipeline *p);

/* boxes.c */
void boxes_configure(struct pipeline *p);
void boxes_free(struct pipeline *p);
struct box *box_find(struct pipeline *p, const char *name);
extern const struct worker_events fetch_events; /* user: the pipeline */
void boxes_step(struct pipeline *p); /* cursors and scans that wait */
/* known.c: answers FRAME_OPENED */
TD_CHECK enum td_status box_send_cursor(struct box *box, const struct mailbox *row,
    struct err *err);
void box_ack(struct box *box, const struct mail *mail, bool do_after);
void boxes_send_acks(struct pipeline *p);
void boxes_rolled_back(struct pipeline *p);
void box_trouble(struct box *box, const char *text); /* now, and in the store */
bool boxes_all_scanned(const struct pipeline *p, bool *good_r);

/*
 * secrets.c: reads these all at once, and calls done from the loop when the last is there or has
 * failed. What names no source has the value NULL. The caller destroys it, which wipes the values
 * and kills the commands that still run.
 */
struct secrets *secrets_read(struct loop *loop, const struct conf_secret *const *list, size_t n,
    void (*done)(void *user), void *user);
TD_CHECK enum td_status secrets_get(const struct secrets *secrets, size_t i, const char **value_r,
    struct err *err);
void secrets_destroy(struct secrets **secrets);

/* maildir.c */
const struct conf_mailbox *box_conf(const struct box *box); /* NULL: not configured now */
TD_CHECK enum td_status maildir_send_names(struct box *box, struct err *err);
bool maildir_take_gone(struct box *box, struct wire_reader *r);
void maildir_queue(struct box *box, uint32_t uid); /* its mail is committed */
void maildir_step(struct box *box);                /* does what is queued */

/* tokens.c */
void tokens_configure(struct pipeline *p); /* after boxes_configure */
void tokens_load(struct pipeline *p);      /* somebody may have logged in */
void tokens_step(struct pipeline *p);
void tokens_free(struct pipeline *p);
extern const struct worker_events oauth_events; /* user: the pipeline */
void tokens_tell(struct pipeline *p, struct worker *worker); /* one that has its FRAME_CONF */
/* A server did not take it; false when the server logs in otherwise. */
bool tokens_refused(struct pipeline *p, const struct conf_server *server, uint32_t number,
    const char *why);
bool tokens_ready(struct pipeline *p, const struct conf_server *server); /* can one log in? */
const char *tokens_trouble(struct pipeline *p, const struct conf_server *server); /* why not */
void tokens_status(struct pipeline *p, struct arena *arena, struct pipeline_status *status);

/* mails.c */
void mail_set_state(struct pipeline *p, struct mail *mail, enum mail_state state);
void mail_arrive(struct box *box, const struct mail *from); /* takes from->fd */
bool mails_holds(const struct pipeline *p, const struct box *box, uint32_t uid);
void mails_step(struct pipeline *p);
void mail_read(struct pipeline *p, struct mail *mail, struct span packed);
/* Notes what the mail says of itself, as a parser saw it: cleaned and cut here once more. */
void mail_glance(struct mail *mail, struct span from, struct span subject);
void mail_quarantine(struct pipeline *p, struct mail *mail, const char *why);
void mail_died(struct pipeline *p, struct mail *mail, const char *why);
void mails_give_back(struct pipeline *p);
void mails_committed(struct pipeline *p);
void mails_rolled_back(struct pipeline *p);
void mails_free(struct pipeline *p);
/* Any with a parser, or soon, or not yet committed. A reading that waits for its turn does not
 * count: the mail before it may itself wait for a suspect. */
bool mails_active(const struct pipeline *p);

/* slots.c */
void slots_configure(struct pipeline *p);
void slots_fill(struct pipeline *p);
void slots_tell_people(struct pipeline *p);
bool slots_busy(const struct pipeline *p);
/* "" or what a parser has been at for longer than it should, for people. */
void slots_tell_slow(const struct pipeline *p, char *text, size_t size);
bool slots_in_trouble(const struct pipeline *p); /* no parser comes up */
void slots_free(struct pipeline *p);

/* order.c */
void order_read(struct pipeline *p, struct mail *mail, struct span packed); /* now or in its turn */
void order_step(struct pipeline *p); /* what has come to its turn */
void order_forget(struct pipeline *p, struct mail *mail); /* frees the reading it holds */
bool order_has_room(const struct pipeline *p, const struct mail *mail); /* to read it */

/* group.c */
/* A transaction is open after TD_OK. Otherwise everything was rolled back and waits. */
TD_CHECK enum td_status group_open(struct pipeline *p);
/* For notes that a power cut may take without any loss; joins an open group. Whoever
 * calls it ends it with group_end_soft() before anything else is done. */
TD_CHECK enum td_status group_open_soft(struct pipeline *p);
void group_end_soft(struct pipeline *p);
void group_count(struct pipeline *p); /* one more thing was done in it */
void group_step(struct pipeline *p);  /* commits if it is time */
void group_aged(struct pipeline *p);  /* its timer */
TD_CHECK enum td_status group_commit(struct pipeline *p);
void group_failed(struct pipeline *p, const struct err *err);

/* out.c */
void out_step(struct pipeline *p);
extern const struct worker_events send_events; /* user: the pipeline */
void out_committed(struct pipeline *p);
void out_rolled_back(struct pipeline *p);
void out_free(struct pipeline *p);
bool out_idle(const struct pipeline *p); /* nothing is due, or it cannot be sent now */
bool out_in_trouble(const struct pipeline *p); /* the sender does not come up */

/* disk.c */
void disk_open(struct pipeline *p);
void disk_look(struct pipeline *p);
void disk_close(struct pipeline *p);

#endif
