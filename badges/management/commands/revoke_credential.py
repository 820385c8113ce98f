"""``manage.py revoke_credential CODE --reason TEXT``"""

from badges.actions.withdrawal import revoke
from badges.management.withdrawing import WithdrawalCommand


class Command(WithdrawalCommand):
    help = "Revoke a credential for good."
    act = staticmethod(revoke)
    status = "revoked"
