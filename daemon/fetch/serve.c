/* SPDX-License-Identifier: ISC */
/*
 * serve: what a thread does with a mailbox that is ready: first the acknowledgements that wait
 * for its server, then one step of its scan after another, until it needs the parent (a cursor,
 * credit) or is through and listens for news. It never waits for the parent or for news; it takes
 * the next ready mailbox instead.
 */
#include "config.h"

#include "daemon/fetch/worker-private.h"

#include <stdlib.h>
#include <sys/random.h>

#include "daemon/clock.h"
#include "daemon/log.h"

#define LULL_MS 1000    /* for the acknowledgements of the last mails of a scan */
#define MORE_MS 100     /* for the parent to note how far a scan came, before the next one */
#define VAIN_MAX 3u     /* scans for news that find nothing before they are made to wait */
#define VAIN_MS 1000    /* the first wait; each is twice as long as the one before */
#define AGAIN_MAX 6u    /* looks after a vain one: a server may tell of mail before it lists it */
#define BACKOFF_FIRST_MS 5000
#define BACKOFF_LAST_MS (5 * 60 * 1000)
#define BACKOFF_PERMANENT_MS (15 * 60 * 1000)

/* Some 20 % more or less, so that a thousand mailboxes of one server do not come back at once. */
static int64_t
jitter(int64_t ms)
{
	uint16_t r = 0;

	if (getrandom(&r, sizeof r, GRND_NONBLOCK) != sizeof r)
		return ms;
	return ms * (80 + r % 41) / 100;
}

static int64_t
backoff(const struct mbox *mbox, enum td_status status)
{
	int64_t ms = BACKOFF_FIRST_MS;

	if (status == TD_PERM)
		return BACKOFF_PERMANENT_MS;
	for (unsigned i = 1; i < mbox->failures && ms < BACKOFF_LAST_MS; i++)
		ms *= 2;
	return ms < BACKOFF_LAST_MS ? ms : BACKOFF_LAST_MS;
}

/* Up to 20 % of so many seconds, likewise. */
static int64_t
early_ms(uint32_t seconds)
{
	int64_t ms = (int64_t)seconds * 1000;

	return (ms * 6 / 5 - jitter(ms)) / 2;
}

/* So long after so many vain looks; news are never worse than being polled. */
static int64_t
vain_ms(const struct mbox *mbox, unsigned times)
{
	int64_t max = mbox->conf->conf.poll > 0 ? (int64_t)mbox->conf->conf.poll * 1000 : VAIN_MS;
	int64_t ms = VAIN_MS;

	while (times-- > 0 && ms < max)
		ms *= 2;
	return ms < max ? ms : max;
}

/* Until the next look without a word from the server, from the end of the last one on. A listening
 * mailbox begins to listen anew with it, which servers want within 29 minutes (RFC 2177). */
static int64_t
next_look_ms(const struct mbox *mbox, bool listens)
{
	const struct conf_mailbox *conf = &mbox->conf->conf;
	bool seldom = listens && !mbox->left_out;
	int64_t ms = (int64_t)(seldom ? conf->recheck : conf->poll) * 1000;
	int64_t left = mbox->scanned_at + (ms ? ms : 60 * 1000) - clock_monotonic_ms();

	if (seldom)
		left -= mbox->early;
	if (mbox->again > 0 && left > vain_ms(mbox, mbox->again - 1))
		left = vain_ms(mbox, mbox->again - 1);
	return left > 0 ? left : 0;
}

/* The functions below are called with the lock and let it go while they wait for a server. */

static int64_t
begin_call(struct mbox *mbox)
{
	pthread_mutex_unlock(&mbox->fetcher->lock);
	return clock_monotonic_ms();
}

/* One that lets a call wait so long is no longer among those that are served first. */
static void
end_call(struct mbox *mbox, int64_t begun)
{
	int64_t took = clock_monotonic_ms() - begun;

	pthread_mutex_lock(&mbox->fetcher->lock);
	if (took < HURRY_MS)
		return;
	mbox->slow = true;
	mbox_set_trust(mbox, TRUST_FAILED);
}

