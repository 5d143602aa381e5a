# Files of daemon/control.
libtidings_a_SOURCES +=
