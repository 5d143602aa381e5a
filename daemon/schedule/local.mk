# Files of daemon/schedule.
libtidings_a_SOURCES += \
	daemon/schedule/due.h daemon/schedule/due.c \
	daemon/schedule/jobs.h daemon/schedule/jobs-private.h \
	daemon/schedule/jobs.c daemon/schedule/jobs-digest.c \
	daemon/schedule/jobs-handover.c daemon/schedule/jobs-invite.c \
	daemon/schedule/jobs-leftout.c daemon/schedule/jobs-notice.c \
	daemon/schedule/jobs-login.c \
	daemon/schedule/jobs-page.c \
	daemon/schedule/jobs-prompt.c \
	daemon/schedule/jobs-quarantine.c \
	daemon/schedule/jobs-remind.c \
	daemon/schedule/jobs-time.c \
	daemon/schedule/jobs-role.c daemon/schedule/jobs-welcome.c
