# Files of daemon/intake.
libtidings_a_SOURCES += \
	daemon/intake/intake.h daemon/intake/intake-private.h daemon/intake/intake.c \
	daemon/intake/intake_calendar.c \
	daemon/intake/copies.c \
	daemon/intake/admit.h daemon/intake/admit.c \
	daemon/intake/answer.h daemon/intake/answer.c \
	daemon/intake/apply.h daemon/intake/apply.c \
	daemon/intake/apply_base.c \
	daemon/intake/apply_decide.c \
	daemon/intake/apply_handover.c \
	daemon/intake/apply_item.c \
	daemon/intake/apply_member.c \
	daemon/intake/apply_page.c \
	daemon/intake/apply_people.c \
	daemon/intake/apply_place.c \
	daemon/intake/apply_remind.c \
	daemon/intake/apply_self.c \
	daemon/intake/apply_sheet.c \
	daemon/intake/apply_time.c \
	daemon/intake/apply_timer.c \
	daemon/intake/apply_undo.c \
	daemon/intake/apply_update.c \
	daemon/intake/aside.h daemon/intake/aside.c \
	daemon/intake/bounces.h daemon/intake/bounces.c \
	daemon/intake/confirm.c \
	daemon/intake/contact.h daemon/intake/contact.c \
	daemon/intake/decide.h daemon/intake/decide.c \
	daemon/intake/decide_calendar.h daemon/intake/decide_calendar.c \
	daemon/intake/form.h daemon/intake/form.c \
	daemon/intake/news.h daemon/intake/news.c \
	daemon/intake/logging.h \
	daemon/intake/place.h \
	daemon/intake/proof.h daemon/intake/proof.c \
	daemon/intake/sheet.h \
	daemon/intake/prose.h daemon/intake/prose.c \
	daemon/intake/undo.h \
	daemon/intake/undo_code.h daemon/intake/undo_code.c \
	daemon/intake/undo_right.c
