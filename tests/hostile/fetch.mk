# The fetch worker alone: against a server that misbehaves, and against a real one.
check_PROGRAMS += tests/hostile/fetch-probe
tests_hostile_fetch_probe_SOURCES = tests/hostile/fetch-probe.c
tests_hostile_fetch_probe_LDADD = $(TIDINGS_LIBS)

SERVER_TESTS += \
	tests/hostile/test_fetch_crowd.py \
	tests/hostile/test_fetch_hostile.py \
	tests/hostile/test_idle.py \
	tests/hostile/test_providers.py \
	tests/integration/test_fetch.py
EXTRA_DIST += \
	tests/hostile/lsan.supp \
	tests/hostile/probe.py \
	tests/rig/imap_script.py
