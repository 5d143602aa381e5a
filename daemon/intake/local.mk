# Files of daemon/intake.
libtidings_a_SOURCES +=
