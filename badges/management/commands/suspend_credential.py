"""``manage.py suspend_credential CODE --reason TEXT``"""

from badges.actions.withdrawal import suspend
from badges.management.withdrawing import WithdrawalCommand


class Command(WithdrawalCommand):
    help = "Suspend a credential until it is reinstated."
    act = staticmethod(suspend)
    status = "suspended"
