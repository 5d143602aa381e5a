# Files of daemon/model.
libtidings_a_SOURCES += \
	daemon/model/decision.h daemon/model/decision.c \
	daemon/model/duty.h daemon/model/duty.c \
	daemon/model/handover.h daemon/model/handover.c \
	daemon/model/hours.h daemon/model/hours.c \
	daemon/model/item.h daemon/model/item.c \
	daemon/model/person.h daemon/model/person.c \
	daemon/model/patch.h daemon/model/patch.c \
	daemon/model/retry.h daemon/model/retry.c \
	daemon/model/send_result.h \
	daemon/model/team.h daemon/model/team.c \
	daemon/model/token.h daemon/model/token.c \
	daemon/model/worktime.h daemon/model/worktime.c
