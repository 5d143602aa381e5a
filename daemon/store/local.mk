# Files of daemon/store.
libtidings_a_SOURCES += \
	daemon/store/db.h daemon/store/db-private.h daemon/store/db.c daemon/store/db_call.c \
	daemon/store/db_look.c \
	daemon/store/migrations.h daemon/store/migrations.c \
	daemon/store/absence.h daemon/store/absence.c \
	daemon/store/comment.h daemon/store/comment.c \
	daemon/store/entry.h daemon/store/entry.c \
	daemon/store/erase.h daemon/store/erase.c \
	daemon/store/event.h daemon/store/event.c \
	daemon/store/handover.h daemon/store/handover.c \
	daemon/store/role_news.h daemon/store/role_news.c \
	daemon/store/holiday.h daemon/store/holiday.c \
	daemon/store/item.h daemon/store/item.c \
	daemon/store/job.h daemon/store/job.c \
	daemon/store/mailbox.h daemon/store/mailbox.c \
	daemon/store/mailbox_file.h daemon/store/mailbox_file.c \
	daemon/store/meeting.h daemon/store/meeting.c \
	daemon/store/message.h daemon/store/message.c \
	daemon/store/news.h daemon/store/news.c \
	daemon/store/oncall.h daemon/store/oncall.c \
	daemon/store/oauth_token.h daemon/store/oauth_token.c \
	daemon/store/outbox.h daemon/store/outbox.c \
	daemon/store/page.h daemon/store/page.c \
	daemon/store/person.h daemon/store/person.c \
	daemon/store/plan.h daemon/store/plan.c \
	daemon/store/reminder.h daemon/store/reminder.c \
	daemon/store/quarantine.h daemon/store/quarantine.c \
	daemon/store/search.h daemon/store/search.c \
	daemon/store/setting.h daemon/store/setting.c \
	daemon/store/status_update.h daemon/store/status_update.c \
	daemon/store/team.h daemon/store/team.c \
	daemon/store/sheet.h daemon/store/sheet.c \
	daemon/store/token_key.h daemon/store/token_key.c \
	daemon/store/vote.h daemon/store/vote.c \
	daemon/store/workrule.h daemon/store/workrule.c

# A step is never edited after a release: a change is the next file.
SCHEMA = daemon/store/schema-0001 daemon/store/schema-0002 daemon/store/schema-0003 \
	daemon/store/schema-0004 daemon/store/schema-0005 \
	daemon/store/schema-0006 daemon/store/schema-0007 \
	daemon/store/schema-0008 daemon/store/schema-0009 \
	daemon/store/schema-0010 daemon/store/schema-0011
EXTRA_DIST += $(SCHEMA:=.sql) doc/store.md
BUILT_SOURCES += $(SCHEMA:=.inc)
CLEANFILES += $(SCHEMA:=.inc)

# A schema as C text: one literal a line, comments and empty lines left out.
.sql.inc:
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)$(SED) -e 's/[ 	]*--.*//' -e '/^[ 	]*$$/d' -e 's/[\\"]/\\&/g' \
		-e 's/^/"/' -e 's/$$/\\n"/' $< >$@.new
	@mv $@.new $@
daemon/store/migrations.$(OBJEXT): $(SCHEMA:=.inc)
