# Unit tests: one program a module, tests/unit/test-NAME.c, linked with everything.
# To add one: its name to UNIT, and two lines below.
UNIT_LDADD = $(TIDINGS_LIBS) $(CMOCKA_LIBS)
if HAVE_CMOCKA
UNIT = tests/unit/test-base \
	tests/unit/test-conf \
	tests/unit/test-retry
check_PROGRAMS += $(UNIT)
TESTS += $(UNIT)
endif
tests_unit_test_base_SOURCES = tests/unit/test-base.c tests/unit/unit.h
tests_unit_test_base_LDADD = $(UNIT_LDADD)
tests_unit_test_conf_SOURCES = tests/unit/test-conf.c tests/unit/unit.h
tests_unit_test_conf_LDADD = $(UNIT_LDADD)
tests_unit_test_retry_SOURCES = tests/unit/test-retry.c tests/unit/unit.h
tests_unit_test_retry_LDADD = $(UNIT_LDADD)
