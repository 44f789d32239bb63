"""The PostgreSQL and Valkey of the quick start and the tests; nothing else knows of them.

`places` says where things lie, `children` starts and stops programs, `servers` knows the two,
`prepare` fills the database, `mailbox` takes the mails, `quick_start` and `trial` are the commands.
"""
