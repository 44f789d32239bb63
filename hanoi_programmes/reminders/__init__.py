"""Telling the right person in time: the ledger of reminders, mails and notices."""
