# Files of doc/.
dist_man_MANS += doc/tidings.1

# Pages that name a path say it as it was configured.
nodist_man_MANS += doc/tidings.conf.5 doc/tidingsd.8
EXTRA_DIST += doc/tidings.conf.5.in doc/tidingsd.8.in
CLEANFILES += $(nodist_man_MANS)
put_paths = $(AM_V_GEN)$(MKDIR_P) $(@D) && \
	sed -e 's|[@]sbindir[@]|$(sbindir)|g' -e 's|[@]sysconfdir[@]|$(sysconfdir)|g'
doc/tidings.conf.5: doc/tidings.conf.5.in Makefile
	$(put_paths) $(srcdir)/doc/tidings.conf.5.in >$@.tmp && mv $@.tmp $@
doc/tidingsd.8: doc/tidingsd.8.in Makefile
	$(put_paths) $(srcdir)/doc/tidingsd.8.in >$@.tmp && mv $@.tmp $@

EXTRA_DIST += doc/architecture.md doc/mail-out.md doc/speed.md

# The list of commands in tidings-commands(7) is what doc/verb-man prints; test-verb compares.
dist_man_MANS += doc/tidings-commands.7
check_PROGRAMS += doc/verb-man
doc_verb_man_SOURCES = doc/verb-man.c
doc_verb_man_LDADD = $(PARSE_LIBS)
