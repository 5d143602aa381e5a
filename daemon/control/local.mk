# Files of daemon/control.
libtidings_a_SOURCES += \
	daemon/control/answer.h daemon/control/answer.c \
	daemon/control/client.h daemon/control/client.c \
	daemon/control/server.h daemon/control/server.c
