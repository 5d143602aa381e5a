# Scripts that hold the house rules, and the runs that need servers.
dist_check_SCRIPTS += tests/style/check-style.sh
EXTRA_DIST += tests/style/code.py tests/style/test_style.py
TESTS += tests/style/check-style.sh tests/style/test_style.py

EXTRA_DIST += tests/unit/test_check.py tests/unit/test_grammar_told.py tests/unit/test_readme.py \
	tests/unit/test_summary.py
TESTS += tests/unit/test_check.py tests/unit/test_grammar_told.py tests/unit/test_readme.py \
	tests/unit/test_summary.py

# Those that take long come first.
SERVER_TESTS = \
	tests/integration/test_story.py \
	tests/integration/test_oauth.py \
	tests/integration/test_kill_points.py \
	tests/integration/test_maildir.py \
	tests/integration/test_kill_send.py \
	tests/integration/test_backpressure.py \
	tests/integration/test_bad_input.py \
	tests/integration/test_account.py \
	tests/integration/test_day.py \
	tests/integration/test_exact.py \
	tests/integration/test_hostile_mail.py \
	tests/integration/test_kill.py \
	tests/integration/test_news.py \
	tests/integration/test_other_servers.py \
	tests/integration/test_quickstart.py \
	tests/integration/test_rig.py \
	tests/integration/test_setup.py \
	tests/integration/test_smtp.py \
	tests/integration/test_reply_token.py \
	tests/integration/test_trust.py \
	tests/integration/test_work.py
EXTRA_DIST += $(SERVER_TESTS) \
	tests/golden/story/ana.txt \
	tests/golden/story/ben.txt \
	tests/golden/story/chi.txt \
	tests/golden/story/dan.txt \
	tests/golden/story/eva.txt \
	tests/golden/story/fay.txt \
	tests/golden/story/state.txt \
	tests/story/01-mon.txt \
	tests/story/02-tue.txt \
	tests/story/03-wed.txt \
	tests/story/04-thu.txt \
	tests/story/05-fri.txt \
	tests/story/06-mon.txt \
	tests/story/07-tue.txt \
	tests/story/08-wed.txt \
	tests/story/09-thu.txt \
	tests/story/10-fri.txt \
	tests/golden/day/digest-ana.txt \
	tests/golden/day/digest-ben.txt \
	tests/golden/day/digest-ben-monday.txt \
	tests/golden/day/digest-chi.txt \
	tests/golden/day/error-chi.txt \
	tests/golden/day/quarantine-ana.txt \
	tests/rig/auth_server.py \
	tests/rig/kill-point.c \
	tests/rig/killing.py \
	tests/rig/script.py \
	tests/rig/servers.py \
	tests/rig/plain.py \
	tests/rig/run.py \
	tests/rig/stage.py \
	tests/rig/summary.py \
	tests/rig/tool.py \
	tests/rig/unpacked.py

# Against real Dovecot and Postfix on loopback, SERVER_JOBS scripts at a time; SERVER_RESULTS collects
# a line a test.
SERVER_RESULTS = $(abs_top_builddir)/server-results
SERVER_JOBS = 2
check-servers: all $(check_PROGRAMS)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON3) $(srcdir)/tests/rig/run.py --results $(SERVER_RESULTS) \
		--jobs $(SERVER_JOBS) \
		$(addprefix $(srcdir)/,$(SERVER_TESTS))
# The long mode of test_kill_points.py: more than 2,000 kills; KILL_SEED=N picks others.
KILL_SEED = 1
check-kills: all
	$(AM_TESTS_ENVIRONMENT) TD_KILL_CHOSEN=850 TD_KILL_RANDOM=1250 TD_KILL_SEED=$(KILL_SEED) \
		$(PYTHON3) $(srcdir)/tests/rig/run.py --seconds 7200 \
		$(srcdir)/tests/integration/test_kill_points.py
.PHONY: check-servers check-kills
CLEANFILES += server-results

# The unit programs, and a daemon over some dozens of mails, under valgrind (not with sanitizers).
check-valgrind: all $(check_PROGRAMS)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON3) $(srcdir)/tests/rig/valgrind.py \
		$(filter tests/unit/test-%,$(check_PROGRAMS))
# What make check reached, by folder, in a build with --enable-gcov; what ran before counts, too.
coverage: check
	$(PYTHON3) $(srcdir)/tests/rig/coverage.py $(abs_top_builddir) $(abs_top_srcdir)
.PHONY: check-valgrind coverage
EXTRA_DIST += tests/rig/coverage.py tests/rig/valgrind.py
CLEANFILES += coverage.txt
