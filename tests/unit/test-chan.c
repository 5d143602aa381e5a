/* SPDX-License-Identifier: ISC */
/* Tests of daemon/ipc: the wire form, channels with partial writes and descriptors, memfds. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "daemon/ipc/chan.h"
#include "parsers/base/wire.h"

static int
count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static void
pair(struct chan **a, struct chan **b)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	*a = chan_create(fds[0]);
	*b = chan_create(fds[1]);
}

static void
test_wire(void **state)
{
	struct arena *arena = arena_create();
	struct wire_reader r;
	struct buf out;

	buf_init(&out, 1000);
	wire_put_u8(&out, 200);
	wire_put_u32(&out, 0xfedcba98);
	wire_put_u64(&out, UINT64_MAX - 1);
	wire_put_i64(&out, -5);
	wire_put_str(&out, "ana");
	wire_put_str(&out, NULL);
	wire_put_str(&out, "");
	wire_put_span(&out, (struct span){"a\0b", 3});
	assert_int_equal((unsigned char)out.ptr[1], 0x98); /* little-endian */
	r = wire_reader_of(buf_span(&out));
	assert_int_equal(wire_get_u8(&r), 200);
	assert_true(wire_get_u32(&r) == 0xfedcba98);
	assert_true(wire_get_u64(&r) == UINT64_MAX - 1);
	assert_true(wire_get_i64(&r) == -5);
	assert_string_equal(wire_get_str(&r, arena), "ana");
	assert_null(wire_get_str(&r, arena));
	assert_string_equal(wire_get_str(&r, arena), "");
	assert_false(wire_done(&r));
	assert_int_equal(wire_get_span(&r).len, 3);
	assert_true(wire_done(&r));
	assert_int_equal(wire_get_u32(&r), 0);
	assert_false(wire_done(&r));

	/* Every cut of it is noticed, and reads nothing past the end. */
	for (size_t n = 0; n < out.len; n++) {
		char *cut = malloc(n + 1); /* exact, so that a sanitizer sees one byte more */

		memcpy(cut, out.ptr, n);
		r = wire_reader_of((struct span){cut, n});
		wire_get_u8(&r), wire_get_u32(&r), wire_get_u64(&r), wire_get_i64(&r);
		wire_get_str(&r, arena), wire_get_str(&r, arena), wire_get_str(&r, arena);
		wire_get_span(&r);
		assert_false(wire_done(&r));
		free(cut);
	}
	buf_clear(&out);
	wire_put_span(&out, (struct span){"a\0b", 3});
	r = wire_reader_of(buf_span(&out));
	assert_null(wire_get_str(&r, arena)); /* a NUL inside */
	assert_true(r.bad);
	buf_release(&out);
	arena_destroy(&arena);
}

static void
test_frames(void **state)
{
	struct chan *a, *b;
	struct frame f;
	struct err err;
	int fds = count_fds();

	pair(&a, &b);
	assert_int_equal(chan_recv(b, 0, &f, &err), TD_TEMP);
	assert_int_equal(chan_recv(b, 5, &f, &err), TD_TEMP);
	for (uint64_t i = 0; i < 500; i++) {
		char text[16];

		snprintf(text, sizeof text, "%ju", (uintmax_t)i);
		assert_int_equal(chan_send(a, FRAME_READING, i, span_of(text), -1, &err), TD_OK);
	}
	for (uint64_t i = 0; i < 500; i++) {
		char text[16];

		snprintf(text, sizeof text, "%ju", (uintmax_t)i);
		while (chan_recv(b, 0, &f, &err) == TD_TEMP)
			assert_int_equal(chan_flush(a, &err), TD_OK);
		assert_true(f.id == i && f.type == FRAME_READING && f.fd == -1);
		assert_true(span_is(f.payload, text));
	}
	/* What was written before the end is still read, also after a failed write. */
	assert_int_equal(chan_send(a, FRAME_STOP, 9, SPAN(""), -1, &err), TD_OK);
	chan_destroy(&a);
	assert_int_equal(chan_send(b, FRAME_READY, 0, SPAN(""), -1, &err), TD_PERM);
	assert_int_equal(chan_recv(b, -1, &f, &err), TD_OK);
	assert_true(f.type == FRAME_STOP && f.id == 9 && f.payload.len == 0);
	assert_int_equal(chan_recv(b, -1, &f, &err), TD_PERM);
	assert_int_equal(chan_recv(b, 0, &f, &err), TD_PERM);
	chan_destroy(&b);
	chan_destroy(&b);
	assert_int_equal(count_fds(), fds);
}

static void *
read_slowly(void *user)
{
	struct chan *b = user;
	struct frame f;
	struct err err;
	uint64_t want = 0;

	while (chan_recv(b, -1, &f, &err) == TD_OK) {
		assert_true(f.id == want++);
		assert_int_equal(f.payload.len, 3u * 1024 * 1024 + f.id);
		for (size_t i = 0; i < f.payload.len; i += 4093)
			assert_int_equal(f.payload.ptr[i], (char)('a' + f.id));
	}
	return (void *)(uintptr_t)want;
}

