/* SPDX-License-Identifier: ISC */
/*
 * loop: the event loop of a process: epoll for descriptors, timerfd-like timers on the monotonic
 * clock, signalfd for signals. Callbacks run one at a time; one may add and remove any watch or
 * timer, itself included. loop_run returns after loop_stop.
 */
#ifndef TD_LOOP_H
#define TD_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_watch;
struct loop_timer;

#define LOOP_READ 1u
#define LOOP_WRITE 2u

struct loop *loop_create(void);
void loop_destroy(struct loop **loop);
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* events: what happened (LOOP_READ also on end of file or error) */
struct loop_watch *loop_watch_fd(struct loop *loop, int fd, unsigned events,
    void (*fn)(void *user, unsigned events), void *user);
void loop_watch_set(struct loop_watch *watch, unsigned events);
void loop_unwatch(struct loop_watch **watch); /* does not close the descriptor */

/* Runs fn once after delay_ms; set again with loop_timer_set, off with delay_ms < 0. */
struct loop_timer *loop_timer_create(struct loop *loop, void (*fn)(void *user), void *user);
void loop_timer_set(struct loop_timer *timer, int64_t delay_ms);
void loop_timer_destroy(struct loop_timer **timer);

/* Blocks the signal and calls fn from the loop when it comes. */
void loop_signal(struct loop *loop, int signo, void (*fn)(void *user, int signo), void *user);

/* Runs fn before the loop waits again: the place for a group commit. */
void loop_set_idle(struct loop *loop, void (*fn)(void *user), void *user);

#endif
