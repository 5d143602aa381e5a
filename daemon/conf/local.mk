# Files of daemon/conf.
libtidings_a_SOURCES += \
	daemon/conf/conf.h daemon/conf/conf.c \
	daemon/conf/reader.h \
	daemon/conf/keys.h daemon/conf/keys.c \
	daemon/conf/nearest.h daemon/conf/nearest.c \
	daemon/conf/source.c \
	daemon/conf/value.c \
	daemon/conf/check.c \
	daemon/conf/oauth.c \
	daemon/conf/secret.c
