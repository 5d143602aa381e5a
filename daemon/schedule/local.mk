# Files of daemon/schedule.
libtidings_a_SOURCES +=