/* Large frames go in many partial writes; the queue stops at 64 MB and takes more after. */
static void
test_queue(void **state)
{
	size_t len = 3u * 1024 * 1024;
	char *bytes = malloc(len + 64);
	struct chan *a, *b;
	struct err err;
	uint64_t sent = 0;
	pthread_t thread;
	void *got;

	pair(&a, &b);
	for (;; sent++) {
		memset(bytes, (char)('a' + sent), len + 64);
		if (chan_send(a, FRAME_READING, sent, (struct span){bytes, len + sent}, -1,
			&err) != TD_OK)
			break;
		assert_in_range(sent, 0, 25);
	}
	assert_in_range(sent, 21, 23); /* 64 MB, and what the socket took */
	assert_true(chan_wants_write(a));
	assert_in_range(chan_queued(a), 60u << 20, 64u << 20);
	assert_int_equal(pthread_create(&thread, NULL, read_slowly, b), 0);
	while (chan_wants_write(a))
		assert_int_equal(chan_flush(a, &err), TD_OK);
	assert_int_equal(chan_queued(a), 0);
	memset(bytes, (char)('a' + sent), len + 64);
	assert_int_equal(chan_send(a, FRAME_READING, sent, (struct span){bytes, len + sent}, -1,
	    &err), TD_OK);
	while (chan_wants_write(a))
		assert_int_equal(chan_flush(a, &err), TD_OK);
	chan_destroy(&a);
	pthread_join(thread, &got);
	assert_int_equal((uintptr_t)got, sent + 1);
	chan_destroy(&b);
	assert_int_equal(chan_send(a = chan_create(open("/dev/null", O_RDWR)), FRAME_READING, 0,
	    (struct span){bytes, 0}, -1, &err), TD_PERM);
	chan_destroy(&a);
	free(bytes);
}

static void
test_too_long(void **state)
{
	char *bytes = calloc(1, FRAME_MAX + 1);
	struct chan *a, *b;
	struct err err;

	pair(&a, &b);
	assert_int_equal(chan_send(a, FRAME_READING, 0, (struct span){bytes, FRAME_MAX + 1}, -1,
	    &err), TD_PERM);
	assert_int_equal(chan_send(a, FRAME_READING, 0, (struct span){bytes, FRAME_MAX}, -1,
	    &err), TD_OK);
	chan_destroy(&a);
	chan_destroy(&b);
	free(bytes);
}

static void
test_fds(void **state)
{
	int fds = count_fds();
	struct chan *a, *b;
	struct frame f;
	struct span mail;
	struct err err;
	char text[32];

	pair(&a, &b);
	for (uint64_t i = 0; i < 60; i++) {
		snprintf(text, sizeof text, "mail %ju", (uintmax_t)i);
		assert_int_equal(chan_send(a, FRAME_PARSE, i, SPAN("x"),
		    memfd_sealed(text, strlen(text), &err), &err), TD_OK);
		if (i % 3 == 0)
			assert_int_equal(chan_send(a, FRAME_CONTEXT, i, SPAN("between"), -1, &err),
			    TD_OK);
	}
	for (uint64_t i = 0; i < 60; i++) {
		assert_int_equal(chan_recv(b, 0, &f, &err), TD_OK);
		assert_true(f.type == FRAME_PARSE && f.id == i && f.fd >= 0);
		assert_true((fcntl(f.fd, F_GETFD) & FD_CLOEXEC) != 0);
		snprintf(text, sizeof text, "mail %ju", (uintmax_t)i);
		assert_int_equal(memfd_map(f.fd, 100, &mail, &err), TD_OK);
		assert_true(span_is(mail, text));
		memfd_unmap(mail);
		close(f.fd);
		if (i % 3 == 0) {
			assert_int_equal(chan_recv(b, 0, &f, &err), TD_OK);
			assert_true(f.type == FRAME_CONTEXT && f.fd == -1);
		}
	}
	/* What nobody fetches is closed with the channel; what is refused is closed at once. */
	for (int i = 0; i < 10; i++)
		assert_int_equal(chan_send(a, FRAME_PARSE, 0, SPAN("x"),
		    memfd_sealed("", 0, &err), &err), TD_OK);
	assert_int_equal(chan_recv(b, 0, &f, &err), TD_OK);
	close(f.fd);
	assert_int_equal(chan_send(a, FRAME_STOP, 0, SPAN(""), memfd_sealed("", 0, &err), &err),
	    TD_PERM);
	assert_int_equal(chan_send(a, FRAME_PARSE, 0, SPAN(""), -1, &err), TD_PERM);
	chan_destroy(&b);
	assert_int_equal(chan_send(a, FRAME_PARSE, 0, SPAN(""), memfd_sealed("", 0, &err), &err),
	    TD_PERM);
	chan_destroy(&a);
	assert_int_equal(count_fds(), fds);
}

