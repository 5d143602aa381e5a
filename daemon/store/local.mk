# Files of daemon/store.
libtidings_a_SOURCES += \
	daemon/store/db.h daemon/store/db.c \
	daemon/store/migrations.h daemon/store/migrations.c \
	daemon/store/absence.h \
	daemon/store/comment.h \
	daemon/store/entry.h \
	daemon/store/event.h \
	daemon/store/item.h \
	daemon/store/job.h \
	daemon/store/mailbox.h \
	daemon/store/meeting.h \
	daemon/store/message.h \
	daemon/store/outbox.h \
	daemon/store/person.h \
	daemon/store/quarantine.h \
	daemon/store/search.h \
	daemon/store/setting.h \
	daemon/store/status_update.h \
	daemon/store/team.h

EXTRA_DIST += daemon/store/schema-0001.sql
BUILT_SOURCES += daemon/store/schema-0001.inc
CLEANFILES += daemon/store/schema-0001.inc

# The schema as C text: one literal a line, comments and empty lines left out.
daemon/store/schema-0001.inc: daemon/store/schema-0001.sql
	@$(MKDIR_P) daemon/store
	$(AM_V_GEN)$(SED) -e 's/[ 	]*--.*//' -e '/^[ 	]*$$/d' -e 's/[\\"]/\\&/g' \
		-e 's/^/"/' -e 's/$$/\\n"/' $(srcdir)/daemon/store/schema-0001.sql >$@.new
	@mv $@.new $@
daemon/store/migrations.$(OBJEXT): daemon/store/schema-0001.inc