/* Nothing helps but another token: the parent is told once, and it says what the trouble is. */
static bool
waits_for_token(struct mbox *mbox)
{
	struct token *token = mbox->conf->token;
	uint32_t number;
	char why[256];

	if (token == NULL || token_state(token) == TOKEN_GOOD)
		return false;
	if (token_tell_refused(token, &number, why, sizeof why))
		post_token_refused(mbox, number, why);
	return true;
}

static void
fail(struct mbox *mbox, enum td_status status, const struct err *err)
{
	bool token;
	int64_t wait;

	/* what was refused is the old token: the new one is tried at once, and but once */
	if (mbox->renewed && status == TD_PERM) {
		mbox_wait(mbox, 0);
		mbox_look(mbox);
		return;
	}
	token = waits_for_token(mbox);
	if (token)
		status = TD_PERM;
	mbox->failures++;
	mbox_set_trust(mbox, TRUST_FAILED);
	wait = jitter(backoff(mbox, status));
	if (!mbox->fetcher->stopping && !token) {
		post_trouble(mbox, status == TD_PERM, err);
		post_retry(mbox, wait);
	}
	mbox_wait(mbox, wait);
}

static enum td_status
do_acks(struct mbox *mbox, struct err *err)
{
	enum td_status status;
	uint32_t *uids;
	int64_t begun;
	size_t n;

	if (mbox->n_acks == 0)
		return TD_OK;
	uids = mbox_take_acks(mbox, &n);
	begun = begin_call(mbox);
	status = n > 0 ? mbox->source->ops->ack(mbox->source, uids, n, err) : TD_OK;
	end_call(mbox, begun);
	if (status == TD_OK) {
		post_acked(mbox, uids, n);
	} else if (status == TD_TEMP) {
		for (size_t i = 0; i < n; i++)
			mbox_add_ack(mbox, mbox->uidvalidity, uids[i]);
	} else {
		/* the parent asks again at its next start */
		post_trouble(mbox, false, err);
		status = TD_OK;
	}
	free(uids);
	return status;
}

static enum td_status
open_source(struct mbox *mbox, bool hurry, struct source_opened *opened_r, struct err *err)
{
	int64_t begun = begin_call(mbox);
	enum td_status status;

	mbox->source->hurry = hurry ? begun + HURRY_MS : 0;
	status = mbox->source->ops->open(mbox->source, opened_r, err);
	mbox->source->hurry = 0;
	end_call(mbox, begun);
	return status;
}

static enum td_status
do_open(struct mbox *mbox, struct err *err)
{
	const bool hurry = mbox->trust != TRUST_FAILED;
	struct source_opened opened;
	enum td_status status;

	mbox->slow = mbox->look = mbox->more = false;
	status = open_source(mbox, hurry, &opened, err);
	if (status == TD_TEMP && hurry && mbox->slow) {
		/* no trouble yet: once more, among the failed, with all the time it may take */
		mbox_wait(mbox, 0);
		mbox_look(mbox);
		return TD_OK;
	}
	if (status != TD_OK)
		return status;
	/* one that failed has to get through a scan first */
	if (mbox->trust == TRUST_NEW)
		mbox_set_trust(mbox, TRUST_PROVEN);
	mbox->uidvalidity = opened.uidvalidity;
	mbox->step = STEP_SCAN;
	mbox_set_state(mbox, MBOX_CURSOR);
	post_opened(mbox, &opened);
	return TD_OK;
}

static enum td_status
do_scan(struct mbox *mbox, struct err *err)
{
	struct cursor cursor = mbox_take_cursor(mbox);
	enum td_status status;
	int64_t begun;

	begun = begin_call(mbox);
	status = mbox->source->ops->scan(mbox->source, &cursor, err);
	free(cursor.known);
	mbox_free_names(cursor.names, cursor.n_names);
	end_call(mbox, begun);
	if (status == TD_OK)
		mbox->step = STEP_NEXT;
	return status;
}

