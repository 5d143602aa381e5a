# Files of daemon/conf.
libtidings_a_SOURCES +=
