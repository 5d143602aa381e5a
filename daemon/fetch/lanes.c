/* SPDX-License-Identifier: ISC */
/*
 * lanes: which of the ready mailboxes a thread takes next, so that servers that say nothing hold
 * nobody but themselves. Each lane is a queue of its own, first come, first served:
 *
 *	folders  Maildirs; they have threads of their own and never wait behind a server
 *	proven   servers that answered well the last time; they go first
 *	new      servers that nobody knows yet
 *	failed   servers whose last look failed or was slow
 *
 * The last two together leave threads for the proven ones, as many as there are but not more than
 * half of all; the failed ones also leave some for the new ones. A thread is held longest by a
 * server that hangs: see HURRY_MS in worker-private.h for what keeps that short.
 */
#include "config.h"

#include "daemon/fetch/worker-private.h"

void
lane_add(struct mbox *mbox)
{
	struct fetcher *fetcher = mbox->fetcher;
	struct lane *lane;

	mbox->lane = mbox->conf->conf.maildir != NULL ? LANE_FOLDERS :
	    mbox->trust == TRUST_PROVEN ? LANE_PROVEN :
	    mbox->trust == TRUST_NEW ? LANE_NEW : LANE_FAILED;
	lane = &fetcher->lanes[mbox->lane];
	mbox->next_ready = NULL;
	if (lane->first == NULL)
		lane->first = mbox;
	else
		lane->last->next_ready = mbox;
	lane->last = mbox;
	fetcher->n_ready++;
	pthread_cond_signal(mbox->lane == LANE_FOLDERS ? &fetcher->folder_work : &fetcher->work);
}

/* How many threads those that are not proven may hold. */
static size_t
doubtful_max(const struct fetcher *fetcher)
{
	size_t half = fetcher->n_servers / 2;

	return fetcher->n_servers - (fetcher->n_proven < half ? fetcher->n_proven : half);
}

static bool
may_serve(const struct fetcher *fetcher, enum lane_kind kind)
{
	size_t failed = fetcher->lanes[LANE_FAILED].n_busy;
	size_t doubtful = fetcher->lanes[LANE_NEW].n_busy + failed;

	if (fetcher->lanes[kind].first == NULL)
		return false;
	switch (kind) {
	case LANE_FOLDERS:
	case LANE_PROVEN:
		return true;
	case LANE_NEW:
		return doubtful < doubtful_max(fetcher);
	case LANE_FAILED:
		return doubtful < doubtful_max(fetcher) &&
		    (failed == 0 || failed < fetcher->n_servers / 3);
	}
	return false;
}

static struct mbox *
take(struct fetcher *fetcher, enum lane_kind kind)
{
	struct lane *lane = &fetcher->lanes[kind];
	struct mbox *mbox = lane->first;

	lane->first = mbox->next_ready;
	lane->n_busy++;
	fetcher->n_ready--;
	mbox_set_state(mbox, MBOX_BUSY);
	return mbox;
}

struct mbox *
lane_take(struct fetcher *fetcher, bool folders)
{
	const enum lane_kind last = folders ? LANE_FOLDERS : LANE_FAILED;

	for (enum lane_kind kind = folders ? LANE_FOLDERS : LANE_PROVEN; kind <= last; kind++)
		if (may_serve(fetcher, kind))
			return take(fetcher, kind);
	return NULL;
}

void
lane_give_back(struct fetcher *fetcher, enum lane_kind kind)
{
	fetcher->lanes[kind].n_busy--;
}

void
mbox_set_trust(struct mbox *mbox, enum mbox_trust trust)
{
	struct fetcher *fetcher = mbox->fetcher;

	if (mbox->trust == trust || mbox->conf->conf.maildir != NULL)
		return;
	fetcher->n_proven -= mbox->trust == TRUST_PROVEN;
	fetcher->n_proven += trust == TRUST_PROVEN;
	mbox->trust = trust;
	/* less may be kept free for them now */
	pthread_cond_broadcast(&fetcher->work);
}
