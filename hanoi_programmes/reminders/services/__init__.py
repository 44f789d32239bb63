"""The only writers of reminders: planning into the ledger, delivering from it, reading notices."""
