# Files of daemon/fetch.
libtidings_a_SOURCES += \
	daemon/fetch/worker.h daemon/fetch/worker-private.h daemon/fetch/worker.c \
	daemon/fetch/serve.c daemon/fetch/lanes.c daemon/fetch/mbox.c daemon/fetch/post.c \
	daemon/fetch/fetch-conf.c \
	daemon/fetch/token.h daemon/fetch/token.c \
	daemon/fetch/cursor.h daemon/fetch/cursor.c \
	daemon/fetch/utf7.h daemon/fetch/utf7.c \
	daemon/fetch/guard.h daemon/fetch/guard.c \
	daemon/fetch/tls.h daemon/fetch/tls-private.h daemon/fetch/tls.c \
	daemon/fetch/lookup.c daemon/fetch/lookup.h daemon/fetch/tls-dial.c daemon/fetch/tls-verify.c \
	daemon/fetch/maildir.h daemon/fetch/maildir-private.h daemon/fetch/maildir.c \
	daemon/fetch/maildir-list.c \
	daemon/fetch/maildir-name.h daemon/fetch/maildir-name.c \
	daemon/fetch/source.h daemon/fetch/imap.h daemon/fetch/imap-private.h \
	daemon/fetch/imap.c daemon/fetch/imap-session.c daemon/fetch/imap-login.c daemon/fetch/imap-oauth.c \
	daemon/fetch/imap-scan.c daemon/fetch/imap-search.c daemon/fetch/imap-parts.c daemon/fetch/imap-fetch.c \
	daemon/fetch/imap-idle.c \
	daemon/fetch/imap-stream.c daemon/fetch/imap-ack.c daemon/fetch/imap-can.c
