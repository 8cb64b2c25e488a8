"""The benchmark: Weir and its peers on the same questions over the same events.

`__main__` reads the options, `run` is the protocol; `queries` says what is asked, `data` what it is asked of.
Deliberately absent: anything that knows how an engine stores or computes; each is asked through its front door.
"""
