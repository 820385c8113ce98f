"""``manage.py reinstate_credential CODE --reason TEXT``"""

from badges.actions.withdrawal import reinstate
from badges.management.withdrawing import WithdrawalCommand


class Command(WithdrawalCommand):
    help = "End the suspension of a credential."
    act = staticmethod(reinstate)
    status = "reinstated"
