# Unit tests: one program a module, tests/unit/test-NAME.c, linked with everything.
# To add one: its name to UNIT, and two lines below.
UNIT_LDADD = $(TIDINGS_LIBS) $(CMOCKA_LIBS)
if HAVE_CMOCKA
UNIT = tests/unit/test-base
check_PROGRAMS += $(UNIT)
TESTS += $(UNIT)
endif
tests_unit_test_base_SOURCES = tests/unit/test-base.c tests/unit/unit.h
tests_unit_test_base_LDADD = $(UNIT_LDADD)
