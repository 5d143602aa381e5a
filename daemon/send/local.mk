# Files of daemon/send.
libtidings_a_SOURCES += \
	daemon/send/worker.h daemon/send/worker.c daemon/send/send-conf.c \
	daemon/send/smtp.h daemon/send/smtp.c \
	daemon/send/track.h daemon/send/track.c \
	daemon/send/explain.h daemon/send/explain.c \
	daemon/send/http.h daemon/send/http.c \
	daemon/send/oauth.h daemon/send/oauth.c \
	daemon/send/oauth_worker.h daemon/send/oauth_worker.c \
	daemon/send/cert.h daemon/send/cert.c
