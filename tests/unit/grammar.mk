# Unit tests of trimming and of the grammar.
GRAMMAR_UNIT = \
	tests/unit/test-command \
	tests/unit/test-golden-reading \
	tests/unit/test-grammar \
	tests/unit/test-trim \
	tests/unit/test-trim-kept \
	tests/unit/test-trim-own \
	tests/unit/test-verb
if HAVE_CMOCKA
check_PROGRAMS += $(GRAMMAR_UNIT)
TESTS += $(GRAMMAR_UNIT)
endif
tests_unit_test_trim_SOURCES = tests/unit/test-trim.c tests/unit/unit.h
tests_unit_test_trim_LDADD = $(PARSE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_trim_kept_SOURCES = tests/unit/test-trim-kept.c tests/unit/unit.h
tests_unit_test_trim_kept_LDADD = $(PARSE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_trim_own_SOURCES = tests/unit/test-trim-own.c tests/unit/unit.h
tests_unit_test_trim_own_LDADD = $(PARSE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_verb_SOURCES = tests/unit/test-verb.c tests/unit/unit.h
tests_unit_test_verb_LDADD = $(PARSE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_command_SOURCES = tests/unit/test-command.c tests/unit/command-text.h tests/unit/unit.h
tests_unit_test_command_LDADD = $(PARSE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_grammar_SOURCES = tests/unit/test-grammar.c tests/unit/command-text.h \
	tests/unit/reading-text.h tests/unit/unit.h
tests_unit_test_grammar_LDADD = $(PARSE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_golden_reading_SOURCES = tests/unit/test-golden-reading.c tests/unit/unit.h
tests_unit_test_golden_reading_LDADD = $(PARSE_LIBS) $(CMOCKA_LIBS)
EXTRA_DIST += tests/golden/reading
