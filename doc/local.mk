# Files of doc/.
dist_man_MANS += \
	doc/tidings.1 \
	doc/tidings.conf.5 \
	doc/tidingsd.8

EXTRA_DIST += doc/architecture.md doc/mail-out.md

# The list of commands in tidings-commands(7) is what doc/verb-man prints; test-verb compares.
dist_man_MANS += doc/tidings-commands.7
check_PROGRAMS += doc/verb-man
doc_verb_man_SOURCES = doc/verb-man.c
doc_verb_man_LDADD = $(PARSE_LIBS)
