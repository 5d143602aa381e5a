# Unit tests of daemon/compose, daemon/schedule/jobs and the golden mails.
if HAVE_CMOCKA
COMPOSE_UNIT = \
	tests/unit/test-mustache
check_PROGRAMS += $(COMPOSE_UNIT)
TESTS += $(COMPOSE_UNIT)
endif
tests_unit_test_mustache_SOURCES = tests/unit/test-mustache.c tests/unit/unit.h
tests_unit_test_mustache_LDADD = $(UNIT_LDADD)
EXTRA_DIST += \
	tests/golden/mustache/comments.json \
	tests/golden/mustache/delimiters.json \
	tests/golden/mustache/interpolation.json \
	tests/golden/mustache/inverted.json \
	tests/golden/mustache/partials.json \
	tests/golden/mustache/sections.json
