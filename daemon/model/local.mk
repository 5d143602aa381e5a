# Files of daemon/model.
libtidings_a_SOURCES += \
	daemon/model/item.h \
	daemon/model/person.h \
	daemon/model/retry.h daemon/model/retry.c \
	daemon/model/team.h daemon/model/team.c

libtidings_a_SOURCES += daemon/model/send_result.h
