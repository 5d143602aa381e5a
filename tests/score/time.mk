# Scores of dates and durations against data from outside; skipped where that is absent.
check_PROGRAMS += tests/score/read-time
tests_score_read_time_SOURCES = tests/score/read-time.c
tests_score_read_time_LDADD = $(PARSE_LIBS)
dist_check_SCRIPTS += tests/score/score-time.py
TESTS += tests/score/score-time.py
EXTRA_DIST += tests/score/time-floor.txt tests/score/time-notes.txt