/* Bytes that no chan_send makes: each kills the channel, closes what came, and crashes nothing. */
static void
test_bad_frames(void **state)
{
	static const struct {
		const char *name;
		struct span bytes;
		int fds; /* descriptors that come with them */
	} rows[] = {
	    {"too long", {"\xff\xff\xff\x7f\x40\0\0\0\0\0\0\0\0\0\0\0", 16}, 0},
	    {"one too long", {"\x01\0\x40\0\x40\0\0\0\0\0\0\0\0\0\0\0", 16}, 0},
	    {"unknown type", {"\0\0\0\0\x63\0\0\0\0\0\0\0\0\0\0\0", 16}, 0},
	    {"type 0", {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16}, 0},
	    {"unknown flag", {"\0\0\0\0\x40\0\2\0\0\0\0\0\0\0\0\0", 16}, 0},
	    {"fd told but missing", {"\0\0\0\0\x31\0\1\0\0\0\0\0\0\0\0\0", 16}, 0},
	    {"fd where none belongs", {"\0\0\0\0\x40\0\1\0\0\0\0\0\0\0\0\0", 16}, 1},
	    {"mail without fd", {"\0\0\0\0\x11\0\0\0\0\0\0\0\0\0\0\0", 16}, 0},
	    {"fd not told", {"\0\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0", 16}, 1},
	    {"two fds", {"\0\0\0\0\x31\0\1\0\0\0\0\0\0\0\0\0", 16}, 2},
	    {"nine fds", {"\0\0\0\0\x31\0\1\0\0\0\0\0\0\0\0\0", 16}, 9},
	    {"end inside a head", {"\0\0\0\0\x40", 5}, 0},
	    {"end inside a payload", {"\5\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0ab", 18}, 0},
	};
	int before = count_fds();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char control[CMSG_SPACE(9 * sizeof(int))] = {0};
		struct iovec iov = {(void *)(uintptr_t)rows[i].bytes.ptr, rows[i].bytes.len};
		struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
		enum td_status status;
		struct frame f;
		struct err err;
		struct chan *b;
		int fds[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		b = chan_create(fds[1]);
		if (rows[i].fds > 0) {
			size_t n = (size_t)rows[i].fds;
			struct cmsghdr *c;

			msg.msg_control = control;
			msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
			c = CMSG_FIRSTHDR(&msg);
			c->cmsg_level = SOL_SOCKET;
			c->cmsg_type = SCM_RIGHTS;
			c->cmsg_len = CMSG_LEN(n * sizeof(int));
			for (size_t k = 0; k < n; k++)
				memcpy(CMSG_DATA(c) + k * sizeof(int), &(int){0}, sizeof(int));
		}
		assert_int_equal(sendmsg(fds[0], &msg, 0), (ssize_t)rows[i].bytes.len);
		close(fds[0]);
		do {
			status = chan_recv(b, -1, &f, &err);
			row_assert(status != TD_OK || f.fd == -1, rows[i].name);
		} while (status == TD_OK);
		row_assert(status == TD_PERM, rows[i].name);
		row_assert(chan_recv(b, 0, &f, &err) == TD_PERM, rows[i].name);
		chan_destroy(&b);
		row_assert(count_fds() == before, rows[i].name);
	}
}

static void
test_memfd(void **state)
{
	struct span s = {"untouched", 9};
	struct err err;
	int fd = memfd_sealed("Subject: x\r\n", 12, &err);

	assert_true(fd >= 0);
	assert_true(write(fd, "y", 1) < 0);
	assert_true(ftruncate(fd, 0) < 0);
	assert_int_equal(memfd_append(fd, "y", 1, &err), TD_TEMP);
	assert_int_equal(memfd_map(fd, 11, &s, &err), TD_PERM);
	assert_string_equal(err.text, "a mail of 12 bytes, but at most 11 are taken");
	assert_true(span_is(s, "untouched"));
	assert_int_equal(memfd_map(fd, 12, &s, &err), TD_OK);
	assert_true(span_is(s, "Subject: x\r\n"));
	memfd_unmap(s);
	close(fd);

	fd = memfd_open(&err); /* not sealed: could shrink under the reader */
	assert_int_equal(memfd_append(fd, "abc", 3, &err), TD_OK);
	assert_int_equal(memfd_map(fd, 100, &s, &err), TD_PERM);
	assert_int_equal(memfd_seal(fd, &err), TD_OK);
	assert_int_equal(memfd_map(fd, 100, &s, &err), TD_OK);
	memfd_unmap(s);
	close(fd);
	fd = open("/dev/null", O_RDONLY);
	assert_int_equal(memfd_map(fd, 100, &s, &err), TD_PERM);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wire), cmocka_unit_test(test_frames),
	    cmocka_unit_test(test_queue), cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_fds), cmocka_unit_test(test_bad_frames),
	    cmocka_unit_test(test_memfd),
	};

	return cmocka_run_group_tests_name("chan", tests, NULL, NULL);
}
