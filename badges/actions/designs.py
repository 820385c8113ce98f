"""How certificates look from now on."""

from dataclasses import asdict

from django.db import transaction

from badges.models import Artwork, CertificateDesign
from badges.queries.designs import list_looks


@transaction.atomic
def freeze_design(design: CertificateDesign) -> None:
    """Write what certificates issued from now on freeze of a design, with its pictures.

    Call it whenever a design, its words or its signatories were saved; twice changes nothing.
    ``NotArtwork`` if a picture cannot be printed. What was issued keeps what it froze.
    """
    printed, pictures = {}, {}
    for language, look, artwork in list_looks(design):
        printed[language] = asdict(look)
        pictures.update(artwork)
    rows = [Artwork(name=name, svg=svg) for name, svg in pictures.items()]
    Artwork.objects.bulk_create(rows, ignore_conflicts=True)
    CertificateDesign.objects.filter(pk=design.pk).update(printed=printed)
