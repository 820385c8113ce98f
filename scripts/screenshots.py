"""Take the pictures of the README and the guides from a running site with its sample programme.

    make run PORT=8070                      (in another terminal; LMS_DATA_DIR for a folder apart)
    .venv/bin/python scripts/screenshots.py --base http://localhost:8070 --password laurel-…

The engineer of the sample takes a test and passes it, with the right answers read from samples/, so
use a site whose data may change. Run it again and it shows what she passed the first time.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import yaml
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
TRAINING = "backup-and-recovery"
ENGINEER, MANAGER = "ana@baltwerk.example", "bo@baltwerk.example"
EDITOR, CHANNEL = "dee@halden.example", "eli@halden.example"
LARGEST = 150_000  # bytes of one picture

Scheme = Literal["light", "dark"]


class Photographer:
    """A browser, the site, and where pictures go."""

    def __init__(self, browser: Browser, base: str, password: str) -> None:
        self.browser, self.base, self.password = browser, base.rstrip("/"), password

    @contextmanager
    def signed_in(
        self, email: str, width: int = 1280, height: int = 800, scheme: Scheme = "light"
    ) -> Iterator[Page]:
        """Give a page of its own, signed in, in English."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB"
        )
        page = context.new_page()
        self.open(page, "/account/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", self.password)
        page.click("main button[class*=primary]")
        page.wait_for_load_state()
        if "/account/login" in page.url:
            sys.exit(f"{email} could not sign in; is the password the one that make run printed?")
        yield page
        context.close()

    def open(self, page: Page, path: str) -> None:
        response = page.goto(self.base + path, wait_until="networkidle")
        if response is None or response.status >= 400:
            sys.exit(f"{path} answered {response.status if response else 'nothing'}")

    def take(self, page: Page, name: str, height: int | None = None) -> None:
        """Keep what the window shows, or the page's first ``height`` pixels."""
        page.evaluate("document.activeElement?.blur()")
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)
        width = page.evaluate("document.documentElement.clientWidth")
        whole = page.evaluate("document.documentElement.scrollHeight")
        if height:
            clip: Any = {"x": 0, "y": 0, "width": width, "height": min(height, whole)}
            shot = page.screenshot(full_page=True, clip=clip)
        else:
            shot = page.screenshot()
        _keep(name, shot)


def _keep(name: str, shot: bytes) -> None:
    """Write a picture with as many colours as fit into the size one may have."""
    with Image.open(io.BytesIO(shot)) as raw:
        picture = raw.convert("RGB")
    for colours in (256, 128, 64, 32):
        packed = io.BytesIO()
        few = picture.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(packed, "PNG", optimize=True)
        if packed.tell() < LARGEST:
            break
    path = IMAGES / f"{name}.png"
    path.write_bytes(packed.getvalue())
    print(f"{path.relative_to(ROOT)}  {picture.width} × {picture.height}, {packed.tell()} bytes")


def photograph_training(photographer: Photographer) -> None:
    """Catalogue and lesson as the engineer sees them, then the test and what it earns."""
    with photographer.signed_in(ENGINEER) as page:
        photographer.open(page, "/en/trainings/")
        photographer.take(page, "catalogue")
        photographer.open(page, f"/en/trainings/{TRAINING}/wal-and-checkpoints/")
        photographer.take(page, "lesson")
        photographer.open(page, f"/en/trainings/{TRAINING}/")
        passed = page.locator("#test-title ~ a[href*='/result/']")
        if passed.count():
            passed.first.click()
        else:
            _sit_test(photographer, page)
        certificate = "main a[href*='/c/']"
        page.wait_for_selector(certificate, timeout=20_000)
        photographer.take(page, "result")
        page.click(certificate)
        page.wait_for_load_state("networkidle")
        _show_name(page)
        photographer.take(page, "credential", height=870)
        _keep("share", page.locator("section:has(> p > img.lms-strip)").screenshot())


def _sit_test(photographer: Photographer, page: Page) -> None:
    keys = _read_keys()
    photographer.open(page, f"/tests/{TRAINING}/")
    page.click("main button[class*=primary], main .lms-actions a")
    page.wait_for_load_state()
    taken = False
    while "/review/" not in page.url:
        choices = page.locator("input[name=answer][value]:not(#answer)")
        key = keys[_bare(page.inner_text("#stem"))]
        if choices.count():
            for letter in key:
                page.check(f"input[name=answer][value={letter}]")
            if not taken and len(key) == 1:
                page.wait_for_timeout(900)  # the answer is saved as it is given
                photographer.take(page, "test")
                taken = True
        else:
            page.fill("#answer", key[0])
        _go_on(page)
    _go_on(page)


def _go_on(page: Page) -> None:
    """Answers on their way are sent first, so the next page takes its time."""
    with page.expect_navigation():
        page.click("main button[class*=primary]")
    page.wait_for_load_state()


