# SPDX-License-Identifier: ISC
"""The rig itself: a mail goes by SMTP through Postfix into Dovecot, unchanged."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers  # noqa: E402


class Rig(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        try:
            rig = servers.Servers(folder.name, ["ana@example.org", "platform@example.org"])
            rig.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(rig.stop)
        self.rig = rig

    def test_mail_arrives_as_sent(self):
        body = b"one\r\n.\r\n..two\r\n"
        mail = (b"From: ana@example.org\r\nTo: platform+task@example.org\r\n"
                b"Subject: dots\r\nMessage-ID: <dots@example.org>\r\n\r\n" + body)
        self.rig.submit("ana@example.org", "platform+task@example.org", mail)
        self.rig.settle()
        mails = self.rig.dovecot.mails("platform@example.org")
        self.assertEqual(len(mails), 1)
        self.assertTrue(mails[0].endswith(b"\r\n\r\n" + body))
        self.assertIn(b"Delivered-To: platform+task@example.org\r\n", mails[0])
