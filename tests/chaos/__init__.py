"""What the chaos tests and the long bench share: readers, workers that are killed, a count.

`nest` raises workers quickly, `controls` takes one protection away from them, `crew` kills and
replaces them, `town` has people to be reminded, `count` says what was lost and what was doubled.
"""
