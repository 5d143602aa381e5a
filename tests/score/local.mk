# Scores on data from outside: skipped where the data is not there.
check_PROGRAMS += tests/score/score-reply
TESTS += tests/score/score-reply
tests_score_score_reply_SOURCES = tests/score/score-reply.c
tests_score_score_reply_LDADD = $(PARSE_LIBS)
EXTRA_DIST += tests/score/reply-floor.txt tests/score/reply-notes.txt

# One table of all sets.
EXTRA_DIST += tests/score/score.py
score: tests/score/score-reply tests/score/read-time tests/unit/read-mail
	$(AM_TESTS_ENVIRONMENT) $(PYTHON3) $(srcdir)/tests/score/score.py
.PHONY: score
