"""What an item or a response to it is refused for."""


class Refused(ValueError):
    """What somebody typed cannot be used; ``values`` are what ``text`` names."""

    def __init__(self, text: str, **values: str) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values


class NotAnItem(Refused):
    """A body that does not fit its kind."""


class UnreadableResponse(Refused):
    """A response that cannot belong to the item it was given for."""
