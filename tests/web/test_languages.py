"""The page in other languages: right to left, with long words, with other units; and what the hub sends of it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from clients.web.packages import HERE
from hub.core.reports.tables import REPORTS
from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.web.conftest import OpenScreen
from tests.web.guarded import serious
from tests.web.screens import Screen

NEVER_DROVE = "the server responded with a status of 404"
"""What Chromium writes on the console where a driver has no trips."""

LOCALES = HERE / "locales"
WIDTHS = (1280, 390)


def settle(screen: Screen) -> None:
    """Wait until the page has been loaded in its language."""
    screen.ready()
    screen.page.locator(".row").first.wait_for()


def choose(screen: Screen, **chosen: str) -> None:
    """Choose in the dialog by the place of the fields, whatever their language; the page is loaded again."""
    page = screen.page
    page.locator("#settings").click()
    fields = page.locator(".dialog select")
    for place, name in enumerate(("language", "units", "clock", "week")):
        if name in chosen:
            fields.nth(place).select_option(chosen[name])
    page.evaluate("() => { globalThis.before = true; }")
    page.locator(".dialog button[type=submit]").click()
    screen.wait("() => globalThis.before === undefined && document.readyState === 'complete'")
    settle(screen)


def overflowing(screen: Screen) -> list[str]:
    """Buttons, headings and labels that are wider than their place; and the page, if it scrolls sideways."""
    found: list[str] = screen.page.evaluate(
        """() => {
            const scrolled = ".figures-scroll, .table-frame, .maplibregl-ctrl, .unseen, .entries";
            const wide = [...document.querySelectorAll("button, h1, h2, h3, label, .badge, dt, dd, nav a")].filter(
                (each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1
                    && getComputedStyle(each).display !== "inline" && !each.closest(scrolled),
            );
            const page = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
            return [...page, ...wide.map((each) => `${each.tagName} ${each.textContent.trim().slice(0, 40)}`)];
        }"""
    )
    return found


VIEWS = ("#/", "#/drivers/lang-1", "#/analytics", "#/reports/trips", "#/manage", "#/system")


NAVIGATE = """async (address) => {
    if (location.hash === address) return;
    const shown = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
    hub.navigate(address);
    await shown;
}"""
"""Done when the view, or that it is being loaded, is shown."""

LOADED = "word => ['page', 'panel'].every((id) => !document.getElementById(id).textContent.includes(word))"


def looked_at(screen: Screen, language: str, *, axe: bool) -> dict[str, object]:
    """What is wrong with each view at both widths."""
    page = screen.page
    wrong: dict[str, object] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 780})
        for view in VIEWS:
            page.evaluate(NAVIGATE, view)
            screen.wait(LOADED, messages(language, "ui")["loading"])
            found = [*overflowing(screen), *(serious(screen) if axe else [])]
            if found:
                wrong[f"{width} {view}"] = found
    page.evaluate("() => hub.navigate('#/')")
    return wrong


@pytest.mark.thorough
def test_a_chosen_language_turns_the_page_and_stays(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "lang-1", "latitude": 25.0, "longitude": 55.0, "speed": 25, "heading": 90})
    screen = open_screen(hub)
    screen.forgiven.append(NEVER_DROVE)
    settle(screen)
    page = screen.page
    row = page.locator(".row", has_text="lang-1")
    expect(row).to_contain_text("90 km/h")

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(".ftl") else None)
    choose(screen, language="ar")
    root = page.locator("html")
    expect(root).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("tab", name="التنبيهات")).to_be_visible()
    listed, shown = (page.locator(name).bounding_box() for name in ("#list", "#map"))
    assert listed and shown and listed["x"] > shown["x"]
    zoom = page.locator(".maplibregl-ctrl-zoom-in").bounding_box()
    assert zoom and zoom["x"] < shown["x"] + 60
    # The hub sends it so: nothing is turned after it was painted.
    expect(root).to_have_attribute("lang", "ar")
    assert len(asked) == 1
    assert looked_at(screen, "ar", axe=True) == {}

    for language in ("de", "hi"):
        choose(screen, language=language)
        expect(root).to_have_attribute("dir", "ltr")
        assert looked_at(screen, language, axe=False) == {}

    choose(screen, language="en", units="mi", clock="12", week="sa")
    expect(row).to_contain_text("56 mph")
    page.reload()
    settle(screen)
    expect(row).to_contain_text("56 mph")
    page.evaluate("() => hub.navigate('#/manage')")
    page.get_by_role("tab", name="Rules").click()
    page.get_by_role("button", name="New rule").click()
    page.get_by_label("An alert when a driver").select_option("overspeed")
    expect(page.get_by_label("Speed limit in mph")).to_have_value("60")
    page.get_by_label("Only at certain times").check()
    expect(page.locator(".schedule .choice").first).to_have_text("Saturday")


def sent(hub: HubProcess, path: str, **headers: str) -> str:
    request = Request(f"http://127.0.0.1:{hub.settings.port}{path}", headers=headers)
    with urlopen(request, timeout=10) as answer:
        assert answer.headers["vary"] == "accept-language, cookie"
        return str(answer.read().decode())


@pytest.mark.parametrize(
    ("headers", "language", "word"),
    [
        ({}, "en", "Skip to the content"),
        ({"accept-language": "nl, pt-BR;q=0.9, en;q=0.8"}, "pt", "Ir para o conteúdo"),
        ({"accept-language": "pt-BR", "cookie": "language=ar"}, "ar", "الانتقال إلى المحتوى"),
    ],
)
def test_the_hub_sends_the_page_in_the_language_of_the_user(
    hub: HubProcess, headers: dict[str, str], language: str, word: str
) -> None:
    html = sent(hub, "/", **headers)
    assert f'<html lang="{language}"' in html
    assert word in html
    # The messages are on their way before the module that waits for them has come.
    assert bool(re.search(rf'rel="preload" href="/web/built/{language}-\w+\.ftl"', html)) == (language != "en")
    assert f'<html lang="{language}"' in sent(hub, "/share/none", **headers)


def messages(language: str, file: str) -> dict[str, str]:
    lines = (Path(LOCALES) / language / f"{file}.ftl").read_text().splitlines()
    return dict(line.split(" = ", 1) for line in lines if re.match(r"[a-z][\w-]* = ", line))


def test_reports_are_called_in_english_what_the_hub_calls_them() -> None:
    """Files and e-mails have the titles of the hub; the page has messages, so that they can be translated."""
    known = messages("en", "reports")
    for kind, report in REPORTS.items():
        assert known[f"report-{kind}"] == report.title
        assert known[f"report-{kind}-about"] == report.about
        for column in report.columns:
            assert known.get(f"report-{kind}-{column.name}", known.get(f"report-column-{column.name}")) == column.title
