"""Who issues, and by which keys."""

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from badges.domain.keys import ALGORITHMS, PublicKey
from badges.domain.ledger import KeyTold


class IssuerProfile(models.Model):
    """The one issuer of this site. Editions keep a copy as it was when they were signed."""

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=200)
    url = models.CharField(
        _("website"), max_length=200, validators=[URLValidator(["https", "http"])]
    )
    email = models.EmailField(_("e-mail address"))
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("issuer")
        verbose_name_plural = _("issuer")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="lms_badges_one_issuer"),
        ]

    def __str__(self) -> str:
        return self.name


class SigningKey(models.Model):
    """The public part of a key; the private part lies in the key store.

    The newest key of an algorithm whose ``signs_from`` has come signs; the others are published
    for as long as somebody may hold what they signed.
    """

    kid = models.CharField(max_length=80, unique=True)  # Ed25519: z6Mk…, the key itself; rsa-1
    algorithm = models.CharField(max_length=10, choices=[(name, name) for name in ALGORITHMS])
    number = models.PositiveSmallIntegerField()
    pem = models.TextField()
    certificate = models.TextField(blank=True)  # PEM of whom PDFs are signed by; RSA alone
    created_at = models.DateTimeField()
    signs_from = models.DateTimeField()
    # Known by the ledger alone after a restore, its private part gone: published, signs nothing.
    verifies_only = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["algorithm", "-number"]
        constraints = [
            # Two first starts at once make one key: the loser's insert is refused.
            models.UniqueConstraint(
                fields=["algorithm", "number"], name="lms_badges_keys_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return self.kid

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.kid, self.algorithm, self.pem)

    @property
    def told(self) -> KeyTold:
        return KeyTold(
            kid=self.kid,
            algorithm=self.algorithm,
            number=self.number,
            pem=self.pem,
            certificate=self.certificate,
            created_at=self.created_at,
            signs_from=self.signs_from,
        )
