# Files of contrib/.
EXTRA_DIST += \
	contrib/tidings.conf.example \
	contrib/packages \
	contrib/install-missing \
	contrib/check \
	contrib/copy-source \
	contrib/quickstart \
	contrib/demo/day.py \
	contrib/demo/show.py \
	contrib/systemd/tidings.service.in \
	contrib/systemd/sysusers.conf

# The unit and the account, below the prefix (as a package would have them).
systemdunitdir = $(prefix)/lib/systemd/system
nodist_systemdunit_DATA = contrib/systemd/tidings.service
sysusersdir = $(prefix)/lib/sysusers.d
contrib/systemd/tidings.service: contrib/systemd/tidings.service.in Makefile
	$(put_paths) $(srcdir)/contrib/systemd/tidings.service.in >$@.tmp && mv $@.tmp $@
CLEANFILES += contrib/systemd/tidings.service
install-data-hook:
	$(MKDIR_P) '$(DESTDIR)$(sysusersdir)'
	$(INSTALL_DATA) $(srcdir)/contrib/systemd/sysusers.conf '$(DESTDIR)$(sysusersdir)/tidings.conf'
uninstall-hook:
	rm -f '$(DESTDIR)$(sysusersdir)/tidings.conf'

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = contrib/completions/tidings

# Public holidays by region, made by contrib/holidays/make.py.
holidaysdir = $(pkgdatadir)/holidays
dist_holidays_DATA = \
	contrib/holidays/at.ics contrib/holidays/be.ics contrib/holidays/de.ics \
	contrib/holidays/es.ics contrib/holidays/fr.ics contrib/holidays/gb-eng.ics \
	contrib/holidays/it.ics contrib/holidays/nl.ics contrib/holidays/pl.ics \
	contrib/holidays/pt.ics contrib/holidays/us.ics
EXTRA_DIST += contrib/holidays/make.py
