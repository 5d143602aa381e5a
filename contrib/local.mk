# Files of contrib/.
EXTRA_DIST += \
	contrib/tidings.conf.example
