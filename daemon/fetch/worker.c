/* SPDX-License-Identifier: ISC */
/*
 * worker: the first thread of the fetch process: it reads the parent's frames, sends what the
 * threads post, and puts mailboxes into their queue when their time comes. It never waits for a
 * server itself. See worker-private.h for who owns what.
 */
#include "config.h"

#include "daemon/fetch/worker-private.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/fetch/imap.h"
#include "daemon/fetch/maildir.h"
#include "daemon/fetch/tls.h"
#include "parsers/base/wire.h"
#include "daemon/ipc/worker.h"
#include "daemon/log.h"

#define STOP_MS 2000
#define NEWS_TOGETHER 64
#define SETTLED 64 /* mailboxes that came to rest leave memory behind that is worth a look */
#define STACK_BYTES (512u * 1024)

/* --- start and end --- */

static void
end(struct fetcher *fetcher, int status)
{
	const uint64_t one = 1;
	bool alone;

	if (fetcher->stopping)
		return;
	pthread_mutex_lock(&fetcher->lock);
	fetcher->stopping = true;
	fetcher->status = status;
	alone = fetcher->n_running == 0;
	pthread_cond_broadcast(&fetcher->work);
	pthread_cond_broadcast(&fetcher->folder_work);
	pthread_mutex_unlock(&fetcher->lock);
	if (write(fetcher->cancel_fd, &one, sizeof one) < 0)
		log_error("cannot end the waits for servers");
	if (alone)
		loop_stop(fetcher->loop);
	else
		loop_timer_set(fetcher->stop_timer, STOP_MS);
}

/* A thread hangs where no deadline reaches, which should not be. */
static void
on_stop_late(void *user)
{
	struct fetcher *fetcher = user;

	log_warn("a wait for a server does not end; leaving without it");
	_exit(fetcher->status);
}

static struct token *
find_token(struct fetcher *fetcher, const char *account)
{
	for (size_t i = 0; account != NULL && i < fetcher->n_tokens; i++)
		if (strcmp(token_account(fetcher->tokens[i]), account) == 0)
			return fetcher->tokens[i];
	return NULL;
}

/* Mailboxes of one account share its token. */
static void
create_tokens(struct fetcher *fetcher)
{
	const struct fetch_conf *conf = &fetcher->conf;

	fetcher->tokens = arena_array(fetcher->arena, conf->n_mailboxes, sizeof *fetcher->tokens);
	for (size_t i = 0; i < conf->n_mailboxes; i++) {
		struct fetch_mailbox *mailbox = &conf->mailboxes[i];

		if (mailbox->account == NULL)
			continue;
		mailbox->token = find_token(fetcher, mailbox->account);
		if (mailbox->token == NULL)
			mailbox->token = fetcher->tokens[fetcher->n_tokens++] =
			    token_create(mailbox->account);
	}
}

static void
create_mboxes(struct fetcher *fetcher)
{
	const struct fetch_conf *conf = &fetcher->conf;

	fetcher->mboxes = td_alloc((conf->n_mailboxes + 1) * sizeof *fetcher->mboxes);
	fetcher->n_mboxes = conf->n_mailboxes;
	for (size_t i = 0; i < conf->n_mailboxes; i++) {
		struct mbox *mbox = &fetcher->mboxes[i];

		mbox->fetcher = fetcher;
		mbox->conf = &conf->mailboxes[i];
		mbox->source = mbox->conf->conf.maildir != NULL
		    ? maildir_create(mbox->conf, conf->mail_bytes, MAILDIR_FILES_MAX)
		    : imap_create(mbox->conf, conf->mail_bytes, fetcher->cancel_fd);
	}
}

static size_t
count_folders(const struct fetcher *fetcher)
{
	size_t n = 0;

	for (size_t i = 0; i < fetcher->n_mboxes; i++)
		n += fetcher->mboxes[i].conf->conf.maildir != NULL;
	return n;
}

