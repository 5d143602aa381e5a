# SPDX-License-Identifier: ISC
"""init by root: the configuration and the store belong to the daemon's account, not to root."""
import os
import pwd
import subprocess
import tempfile
import unittest

BUILD = os.environ.get("TD_BUILDDIR", ".")
ACCOUNT = "nobody"


class Account(unittest.TestCase):
    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("only root can give files to another account")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.folder = folder.name
        self.password = os.path.join(self.folder, "password")
        with open(self.password, "w", encoding="ascii") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write("secret\n")

    def init(self, *more):
        conf = os.path.join(self.folder, "etc", "tidings.conf")
        return conf, subprocess.run(
            [os.path.join(BUILD, "tidings"), "-c", conf, "init", "--yes", "--no-check",
             "--provider", "dovecot", "--imap-host", "localhost", "--smtp-host", "localhost",
             "--address", "platform@example.org", "--lead", "ana@example.org",
             "--lead-name", "Ana", "--password-file", self.password, "--zone", "UTC",
             "--store", os.path.join(self.folder, "var", "tidings.db"),
             "--run-dir", os.path.join(self.folder, "run"), *more],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)

    def test_files_belong_to_the_account(self):
        conf, done = self.init("--account", ACCOUNT)
        self.assertEqual(done.returncode, 0, done.stderr)
        uid = pwd.getpwnam(ACCOUNT).pw_uid
        for name in ("etc", "etc/tidings.conf", "var", "var/tidings.db", "run"):
            self.assertEqual(os.stat(os.path.join(self.folder, name)).st_uid, uid, name)
        # what was there before stays as it was
        self.assertEqual(os.stat(self.folder).st_uid, 0)
        self.assertEqual(os.stat(self.password).st_uid, 0)
        self.assertEqual(os.stat(conf).st_mode & 0o777, 0o600)
        with open(conf, encoding="utf-8") as f:
            self.assertIn(f'user = "{ACCOUNT}";', f.read())

    def test_unknown_account(self):
        conf, done = self.init("--account", "nobody-of-that-name")
        self.assertEqual(done.returncode, 1)
        self.assertIn("useradd --system", done.stderr)
        self.assertFalse(os.path.exists(conf))


if __name__ == "__main__":
    unittest.main()
