# Units of daemon/fetch.
FETCH_UNIT = tests/unit/test-cursor \
	tests/unit/test-claim \
	tests/unit/test-fetch \
	tests/unit/test-guard \
	tests/unit/test-lookup \
	tests/unit/test-maildir \
	tests/unit/test-utf7
if HAVE_CMOCKA
check_PROGRAMS += $(FETCH_UNIT)
TESTS += $(FETCH_UNIT)
endif
tests_unit_test_claim_SOURCES = tests/unit/test-claim.c tests/unit/unit.h
tests_unit_test_claim_LDADD = $(UNIT_LDADD)
tests_unit_test_cursor_SOURCES = tests/unit/test-cursor.c tests/unit/unit.h
tests_unit_test_cursor_LDADD = $(UNIT_LDADD)
tests_unit_test_fetch_SOURCES = tests/unit/test-fetch.c tests/unit/unit.h
tests_unit_test_fetch_LDADD = $(UNIT_LDADD)
tests_unit_test_guard_SOURCES = tests/unit/test-guard.c tests/unit/unit.h
tests_unit_test_guard_LDADD = $(UNIT_LDADD)
tests_unit_test_maildir_SOURCES = tests/unit/test-maildir.c tests/unit/unit.h
tests_unit_test_maildir_LDADD = $(UNIT_LDADD)
tests_unit_test_utf7_SOURCES = tests/unit/test-utf7.c tests/unit/unit.h
tests_unit_test_utf7_LDADD = $(UNIT_LDADD)
tests_unit_test_lookup_SOURCES = tests/unit/test-lookup.c tests/unit/unit.h
tests_unit_test_lookup_LDADD = $(UNIT_LDADD)
tests_unit_test_lookup_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=getaddrinfo