static bool
start_threads(struct fetcher *fetcher)
{
	size_t folders = count_folders(fetcher), servers = fetcher->n_mboxes - folders;
	pthread_attr_t attr;
	bool ok = pthread_attr_init(&attr) == 0;

	if (!ok)
		return false;
	if (folders > FETCH_FOLDER_THREADS)
		folders = FETCH_FOLDER_THREADS;
	fetcher->n_servers = servers < FETCH_SERVER_THREADS ? servers : FETCH_SERVER_THREADS;
	ok = pthread_attr_setstacksize(&attr, STACK_BYTES) == 0;
	while (ok && fetcher->n_threads < folders + fetcher->n_servers) {
		pthread_t *thread = &fetcher->threads[fetcher->n_threads];

		/* counted first: the thread counts itself out */
		fetcher->n_running++;
		ok = pthread_create(thread, &attr, fetcher->n_threads < folders ?
		    serve_folder_thread : serve_thread, fetcher) == 0;
		if (ok)
			fetcher->n_threads++;
		else
			fetcher->n_running--;
	}
	pthread_attr_destroy(&attr);
	return ok;
}

/* --- frames --- */

static struct mbox *
find_mbox(struct fetcher *fetcher, const char *name)
{
	for (size_t i = 0; name != NULL && i < fetcher->n_mboxes; i++)
		if (strcmp(fetcher->mboxes[i].conf->conf.name, name) == 0)
			return &fetcher->mboxes[i];
	return NULL;
}

static bool
take_conf(struct fetcher *fetcher, struct span payload)
{
	struct err err;

	if (fetcher->mboxes != NULL)
		return false;
	if (fetch_conf_decode(fetcher->arena, payload, &fetcher->conf, &err) != TD_OK) {
		log_error("%s", err.text);
		return false;
	}
	create_tokens(fetcher);
	create_mboxes(fetcher);
	if (!start_threads(fetcher)) {
		log_error("cannot start threads");
		return false;
	}
	if (chan_send(fetcher->chan, FRAME_READY, 0, SPAN(""), -1, &err) != TD_OK)
		return false;
	pthread_mutex_lock(&fetcher->lock);
	for (size_t i = 0; i < fetcher->n_mboxes; i++)
		if (fetcher->mboxes[i].conf->token == NULL)
			mbox_look(&fetcher->mboxes[i]);
		else
			fetcher->mboxes[i].due = INT64_MAX; /* for the token */
	pthread_mutex_unlock(&fetcher->lock);
	return true;
}

/* A connection that is open goes on with the old one until its server ends it. */
static bool
take_token(struct fetcher *fetcher, struct span payload, struct arena *arena)
{
	struct wire_reader in = wire_reader_of(payload);
	struct token *token = find_token(fetcher, wire_get_str(&in, arena));
	uint32_t number = wire_get_u32(&in);
	struct span access = wire_get_span(&in);
	char *copy;

	if (!wire_done(&in) || access.len == 0)
		return false;
	if (token == NULL)
		return true;
	copy = arena_span(arena, access);
	token_set(token, number, copy);
	explicit_bzero(copy, access.len);
	pthread_mutex_lock(&fetcher->lock);
	for (size_t i = 0; i < fetcher->n_mboxes; i++) {
		struct mbox *mbox = &fetcher->mboxes[i];

		if (mbox->conf->token != token)
			continue;
		if (mbox->failures > 0 || mbox->due == INT64_MAX)
			mbox_look(mbox);
		mbox->renewed = mbox->state == MBOX_BUSY;
	}
	pthread_mutex_unlock(&fetcher->lock);
	return true;
}

/* They wait for the cursor that follows. */
static bool
take_names(struct fetcher *fetcher, struct span payload, struct arena *arena)
{
	struct wire_reader in = wire_reader_of(payload);
	struct mbox *mbox = find_mbox(fetcher, wire_get_str(&in, arena));
	uint32_t next = wire_get_u32(&in), n = wire_get_u32(&in);

	if (in.bad || mbox == NULL)
		return !in.bad;
	pthread_mutex_lock(&fetcher->lock);
	mbox->next_uid = next;
	for (uint32_t i = 0; i < n && !in.bad; i++) {
		uint32_t uid = wire_get_u32(&in);
		const char *name = wire_get_str(&in, arena);

		if (name != NULL)
			mbox_add_name(mbox, uid, name);
	}
	pthread_mutex_unlock(&fetcher->lock);
	return wire_done(&in);
}

