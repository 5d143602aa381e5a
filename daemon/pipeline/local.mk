# Files of daemon/pipeline.
libtidings_a_SOURCES += \
	daemon/pipeline/pipeline.h daemon/pipeline/pipeline.c \
	daemon/pipeline/private.h \
	daemon/pipeline/people.c \
	daemon/pipeline/boxes.c \
	daemon/pipeline/known.c \
	daemon/pipeline/secrets.c \
	daemon/pipeline/tokens.c \
	daemon/pipeline/maildir.c \
	daemon/pipeline/mails.c \
	daemon/pipeline/order.c \
	daemon/pipeline/slots.c \
	daemon/pipeline/group.c \
	daemon/pipeline/out.c \
	daemon/pipeline/disk.c
