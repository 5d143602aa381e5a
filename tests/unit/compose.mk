# Unit tests of daemon/compose, daemon/schedule/jobs and the golden mails.
if HAVE_CMOCKA
COMPOSE_UNIT = \
	tests/unit/test-compose \
	tests/unit/test-golden \
	tests/unit/test-gather \
	tests/unit/test-invites \
	tests/unit/test-jobs \
	tests/unit/test-mailbuild \
	tests/unit/test-mustache
check_PROGRAMS += $(COMPOSE_UNIT)
TESTS += $(COMPOSE_UNIT)
endif
tests_unit_test_compose_SOURCES = tests/unit/test-compose.c tests/unit/mails.c \
	tests/unit/mails.h tests/unit/unit.h
tests_unit_test_compose_LDADD = $(UNIT_LDADD)
JOBS_FIXTURE = tests/unit/jobs-fixture.h tests/unit/store-fixture.h tests/unit/unit.h
tests_unit_test_gather_SOURCES = tests/unit/test-gather.c $(JOBS_FIXTURE)
tests_unit_test_gather_LDADD = $(UNIT_LDADD)
tests_unit_test_invites_SOURCES = tests/unit/test-invites.c $(JOBS_FIXTURE)
tests_unit_test_invites_LDADD = $(UNIT_LDADD)
tests_unit_test_jobs_SOURCES = tests/unit/test-jobs.c $(JOBS_FIXTURE)
tests_unit_test_jobs_LDADD = $(UNIT_LDADD)
tests_unit_test_mailbuild_SOURCES = tests/unit/test-mailbuild.c tests/unit/unit.h
tests_unit_test_mailbuild_LDADD = $(UNIT_LDADD)
tests_unit_test_golden_SOURCES = tests/unit/test-golden.c tests/unit/mails.c \
	tests/unit/mails.h tests/unit/unit.h
tests_unit_test_golden_LDADD = $(UNIT_LDADD)
tests_unit_test_mustache_SOURCES = tests/unit/test-mustache.c tests/unit/unit.h
tests_unit_test_mustache_LDADD = $(UNIT_LDADD)
EXTRA_DIST += \
	tests/golden/ack.eml \
	tests/golden/ack-many.eml \
	tests/golden/answer.eml \
	tests/golden/call-handover.eml \
	tests/golden/call-handover-one.eml \
	tests/golden/call-page.eml \
	tests/golden/call-page-last.eml \
	tests/golden/call-page-nobody.eml \
	tests/golden/call-page-taken.eml \
	tests/golden/call-reminder.eml \
	tests/golden/call-role.eml \
	tests/golden/call-role-guest.eml \
	tests/golden/call-welcome.eml \
	tests/golden/call-welcome-guest.eml \
	tests/golden/call-reminder-item.eml \
	tests/golden/call-unanswered.eml \
	tests/golden/cancel.eml \
	tests/golden/confirm.eml \
	tests/golden/digest.eml \
	tests/golden/digest-calm.eml \
	tests/golden/prompt.eml tests/golden/prompt-bare.eml \
	tests/golden/invite.eml \
	tests/golden/invite-days.eml \
	tests/golden/notice.eml \
	tests/golden/item.eml \
	tests/golden/item-decided.eml \
	tests/golden/item-decision.eml \
	tests/golden/item-watched.eml \
	tests/golden/quarantine.eml \
	tests/golden/time-judged.eml tests/golden/time-load.eml \
	tests/golden/time-ready.eml tests/golden/time-timer.eml \
	tests/golden/time-waiting.eml \
	tests/golden/transcript.eml \
	tests/golden/transcript-warned.eml \
	tests/golden/transcript-none.eml \
	tests/golden/transcript-reply.eml \
	tests/golden/transcript-reply-subject.eml \
	tests/golden/transcript-rest.eml \
	tests/lint/maillint.py \
	tests/lint/test-maillint.py \
	tests/golden/mustache/comments.json \
	tests/golden/mustache/delimiters.json \
	tests/golden/mustache/interpolation.json \
	tests/golden/mustache/inverted.json \
	tests/golden/mustache/partials.json \
	tests/golden/mustache/sections.json
TESTS += tests/lint/test-maillint.py
include tests/fuzz/compose.mk
