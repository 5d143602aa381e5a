# Files of daemon/control.
libtidings_a_SOURCES += \
	daemon/control/answer.h daemon/control/answer.c \
	daemon/control/client.h daemon/control/client.c \
	daemon/control/server.h daemon/control/server.c

bin_PROGRAMS += tidings
tidings_SOURCES = daemon/control/tidings.c \
	daemon/control/tool.h daemon/control/tool.c daemon/control/tool_open.c \
	daemon/control/show.h daemon/control/show.c \
	daemon/control/people.h daemon/control/people.c \
	daemon/control/holidays.h daemon/control/holidays.c daemon/control/holidays_ics.c \
	daemon/control/read_apart.h daemon/control/read_apart.c \
	daemon/control/team_duty.h daemon/control/team_duty.c \
	daemon/control/workrules.h daemon/control/workrules.c \
	daemon/control/check.h daemon/control/cmd_check.c \
	daemon/control/provider.h daemon/control/provider.c \
	daemon/control/init.h daemon/control/init_write.c daemon/control/cmd_init.c \
	daemon/control/cmd_ask.c \
	daemon/control/cmd_clock.c \
	daemon/control/cmd_deliver.c \
	daemon/control/cmd_digest.c \
	daemon/control/cmd_log.c \
	daemon/control/oauth_browser.h daemon/control/oauth_browser.c daemon/control/cmd_oauth.c \
	daemon/control/cmd_once.c \
	daemon/control/cmd_outbox.c \
	daemon/control/cmd_parse.c \
	daemon/control/cmd_person.c \
	daemon/control/cmd_quarantine.c \
	daemon/control/cmd_status.c \
	daemon/control/cmd_team.c \
	daemon/control/cmd_when.c
tidings_LDADD = $(TIDINGS_LIBS)
