# Files of daemon/compose: outgoing mail.
libtidings_a_SOURCES += \
	daemon/compose/answer.c \
	daemon/compose/callmail.c \
	daemon/compose/compose.h \
	daemon/compose/digestmail.c \
	daemon/compose/draft.h daemon/compose/draft.c \
	daemon/compose/gather.h daemon/compose/gather-private.h \
	daemon/compose/gather.c daemon/compose/gather-decision.c \
	daemon/compose/gather-duty.c daemon/compose/gather-team.c \
	daemon/compose/gather-week.c \
	daemon/compose/ics.h daemon/compose/ics.c \
	daemon/compose/invite.c \
	daemon/compose/itemmail.c \
	daemon/compose/reply_token.h daemon/compose/reply_token.c \
	daemon/compose/layout.h daemon/compose/layout.c \
	daemon/compose/locale.h daemon/compose/locale.c \
	daemon/compose/mailbuild.h daemon/compose/mailbuild.c \
	daemon/compose/mailenc.h daemon/compose/mailenc.c \
	daemon/compose/mailto.h daemon/compose/mailto.c \
	daemon/compose/mustache.h daemon/compose/mustache.c \
	daemon/compose/need.h daemon/compose/need.c \
	daemon/compose/notice.c \
	daemon/compose/promptmail.c daemon/compose/gather-prompt.c \
	daemon/compose/query.h daemon/compose/query-private.h daemon/compose/query.c \
	daemon/compose/query-item.c daemon/compose/query-people.c daemon/compose/query-self.c \
	daemon/compose/say.h daemon/compose/say.c \
	daemon/compose/templates.h daemon/compose/templates.c \
	daemon/compose/timemail.c \
	daemon/compose/value.h daemon/compose/value.c \
	daemon/compose/vtimezone.h daemon/compose/vtimezone.c