def _read_keys() -> dict[str, list[str]]:
    """Return the right answers of the sample's bank by the bare letters of the question."""
    text = (ROOT / "samples/halden/trainings" / TRAINING / "items.yaml").read_text("utf-8")
    keys = {}
    for item in yaml.safe_load(text):
        key = item["key"] if isinstance(item["key"], list) else [item["key"]]
        keys[_bare(item["stem"])] = [str(part) for part in key]
    return keys


def _bare(text: str) -> str:
    fences = re.sub(r"```\w*", "", text)
    return re.sub(r"[^a-z0-9]", "", fences.lower())


def _show_name(page: Page) -> None:
    """Let the holder publish the name, once."""
    if page.locator("[name=show_name]:checked").count():
        return
    for name in ("show_name", "show_company", "show_date"):
        page.check(f"[name={name}]")
    page.click("form[action*='/consent'] button, aside form button")
    page.wait_for_load_state("networkidle")


def photograph_strips(photographer: Photographer) -> None:
    """The four states of the signature picture, side by side on white and on near black."""
    wanted = {
        "valid": "state=valid&ordering=-valid_until",
        "expires soon": "state=valid&ordering=valid_until",
        "expired": "state=expired",
        "withdrawn": "state=revoked",
    }
    with photographer.signed_in(CHANNEL) as page:
        codes = [_first_code(photographer, page, query) for query in wanted.values()]
        rows = "".join(
            f'<img src="{photographer.base}/s/{code}.png" width="300" height="80" alt="">'
            for code in codes
            if code
        )
        grounds = "".join(
            f'<div style="background:{ground};padding:24px;display:grid;gap:16px;'
            f'grid-template-columns:300px 300px">{rows}</div>'
            for ground in ("#ffffff", "#17191d")
        )
        page.set_viewport_size({"width": 664, "height": 448})
        page.set_content(f'<body style="margin:0">{grounds}</body>', wait_until="networkidle")
        photographer.take(page, "strips")


def _first_code(photographer: Photographer, page: Page, query: str) -> str:
    photographer.open(page, f"/admin/badges/credentials/?{query}")
    cell = page.locator("table.listing tbody tr td.title, table.listing tbody tr td").first
    found = re.search(r"\b[0-9a-z]{17}\b", cell.inner_text() if cell.count() else "")
    return found[0] if found else ""


def photograph_company(photographer: Photographer) -> None:
    """The company's status, on a desk by day and on a phone by night."""
    with photographer.signed_in(MANAGER) as page:
        photographer.open(page, "/my/company/")
        photographer.take(page, "company", height=1240)
    with photographer.signed_in(MANAGER, 360, 740, "dark") as page:
        photographer.open(page, "/my/company/")
        photographer.take(page, "company-phone", height=1100)


def photograph_admin(photographer: Photographer) -> None:
    """What the editor and the channel manager work with."""
    with photographer.signed_in(EDITOR, height=860) as page:
        photographer.open(page, "/admin/lms_tests/")
        page.locator("table.listing tbody a").first.click()
        page.wait_for_load_state("networkidle")
        photographer.take(page, "editor-test")
    with photographer.signed_in(CHANNEL, height=620) as page:
        photographer.open(page, "/admin/lms_partner/?q=Baltwerk")
        company = page.locator("main a[href*='/admin/lms_partner/edit/']").first
        address = str(company.get_attribute("href"))
        photographer.open(page, address.replace("/edit/", "/inspect/"))
        page.set_viewport_size({"width": 1280, "height": 1080})  # the admin scrolls inside itself
        photographer.take(page, "decision")
        page.set_viewport_size({"width": 1280, "height": 620})
        code = _first_code(photographer, page, "state=valid&ordering=-valid_until")
        page.click(f"text={code}")
        page.wait_for_load_state("networkidle")
        photographer.open(page, re.sub(r"inspect/(\d+)", r"revoke/\1", _path(page.url)))
        photographer.take(page, "revoke")


def photograph_design(photographer: Photographer) -> None:
    """A design of certificates while it is edited; nothing is saved."""
    with photographer.signed_in(EDITOR, width=1440, height=900) as page:
        photographer.open(page, "/admin/badges/designs/add/")
        page.fill("[name=name]", "House design")
        page.fill("[name=accent]", "#0b6b4f")
        page.select_option("[name=frame]", "band")
        page.click("[aria-label='Toggle preview']")
        page.wait_for_timeout(3000)  # the preview follows half a second after the last change
        photographer.take(page, "design")


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def main() -> None:
    """Read the command line and take every picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--base", required=True, help="where the site listens")
    parser.add_argument("--password", required=True, help="the one make run printed")
    arguments = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        photographer = Photographer(browser, arguments.base, arguments.password)
        for photograph in (
            photograph_training,
            photograph_strips,
            photograph_company,
            photograph_admin,
            photograph_design,
        ):
            photograph(photographer)
        browser.close()


if __name__ == "__main__":
    main()