/* Whether acknowledgements are about to come, which would end the listening at once. */
static bool
in_lull(struct mbox *mbox, int64_t *ms_r)
{
	*ms_r = mbox->scanned_at + LULL_MS - clock_monotonic_ms();
	return mbox->n_out > 0 && *ms_r > 0 && mbox->conf->conf.after != CONF_AFTER_LEAVE;
}

static void
take_news(struct mbox *mbox, const struct source_news *news)
{
	if (news->why != NULL)
		log_info("looked at every %u s: %s mailbox=%s", mbox->conf->conf.poll, news->why,
		    mbox->conf->conf.name);
	if (news->any) {
		/* one that cries wolf is heard, but not at any pace */
		mbox->by_news = true;
		mbox_wait(mbox, mbox->vain < VAIN_MAX ? 0 : vain_ms(mbox, mbox->vain - VAIN_MAX));
		mbox->look = mbox->vain < VAIN_MAX;
	} else if (news->fd < 0 || !mbox_listen(mbox, news->fd, next_look_ms(mbox, true))) {
		mbox_wait(mbox, next_look_ms(mbox, false));
		post_waits(mbox, WAITS_POLL);
	} else {
		post_waits(mbox, WAITS_TOLD);
	}
}

/* There is nothing to do: listens for news where that is possible, else waits for its time. */
static void
do_listen(struct mbox *mbox)
{
	struct source_news news;
	enum td_status status;
	struct err err;
	int64_t ms, begun;

	mbox->lull = in_lull(mbox, &ms);
	if (mbox->look || mbox->lull || mbox->more) {
		mbox_wait(mbox, mbox->look ? 0 : mbox->lull ? ms : MORE_MS);
		return;
	}
	begun = begin_call(mbox);
	status = mbox->source->ops->listen(mbox->source, &news, &err);
	end_call(mbox, begun);
	if (status == TD_OK) {
		take_news(mbox, &news);
		return;
	}
	/* it died while it waited: opening it anew will tell whether that is trouble */
	log_debug("%s mailbox=%s", err.text, mbox->conf->conf.name);
	mbox->look = true;
	mbox_wait(mbox, 0);
}

static void
count_vain(struct mbox *mbox, bool found)
{
	if (found || (!mbox->by_news && mbox->again == 0)) {
		mbox->vain = mbox->again = 0;
	} else if (mbox->by_news) {
		mbox->again = 1;
		mbox->vain++;
	} else {
		mbox->again = mbox->again < AGAIN_MAX ? mbox->again + 1 : 0;
	}
	if (mbox->by_news && mbox->vain == VAIN_MAX)
		log_info("looked at less often: its server tells of new mail that is not there "
		    "mailbox=%s", mbox->conf->conf.name);
	mbox->by_news = false;
}

static void
end_scan(struct mbox *mbox)
{
	struct source_scanned scanned = {0};
	struct err err;

	mbox->left_out = !mbox->source->ops->scanned(mbox->source, &scanned, &err);
	if (mbox->left_out)
		post_trouble(mbox, false, &err);
	else
		mbox->told.text[0] = '\0';
	/* a mail that is never given does not hold up those that are */
	mbox->more = scanned.more && (!mbox->left_out || scanned.mails > 0);
	mbox->failures = 0;
	mbox_set_trust(mbox, mbox->slow ? TRUST_FAILED : TRUST_PROVEN);
	post_gone(mbox, scanned.gone, scanned.n_gone);
	post_scanned(mbox, &scanned);
	count_vain(mbox, scanned.mails > 0);
	mbox->scanned_at = clock_monotonic_ms();
	mbox->early = early_ms(mbox->conf->conf.recheck);
	mbox->step = STEP_OPEN;
}

