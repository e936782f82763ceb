"""The DingTalk stand-in and the real clients that the demo and the end-to-end tests drive.

In:    nothing of the product's code: the product is known only by its command line, its port and its printed JSON.
Out:   `python -m cerco.lab`, `python -m cerco.lab.server`, and the modules of this package.
Never: a connection to the real DingTalk, or a real person's number.
"""
