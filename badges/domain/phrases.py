"""The words on certificates and pictures, in the credential's own language.

They are part of what is issued, so they stand here and not in a message catalogue: a translation
update must not change what a certificate says. The certificate confirms a passed test, nothing
else, and never states hours.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Words:
    """Everything a certificate or a picture says in one language."""

    certificate: str
    confirms: str
    badge: str
    badge_confirms: str
    quoted: str
    holder: str
    unnamed: str
    issued_by: str
    passed_on: str
    valid_to: str
    open_ended: str
    number: str
    check: str
    valid: str
    valid_until: str
    expiring: str
    expired: str
    revoked: str
    suspended: str
    superseded: str
    erased: str
    levels: dict[str, str]
    not_yet: str
    code_label: str
    qr: str
    signature: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    dated: str

    def long_date(self, day: date) -> str:
        """Write a date in full."""
        return self.dated.format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def kind(self, kind: str) -> str:
        """Say what a document of this ``achievementType`` is."""
        return self.badge if kind == "Badge" else self.certificate

    def statement(self, kind: str, title: str) -> str:
        """Say in a sentence what a document is and what it confirms."""
        confirms = self.badge_confirms if kind == "Badge" else self.confirms
        return f"{self.kind(kind)} {self.quoted.format(title)} {confirms}."

    def level(self, level: str) -> str:
        """Write a level; empty for none."""
        return self.levels.get(level, "")

    def short_date(self, day: date) -> str:
        """Write a date for narrow places."""
        return f"{day.day} {self.short_months[day.month - 1]} {day.year}"


_ENGLISH = Words(
    certificate="Certificate",
    confirms="confirms that the certification test was passed",
    badge="Badge",
    badge_confirms="confirms an achievement",
    quoted="“{}”",
    holder="Holder of the certificate",
    unnamed="The holder has not published the name",
    issued_by="Issued by",
    passed_on="Passed on",
    valid_to="Valid to",
    open_ended="no end date",
    number="Code",
    check="Check",
    valid="Valid",
    valid_until="Valid to {date}",
    expiring="Expires on {date}",
    expired="Expired on {date}",
    revoked="Withdrawn, not valid",
    suspended="Suspended, not valid now",
    superseded="Replaced by a newer edition",
    erased="No longer on record",
    levels={"basic": "Basic", "professional": "Professional", "expert": "Expert"},
    not_yet="Valid from {date}",
    code_label="Check this certificate",
    qr="QR code with the address where this certificate can be checked",
    signature="Signature",
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    short_months=(
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ),
    dated="{day} {month} {year}",
)  # fmt: skip

_RUSSIAN = Words(
    certificate="Сертификат",
    confirms="подтверждает успешную сдачу сертификационного теста",
    badge="Знак",
    badge_confirms="подтверждает достижение",
    quoted="«{}»",
    holder="Владелец сертификата",
    unnamed="Владелец не открыл своё имя",
    issued_by="Выдан",
    passed_on="Тест сдан",
    valid_to="Действителен до",
    open_ended="без срока",
    number="Код",
    check="Проверка",
    valid="Действителен",
    valid_until="Действителен до {date}",
    expiring="Истекает {date}",
    expired="Истёк {date}",
    revoked="Отозван, не действует",
    suspended="Приостановлен, сейчас не действует",
    superseded="Заменён новой редакцией",
    erased="Больше не хранится",
    levels={"basic": "Базовый", "professional": "Профессиональный", "expert": "Экспертный"},
    not_yet="Действителен с {date}",
    code_label="Проверить сертификат",
    qr="QR-код с адресом, по которому можно проверить сертификат",
    signature="Подпись",
    months=(
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    short_months=(
        "янв.", "фев.", "мар.", "апр.", "мая", "июн.",
        "июл.", "авг.", "сен.", "окт.", "ноя.", "дек.",
    ),
    dated="{day} {month} {year} г.",
)  # fmt: skip

_POLISH = Words(
    certificate="Certyfikat",
    confirms="potwierdza zdanie testu certyfikacyjnego",
    badge="Odznaka",
    badge_confirms="potwierdza osiągnięcie",
    quoted="„{}”",
    holder="Posiadacz certyfikatu",
    unnamed="Posiadacz nie ujawnił imienia i nazwiska",
    issued_by="Wydawca",
    passed_on="Test zdany",
    valid_to="Ważny do",
    open_ended="bezterminowo",
    number="Kod",
    check="Sprawdź",
    valid="Ważny",
    valid_until="Ważny do {date}",
    expiring="Wygasa {date}",
    expired="Wygasł {date}",
    revoked="Wycofany, nieważny",
    suspended="Zawieszony, obecnie nieważny",
    superseded="Zastąpiony nowszym wydaniem",
    erased="Nie ma go już w rejestrze",
    levels={"basic": "Podstawowy", "professional": "Profesjonalny", "expert": "Ekspercki"},
    not_yet="Ważny od {date}",
    code_label="Sprawdź certyfikat",
    qr="Kod QR z adresem, pod którym można sprawdzić certyfikat",
    signature="Podpis",
    months=(
        "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
        "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
    ),
    short_months=(
        "sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru",
    ),
    dated="{day} {month} {year}",
)  # fmt: skip

WORDS = {"en": _ENGLISH, "ru": _RUSSIAN, "pl": _POLISH}


def words_in(language: str) -> Words:
    """Return the words of a language, or the English ones where a language has none yet."""
    return WORDS.get(language.split("-")[0], _ENGLISH)
