# Files of daemon/send.
libtidings_a_SOURCES += \
	daemon/send/worker.h daemon/send/send-conf.c \
	daemon/send/smtp.h
