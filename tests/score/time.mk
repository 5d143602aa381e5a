# Scores of dates and durations against data from outside.
check_PROGRAMS += tests/score/read-time
tests_score_read_time_SOURCES = tests/score/read-time.c
tests_score_read_time_LDADD = $(PARSE_LIBS)
