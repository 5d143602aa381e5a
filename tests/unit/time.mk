# Unit tests of everything about time: zones, dates, durations, hours, due times, calendars.
TIME_UNIT = \
	tests/unit/test-civil \
	tests/unit/test-zone \
	tests/unit/test-when \
	tests/unit/test-duration \
	tests/unit/test-hours \
	tests/unit/test-due \
	tests/unit/test-ics
if HAVE_CMOCKA
check_PROGRAMS += $(TIME_UNIT)
TESTS += $(TIME_UNIT)
endif
tests_unit_test_civil_SOURCES = tests/unit/test-civil.c tests/unit/unit.h
tests_unit_test_civil_LDADD = $(UNIT_LDADD)
tests_unit_test_zone_SOURCES = tests/unit/test-zone.c tests/unit/unit.h
tests_unit_test_zone_LDADD = $(UNIT_LDADD)
tests_unit_test_when_SOURCES = tests/unit/test-when.c tests/unit/unit.h
tests_unit_test_when_LDADD = $(UNIT_LDADD)
tests_unit_test_duration_SOURCES = tests/unit/test-duration.c tests/unit/unit.h
tests_unit_test_duration_LDADD = $(UNIT_LDADD)
tests_unit_test_hours_SOURCES = tests/unit/test-hours.c tests/unit/unit.h
tests_unit_test_hours_LDADD = $(UNIT_LDADD)
tests_unit_test_due_SOURCES = tests/unit/test-due.c tests/unit/unit.h
tests_unit_test_due_LDADD = $(UNIT_LDADD)
tests_unit_test_ics_SOURCES = tests/unit/test-ics.c tests/unit/unit.h
tests_unit_test_ics_LDADD = $(UNIT_LDADD)
EXTRA_DIST += \
	tests/golden/core-berlin.ics \
	tests/golden/core-cancel.ics \
	tests/golden/core-kolkata.ics \
	tests/golden/core-lisbon.ics \
	tests/golden/core-lord-howe.ics \
	tests/golden/core-new-york.ics
