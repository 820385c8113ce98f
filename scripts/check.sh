#!/bin/sh
# What must hold before tests are worth running: format, lint, types, contracts, migrations.
set -eu
bin=.venv/bin
$bin/ruff format --check -q .
$bin/ruff check -q .
$bin/mypy lms courses badges partners scripts tests bench
$bin/lint-imports
git ls-files '*.html' | xargs $bin/djade --target-version 5.2 --check
DJANGO_SETTINGS_MODULE=lms.settings.test $bin/python manage.py makemigrations --check --dry-run
$bin/python scripts/messages.py check
