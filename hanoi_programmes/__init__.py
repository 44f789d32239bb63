"""Follows how Hanoi's action programmes are carried out, from the resolution to the ward.

Start here; arrows point down only:

    api                             the calendar feed; a read API (to come)
    reminders | reports | intake    mails, notices; figures, charts, PDF; spreadsheets (to come)
    programmes                      resolutions, programmes, tasks, progress, evidence, events
    people                          axes, areas, units, posts, users, the calendar
    ui                              HTTP and display helpers; knows no domain
    lib                             plain Python; knows nothing

The root wires it: settings, urls, celery, schedule. `embedded` runs the quick start's servers.
"""