static bool
take_ranges(struct mbox *mbox, struct wire_reader *in, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t first = wire_get_u32(in), last = wire_get_u32(in);

		if (in->bad || !mbox_add_known(mbox, first, last))
			return false;
	}
	return true;
}

static bool
take_cursor(struct fetcher *fetcher, struct span payload, struct arena *arena)
{
	struct wire_reader in = wire_reader_of(payload);
	struct mbox *mbox = find_mbox(fetcher, wire_get_str(&in, arena));
	uint32_t uidvalidity = wire_get_u32(&in), watermark = wire_get_u32(&in);
	bool more = wire_get_u8(&in) != 0, good = true;
	uint32_t n = wire_get_u32(&in);

	if (in.bad || in.rest.len / 8 < n)
		return false;
	pthread_mutex_lock(&fetcher->lock);
	if (mbox != NULL && mbox->state == MBOX_CURSOR && uidvalidity == mbox->uidvalidity) {
		good = take_ranges(mbox, &in, n) && wire_done(&in);
		mbox->cursor.uidvalidity = uidvalidity;
		mbox->cursor.watermark = watermark;
		if (good && !more)
			mbox_ready(mbox);
	}
	pthread_mutex_unlock(&fetcher->lock);
	return good;
}

/* Credit came back: to this mailbox, and to those that wait because of all. */
static void
wake_waiting(struct fetcher *fetcher)
{
	for (size_t i = 0; i < fetcher->n_mboxes && fetcher->n_credit > 0; i++) {
		struct mbox *mbox = &fetcher->mboxes[i];

		if (mbox->state == MBOX_CREDIT && mbox_may_go_on(mbox))
			mbox_ready(mbox);
	}
}

static bool
take_acks(struct fetcher *fetcher, struct span payload, struct arena *arena)
{
	struct wire_reader in = wire_reader_of(payload);
	struct mbox *mbox = find_mbox(fetcher, wire_get_str(&in, arena));
	uint32_t uidvalidity = wire_get_u32(&in), n = wire_get_u32(&in);

	if (mbox == NULL || in.bad || in.rest.len / 5 < n)
		return mbox == NULL && !in.bad;
	pthread_mutex_lock(&fetcher->lock);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t uid = wire_get_u32(&in);
		bool do_after = wire_get_u8(&in) != 0;

		mbox_answered(mbox, uidvalidity, uid);
		if (do_after)
			mbox_add_ack(mbox, uidvalidity, uid);
	}
	if (mbox->n_acks > 0 && mbox_rests(mbox) && mbox->failures == 0) {
		mbox->look = mbox->look || !mbox->source->ops->is_open(mbox->source);
		mbox_ready(mbox);
	}
	wake_waiting(fetcher);
	pthread_mutex_unlock(&fetcher->lock);
	return wire_done(&in);
}

static bool
take_poll(struct fetcher *fetcher, struct span payload, struct arena *arena)
{
	struct wire_reader in = wire_reader_of(payload);
	const char *name = wire_get_str(&in, arena);

	pthread_mutex_lock(&fetcher->lock);
	for (size_t i = 0; i < fetcher->n_mboxes; i++)
		if (name == NULL || strcmp(fetcher->mboxes[i].conf->conf.name, name) == 0)
			mbox_look(&fetcher->mboxes[i]);
	pthread_mutex_unlock(&fetcher->lock);
	return wire_done(&in);
}

static bool
take_frame(struct fetcher *fetcher, const struct frame *frame)
{
	struct arena *arena = arena_create();
	bool ok = false;

	if (frame->fd >= 0)
		close(frame->fd);
	if (frame->type == FRAME_CONF)
		ok = take_conf(fetcher, frame->payload);
	else if (frame->type == FRAME_CLOCK)
		ok = worker_take_clock(frame->payload);
	else if (frame->type == FRAME_CURSOR)
		ok = take_cursor(fetcher, frame->payload, arena);
	else if (frame->type == FRAME_NAMES)
		ok = take_names(fetcher, frame->payload, arena);
	else if (frame->type == FRAME_TOKEN)
		ok = take_token(fetcher, frame->payload, arena);
	else if (frame->type == FRAME_ACK)
		ok = take_acks(fetcher, frame->payload, arena);
	else if (frame->type == FRAME_POLL)
		ok = take_poll(fetcher, frame->payload, arena);
	arena_destroy(&arena);
	if (!ok)
		log_error("the parent sent a frame that does not belong here (type %d)",
		    (int)frame->type);
	return ok;
}

