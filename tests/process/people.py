"""Run in the site's environment: so many people with a session each; prints the sessions."""

import sys

import django
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def main(count: int) -> None:
    django.setup()
    for number in range(count):
        user = get_user_model().objects.create(email=f"taker-{number}@baltwerk.example")
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        sys.stdout.write(f"{session.session_key}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
