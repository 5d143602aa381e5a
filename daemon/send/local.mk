# Files of daemon/send.
libtidings_a_SOURCES += \
	daemon/send/worker.h daemon/send/worker.c daemon/send/send-conf.c \
	daemon/send/smtp.h daemon/send/smtp.c \
	daemon/send/track.h daemon/send/track.c \
	daemon/send/explain.h daemon/send/explain.c \
	daemon/send/cert.h daemon/send/cert.c
