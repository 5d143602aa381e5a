/* SPDX-License-Identifier: ISC */
/*
 * fake-workers: workers for tests of the pipeline. The program under test starts itself as its
 * workers, and its main hands `--role` to fake_worker. The parser is the real one in its real
 * sandbox, linked with --wrap=reading_parse, so that a mail's subject can make it misbehave.
 */
#ifndef TD_FAKE_WORKERS_H
#define TD_FAKE_WORKERS_H

/* The mailbox's mails: subjects between commas, UIDs from 1, UIDVALIDITY 7. From, To and a
 * Message-ID mN@example.org are made. An environment variable, since a worker is a process. */
#define FAKE_SUBJECTS "TD_TEST_SUBJECTS"
/* Where this is set to the name of a role, its process dies as soon as it starts. */
#define FAKE_DIES "TD_TEST_DIES"

/* Subjects that make the parser end: crash, spin, hang, eat; "escape" makes it try what the
 * sandbox forbids and refuse the mail if anything succeeds; "refuse" refuses; "large" comes with
 * its headers only; "kill fetch" ends the fetch process before it. The sender does what a
 * recipient's local part says: sent, temp, perm, die (after the dot); quit (before it); wait (temp
 * if it may not go on within a second); hold (nothing, as if others came first). */
int fake_worker(int argc, char **argv);

#endif
