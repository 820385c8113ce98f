"""Why nothing was done."""


class Refused(Exception):
    """A backup or a restore cannot be done; the message is one sentence or two for the operator."""
