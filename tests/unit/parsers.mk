# Unit tests of the byte side of parsers/: text, JSON, headers, parts, robots, calendar.
if HAVE_CMOCKA
PARSE_UNIT = \
	tests/unit/test-text \
	tests/unit/test-glance \
	tests/unit/test-mime \
	tests/unit/test-html \
	tests/unit/test-itip \
	tests/unit/test-sealed \
	tests/unit/test-robot \
	tests/unit/test-limits \
	tests/unit/test-reading-json \
	tests/unit/test-reading-pack
check_PROGRAMS += $(PARSE_UNIT)
TESTS += $(PARSE_UNIT)
endif
PARSE_UNIT_LDADD = $(PARSE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_text_SOURCES = tests/unit/test-text.c tests/unit/unit.h
tests_unit_test_text_LDADD = $(PARSE_UNIT_LDADD)
tests_unit_test_reading_json_SOURCES = tests/unit/test-reading-json.c tests/unit/unit.h \
	tests/unit/reading-full.h
tests_unit_test_reading_json_LDADD = $(PARSE_UNIT_LDADD)
tests_unit_test_reading_pack_SOURCES = tests/unit/test-reading-pack.c tests/unit/unit.h \
	tests/unit/reading-full.h
tests_unit_test_reading_pack_LDADD = $(PARSE_UNIT_LDADD)
tests_unit_test_glance_SOURCES = tests/unit/test-glance.c tests/unit/unit.h
tests_unit_test_glance_LDADD = $(PARSE_UNIT_LDADD)
tests_unit_test_mime_SOURCES = tests/unit/test-mime.c tests/unit/unit.h
tests_unit_test_mime_LDADD = $(PARSE_UNIT_LDADD)
tests_unit_test_html_SOURCES = tests/unit/test-html.c tests/unit/unit.h
tests_unit_test_html_LDADD = $(PARSE_UNIT_LDADD)
tests_unit_test_itip_SOURCES = tests/unit/test-itip.c tests/unit/unit.h
tests_unit_test_itip_LDADD = $(PARSE_UNIT_LDADD)
tests_unit_test_sealed_SOURCES = tests/unit/test-sealed.c tests/unit/unit.h
tests_unit_test_sealed_LDADD = $(PARSE_UNIT_LDADD)
tests_unit_test_robot_SOURCES = tests/unit/test-robot.c tests/unit/unit.h
tests_unit_test_robot_LDADD = $(PARSE_UNIT_LDADD)
tests_unit_test_limits_SOURCES = tests/unit/test-limits.c tests/unit/unit.h
tests_unit_test_limits_LDADD = $(PARSE_UNIT_LDADD)
# Prints the reading of each mail given: what the scorers in tests/score run.
check_PROGRAMS += tests/unit/read-mail
tests_unit_read_mail_SOURCES = tests/unit/read-mail.c
tests_unit_read_mail_LDADD = $(PARSE_LIBS)
