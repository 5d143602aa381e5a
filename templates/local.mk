# Files of templates/: built in as C strings; a folder of the user may replace each.
TEMPLATES = \
	templates/ack.txt.mustache \
	templates/bar.html.mustache \
	templates/call.html.mustache \
	templates/call.txt.mustache \
	templates/confirm.txt.mustache \
	templates/digest.html.mustache \
	templates/digest.txt.mustache \
	templates/foot.html.mustache \
	templates/footer.txt.mustache \
	templates/head.html.mustache \
	templates/invite.html.mustache \
	templates/invite.txt.mustache \
	templates/item.html.mustache \
	templates/item.txt.mustache \
	templates/locale.en \
	templates/notice.txt.mustache \
	templates/prompt.html.mustache \
	templates/prompt.txt.mustache \
	templates/quarantine.txt.mustache \
	templates/time.html.mustache \
	templates/time.txt.mustache \
	templates/transcript.txt.mustache
EXTRA_DIST += $(TEMPLATES) templates/embed.sh
libtidings_a_SOURCES += templates/embedded.h
nodist_libtidings_a_SOURCES = templates/embedded.c
CLEANFILES += templates/embedded.c

templates/embedded.c: $(TEMPLATES) templates/embed.sh
	$(AM_V_GEN)$(MKDIR_P) templates && cd $(srcdir) && \
		/bin/sh templates/embed.sh $(TEMPLATES) > $(abs_builddir)/templates/embedded.tmp && \
		mv $(abs_builddir)/templates/embedded.tmp $(abs_builddir)/templates/embedded.c