static void
on_chan(void *user, unsigned events)
{
	struct fetcher *fetcher = user;
	struct frame frame;
	struct err err;
	enum td_status status;

	if ((events & LOOP_WRITE) != 0 && chan_flush(fetcher->chan, &err) == TD_PERM)
		end(fetcher, 0);
	while (!fetcher->stopping &&
	    (status = chan_recv(fetcher->chan, 0, &frame, &err)) != TD_TEMP) {
		if (status == TD_PERM || frame.type == FRAME_STOP)
			end(fetcher, 0);
		else if (!take_frame(fetcher, &frame))
			end(fetcher, 1);
	}
}

/* --- what the threads post --- */

static void
send_posts(struct fetcher *fetcher)
{
	struct post *posts;

	pthread_mutex_lock(&fetcher->lock);
	posts = fetcher->posts;
	fetcher->posts = NULL;
	fetcher->posts_end = &fetcher->posts;
	pthread_mutex_unlock(&fetcher->lock);
	while (posts != NULL) {
		struct post *post = posts;
		struct err err;

		posts = post->next;
		if (!fetcher->stopping) {
			int fd = post->fd;

			post->fd = -1;
			if (chan_send(fetcher->chan, post->type, 0, buf_span(&post->payload), fd,
			    &err) != TD_OK)
				end(fetcher, 0);
		}
		post_free(post);
	}
}

static void
on_wake(void *user, unsigned events)
{
	struct fetcher *fetcher = user;
	uint64_t count;

	(void)events;
	if (read(fetcher->wake_fd, &count, sizeof count) < 0)
		return;
	send_posts(fetcher);
	pthread_mutex_lock(&fetcher->lock);
	if (fetcher->stopping && fetcher->n_running == 0)
		loop_stop(fetcher->loop);
	pthread_mutex_unlock(&fetcher->lock);
}

/* News, or only a sign of life: a thread looks. One that is not listening any more has been
 * taken meanwhile, and reads what came before it listens again. */
static void
on_news(void *user, unsigned events)
{
	struct fetcher *fetcher = user;
	struct epoll_event news[NEWS_TOGETHER];
	int n = epoll_wait(fetcher->news_fd, news, NEWS_TOGETHER, 0);

	(void)events;
	pthread_mutex_lock(&fetcher->lock);
	for (int i = 0; i < n; i++) {
		struct mbox *mbox = news[i].data.ptr;

		if (mbox->state == MBOX_LISTEN)
			mbox_ready(mbox);
	}
	pthread_mutex_unlock(&fetcher->lock);
}

/* Those whose time has come become ready; gives the time until the next, -1 for none. */
static int64_t
look_at_due(struct fetcher *fetcher)
{
	int64_t now = clock_monotonic_ms(), next = INT64_MAX;

	if (fetcher->next_due > now)
		return fetcher->next_due == INT64_MAX ? -1 : fetcher->next_due - now;
	for (size_t i = 0; i < fetcher->n_mboxes; i++) {
		struct mbox *mbox = &fetcher->mboxes[i];

		if (!mbox_rests(mbox))
			continue;
		if (mbox->due <= now && mbox->lull)
			mbox_ready(mbox);
		else if (mbox->due <= now)
			mbox_look(mbox);
		else if (mbox->due < next)
			next = mbox->due;
	}
	fetcher->next_due = next;
	return next == INT64_MAX ? -1 : next - now;
}

static void
on_timer(void *user)
{
	(void)user; /* before_wait does the work */
}