static enum td_status
do_next(struct mbox *mbox, struct err *err)
{
	struct fetcher *fetcher = mbox->fetcher;
	struct source_credit credit = mbox_credit(mbox);
	struct source_mail mail = {0};
	enum source_next next = SOURCE_END;
	enum td_status status;
	int64_t begun;

	begun = begin_call(mbox);
	status = mbox->source->ops->next(mbox->source, &credit, &next, &mail, err);
	end_call(mbox, begun);
	if (status != TD_OK)
		return status;
	switch (next) {
	case SOURCE_MAIL:
		mbox_sent(mbox, &mail);
		post_mail(mbox, &mail);
		if (!mbox->source->ops->has_mail(mbox->source))
			post_wake(fetcher);
		break;
	case SOURCE_CREDIT:
		/* it may have come meanwhile */
		if (!mbox_may_go_on(mbox))
			mbox_set_state(mbox, MBOX_CREDIT);
		break;
	case SOURCE_END:
		end_scan(mbox);
		do_listen(mbox);
		break;
	}
	return TD_OK;
}

static enum td_status
do_step(struct mbox *mbox, struct err *err)
{
	enum td_status status = TD_OK;

	if (mbox->n_acks >= ACK_TOGETHER && mbox->step == STEP_NEXT)
		status = do_acks(mbox, err);
	if (status != TD_OK)
		return status;
	switch (mbox->step) {
	case STEP_OPEN:
		return do_open(mbox, err);
	case STEP_SCAN:
		return do_scan(mbox, err);
	case STEP_NEXT:
		return do_next(mbox, err);
	}
	return TD_OK;
}

static void
serve(struct mbox *mbox)
{
	const struct source_ops *ops = mbox->source->ops;
	enum td_status status = TD_OK;
	struct err err = {""};

	mbox->renewed = false;
	/* a connection that is still open takes the acknowledgements without a new look */
	if (ops->is_open(mbox->source))
		status = do_acks(mbox, &err);
	if (status != TD_OK && mbox->step == STEP_OPEN) {
		/* it waited since the last scan and died meanwhile: opening it anew will tell */
		status = TD_OK;
		mbox->look = true;
	}
	if (status == TD_OK && mbox->step == STEP_OPEN && !mbox->look)
		do_listen(mbox);
	while (status == TD_OK && mbox->state == MBOX_BUSY && !mbox->fetcher->stopping)
		status = do_step(mbox, &err);
	if (status != TD_OK)
		fail(mbox, status, &err);
}

/* What came while it was served and nobody could put it into the queue. */
static void
serve_again(struct mbox *mbox)
{
	bool connected = mbox->source->ops->is_open(mbox->source);

	switch (mbox->state) {
	case MBOX_WAIT:
	case MBOX_LISTEN:
		if (mbox->failures == 0 && (mbox->look || (mbox->n_acks > 0 && connected)))
			mbox_ready(mbox);
		break;
	case MBOX_CREDIT:
		if (mbox->n_acks > 0)
			mbox_ready(mbox);
		break;
	case MBOX_READY:
	case MBOX_BUSY:
	case MBOX_CURSOR:
		break;
	}
}

static void
serve_lanes(struct fetcher *fetcher, bool folders)
{
	pthread_cond_t *work = folders ? &fetcher->folder_work : &fetcher->work;

	pthread_mutex_lock(&fetcher->lock);
	while (!fetcher->stopping) {
		struct mbox *mbox = lane_take(fetcher, folders);
		enum lane_kind lane;

		if (mbox == NULL) {
			pthread_cond_wait(work, &fetcher->lock);
			continue;
		}
		lane = mbox->lane;
		mbox->lull = false;
		serve(mbox);
		lane_give_back(fetcher, lane);
		serve_again(mbox);
		post_wake(fetcher); /* its time may be the next one */
	}
	fetcher->n_running--;
	post_wake(fetcher);
	pthread_mutex_unlock(&fetcher->lock);
}

void *
serve_thread(void *user)
{
	serve_lanes(user, false);
	return NULL;
}

void *
serve_folder_thread(void *user)
{
	serve_lanes(user, true);
	return NULL;
}