static void
before_wait(void *user)
{
	struct fetcher *fetcher = user;
	int64_t next;
	bool trim;

	pthread_mutex_lock(&fetcher->lock);
	next = fetcher->stopping ? -1 : look_at_due(fetcher);
	trim = fetcher->n_ready == 0 && fetcher->n_settled >= SETTLED;
	if (trim)
		fetcher->n_settled = 0;
	pthread_mutex_unlock(&fetcher->lock);
#ifdef M_ARENA_MAX
	if (trim)
		malloc_trim(0); /* what logging in and searching took */
#endif
	loop_timer_set(fetcher->timer, next);
	loop_watch_set(fetcher->chan_watch,
	    LOOP_READ | (chan_wants_write(fetcher->chan) ? LOOP_WRITE : 0));
}

static bool
set_up(struct fetcher *fetcher)
{
	fetcher->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	fetcher->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	fetcher->news_fd = epoll_create1(EPOLL_CLOEXEC);
	if (fetcher->wake_fd < 0 || fetcher->cancel_fd < 0 || fetcher->news_fd < 0)
		return false;
	pthread_mutex_init(&fetcher->lock, NULL);
	pthread_cond_init(&fetcher->work, NULL);
	pthread_cond_init(&fetcher->folder_work, NULL);
	fetcher->posts_end = &fetcher->posts;
	fetcher->next_due = INT64_MAX;
	fetcher->arena = arena_create();
	fetcher->loop = loop_create();
	fetcher->timer = loop_timer_create(fetcher->loop, on_timer, fetcher);
	fetcher->stop_timer = loop_timer_create(fetcher->loop, on_stop_late, fetcher);
	fetcher->chan_watch = loop_watch_fd(fetcher->loop, chan_fd(fetcher->chan), LOOP_READ,
	    on_chan, fetcher);
	fetcher->wake_watch = loop_watch_fd(fetcher->loop, fetcher->wake_fd, LOOP_READ, on_wake,
	    fetcher);
	loop_set_idle(fetcher->loop, before_wait, fetcher);
	fetcher->news_watch = loop_watch_fd(fetcher->loop, fetcher->news_fd, LOOP_READ, on_news,
	    fetcher);
	return true;
}

static void
release(struct fetcher *fetcher)
{
	for (size_t i = 0; i < fetcher->n_threads; i++)
		pthread_join(fetcher->threads[i], NULL);
	for (size_t i = 0; i < fetcher->n_mboxes; i++) {
		struct mbox *mbox = &fetcher->mboxes[i];

		mbox->source->ops->destroy(&mbox->source);
		free(mbox->cursor.known);
		mbox_free_names(mbox->names, mbox->n_names);
		free(mbox->acks);
		free(mbox->out);
	}
	free(fetcher->mboxes);
	for (size_t i = 0; i < fetcher->n_tokens; i++)
		token_destroy(&fetcher->tokens[i]);
	while (fetcher->posts != NULL) {
		struct post *post = fetcher->posts;

		fetcher->posts = post->next;
		post_free(post);
	}
	loop_unwatch(&fetcher->chan_watch);
	loop_unwatch(&fetcher->wake_watch);
	loop_unwatch(&fetcher->news_watch);
	loop_timer_destroy(&fetcher->timer);
	loop_timer_destroy(&fetcher->stop_timer);
	loop_destroy(&fetcher->loop);
	arena_destroy(&fetcher->arena);
	pthread_cond_destroy(&fetcher->work);
	pthread_cond_destroy(&fetcher->folder_work);
	pthread_mutex_destroy(&fetcher->lock);
	close(fetcher->news_fd);
	close(fetcher->wake_fd);
	close(fetcher->cancel_fd);
	tls_release_all();
}

int
fetch_worker(struct chan *chan)
{
	struct fetcher fetcher = {.chan = chan};

#ifdef M_ARENA_MAX
	/* an allocator arena a thread would keep what one large answer took */
	(void)mallopt(M_ARENA_MAX, 2);
	/* the buffers of a connection that works are given back whole when it waits */
	(void)mallopt(M_MMAP_THRESHOLD, 16 * 1024);
#endif
	if (!set_up(&fetcher)) {
		log_error("cannot start: no descriptors left");
		return 1;
	}
	loop_run(fetcher.loop);
	release(&fetcher);
	return fetcher.status;
}
