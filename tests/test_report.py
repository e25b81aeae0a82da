"""The pages: complete without a script, safe, linked both ways, usable by keyboard and phone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from money_cases import Money, announced
from playwright.sync_api import Browser, Page, sync_playwright
from record_cases import area, organisation, person, project, record

from pipeline.report import site, write, write_report
from pipeline.report.marks import Mark, Span, marked, marks_of
from pipeline.report.strips import strip, years
from pipeline.report.words import Words, all_keys
from pipeline.resolve import resolve
from pipeline.tables import locked, write_outputs
from pipeline.tables.answers.funding import WHY

HOSTILE = "<script>alert(1)</script> & \"Sillat\" 'oy'"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of three announcements; one body has a name that no page must take for markup."""
    folder = tmp_path_factory.mktemp("outputs")
    bridge, town = project("p", "Uudet sillat"), organisation("o", "Kuusamäen kaupunki")
    facts = [
        ("part", "p", "o", "lead"),
        ("part", "p", "x", "funder"),
        ("role", "h", "projektipäällikkö", "p", "o"),
        ("date", "p", "project_start", date(2023, 1, 1), date(2023, 1, 1)),
        ("date", "p", "project_end", date(2024, 6, 30), date(2024, 6, 30)),
        ("total", "p", 100_000.0),
        ("area", "p", "a"),
        ("id", "hankekoodi", "?!", "project", "p"),
    ]
    entities = [
        bridge,
        town,
        organisation("x", HOSTILE),
        person("h", "Aino Esimerkki"),
        area("a", "Kaavi", "204"),
    ]
    posts = [
        record("a.txt", entities, facts, date(2023, 2, 1)),
        record("b.txt", [bridge, town, project("q", "Toinen hanke")], [("part", "q", "o", "lead")]),
        record("c.txt", [], [], status="skipped", reason="not Finnish (sv)"),
    ]
    with resolve(posts) as tables, locked(folder) as held:
        write_outputs(tables, held, more=write_report)
    return folder / "report"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        assert os.environ.get("CI") != "true", "in CI chromium must be there"
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test for an error in its console or a request beyond its files."""
    context = browser.new_context(viewport=DESK)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda message: wrong.append(message.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "request",
        lambda request: request.url.startswith("file:") or wrong.append(request.url),
    )
    yield opened
    assert wrong == []
    context.close()


def every_page(report: Path) -> list[Path]:
    return sorted(report.rglob("*.html"))


def kinds_of_pages(report: Path) -> list[Path]:
    """One page of each kind, in both languages."""
    shown = []
    for root in (report, report / "en"):
        shown += sorted(root.glob("*.html"))
        shown += [max(root.glob("a/*.html"), key=lambda path: path.stat().st_size)]
        shown += [max(root.glob("p/*.html"), key=lambda path: path.stat().st_size)]
    return shown


class Links(HTMLParser):
    """Where links lead, ids, and whatever could run or load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.loaded: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" and "href" in found else []
        assert not [name for name in found if name.startswith("on") or name == "style"], (
            tag,
            found,
        )
        for name in ("src", "href"):
            if name in found and tag != "a":
                self.loaded.append((tag, found[name]))


def test_every_link_leads_somewhere_and_nothing_comes_from_elsewhere(report: Path) -> None:
    read = {path: Links(path.read_text("utf-8")) for path in every_page(report.resolve())}
    assert len(read) == 2 * (6 + 3 + 2)
    for path, found in read.items():
        assert len(found.ids) == len(set(found.ids)), path
        for link in found.links:
            target, _, fragment = link.partition("#")
            place = (path.parent / target).resolve() if target else path
            assert place in read, f"{path}: {link}"
            assert not fragment or fragment in read[place].ids, f"{path}: {link}"
        for _, source in found.loaded:
            assert (path.parent / source).resolve().is_file(), source


def test_every_reason_not_to_count_has_words() -> None:
    assert {f"why.{reason}" for reason in WHY} <= set(all_keys())


def test_the_policy_lets_nothing_in(report: Path) -> None:
    for path in every_page(report):
        text = path.read_text("utf-8")
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
        assert policy.startswith("default-src &#39;none&#39;;") or policy.startswith(
            "default-src 'none';"
        )
        assert "unsafe" not in policy
        assert "<script>alert" not in text
        assert "<style" not in text


def test_pages_open_quietly_and_fit_every_width(report: Path, page: Page) -> None:
    for path in kinds_of_pages(report):
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(path.as_uri())
            wide, inner = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide <= inner, f"{path} is wider than {size}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_keeps_people_from_reading(
    report: Path, browser: Browser, scheme: str
) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    opened = context.new_page()
    # Colours are the same in both languages.
    pages = [path for path in kinds_of_pages(report) if scheme == "light" or "en" not in path.parts]
    for path in pages:
        opened.goto(path.as_uri())
        for details in opened.locator("details").all():
            details.evaluate("node => node.open = true")
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        found = Axe().run(opened).response["violations"]
        serious = [
            (one["id"], one["nodes"][0]["html"][:200])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], path
    context.close()


def test_from_a_row_to_its_sentence_and_back(report: Path, page: Page) -> None:
    page.goto((report / "projects.html").as_uri())
    page.get_by_role("link", name="Uudet sillat").click()
    page.locator(".facts li", has_text="projektipäällikkö").get_by_role(
        "link", name="a.txt"
    ).click()
    mark = page.locator("mark:target")
    assert mark.inner_text() == "Aino Esimerkki"
    colour = mark.evaluate("node => getComputedStyle(node).backgroundColor")
    assert colour == "rgb(255, 227, 107)"
    mark.get_by_role("link").first.click()
    assert "Aino Esimerkki" in page.locator("li:target").inner_text()
    page.locator("li:target a").first.click()
    assert page.locator("mark:target").count() == 1
    page.go_back()
    assert page.locator("li:target").count() == 1


def test_tables_are_complete_without_a_script(report: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto((report / "projects.html").as_uri())
    assert opened.get_by_role("row").count() == 3
    assert opened.get_by_role("searchbox").count() == 0
    context.close()


def test_tables_sort_and_filter(report: Path, page: Page) -> None:
    page.goto((report / "projects.html").as_uri())
    names = page.locator("tbody td:first-child")
    assert names.all_inner_texts() == ["Toinen hanke", "Uudet sillat"]
    page.get_by_role("button", name="Nimi").click()
    page.get_by_role("button", name="Nimi").click()
    assert names.all_inner_texts() == ["Uudet sillat", "Toinen hanke"]
    page.get_by_role("searchbox").fill("TOINEN")
    assert page.locator("tbody tr:visible").count() == 1
    assert page.locator("output").inner_text() == "1 riviä"


def test_both_languages_lead_to_each_other(report: Path, page: Page) -> None:
    page.goto((report / "index.html").as_uri())
    assert page.locator("html").get_attribute("lang") == "fi"
    page.get_by_role("link", name="In English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", name="Projects in announcements").is_visible()
    page.get_by_role("link", name="Suomeksi").click()
    assert page.locator("html").get_attribute("lang") == "fi"


def test_the_map_leads_to_the_areas(report: Path, page: Page) -> None:
    page.goto((report / "index.html").as_uri())
    page.get_by_role("link", name="Pohjois-Savo: 1").click()
    assert "Uudet sillat" in page.locator("li:target").inner_text()


def test_the_map_is_walked_by_keyboard(report: Path, page: Page) -> None:
    page.goto((report / "index.html").as_uri())
    page.get_by_role("link", name="Kaavi: 1").focus()
    focused = "document.activeElement.getAttribute('aria-label')"
    walked = [page.evaluate(focused)]
    for _ in range(6):
        page.keyboard.press("Tab")
        walked.append(page.evaluate(focused))
    assert {"Kaavi: 1", "Pohjois-Savo: 1", "Pohjois-Savon hyvinvointialue: 1"} <= set(walked)
    page.get_by_role("link", name="Pohjois-Savo: 1").focus()
    page.keyboard.press("Enter")
    assert "Uudet sillat" in page.locator("li:target").inner_text()


def test_doubts_come_with_a_line_to_copy(report: Path) -> None:
    text = (report / "doubts.html").read_text("utf-8")
    assert "Hankekoodi ?! ei ole tunnettua muotoa." in text
    (checked,) = re.findall(r"Hankekoodi \?!.*?</li>", text, re.DOTALL)
    assert "<mark>Uudet sillat</mark>" in checked
    assert re.search(r"<code class=\"line\">wrong,identifiers,i-\w+,a.txt,Uudet sillat,,,", checked)
    assert "decision,table,id,document,text,column,value,comment" in text


def test_the_page_of_money_shows_what_no_sum_counts(tmp_path: Path) -> None:
    amounts = [Money("p", "total", 100_000.0), Money("p", "share", None, "l", 70.0)]
    post = announced("a", *amounts, Money("p", "grant", 70_000.0, "l"))
    with resolve([post]) as tables, locked(tmp_path) as held:
        write_outputs(tables, held, more=write_report)
    text = (tmp_path / "report" / "money.html").read_text("utf-8").replace("\u00a0", " ")
    assert re.findall(r'data-sort="([^"]*)">([^<]*)</td>', text) == [
        ("70000.0", "70 000 €"),
        ("100000.0", "100 000 €"),
        ("70000.0", "70 % · 70 000 €"),
    ]
    assert text.count("<small>") == 2  # why not


def test_the_page_of_money_shows_what_is_left_of_a_grant(tmp_path: Path) -> None:
    post = announced("a", Money("p", "grant", 100_000.0), Money("p", "grant", 60_000.0, "l"))
    with resolve([post]) as tables, locked(tmp_path) as held:
        write_outputs(tables, held, more=write_report)
    text = (tmp_path / "report" / "money.html").read_text("utf-8").replace("\u00a0", " ")
    assert re.findall(r"<small>(.*?)</small>", text) == ["mitä osista jää: 40 000 €"]


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from(["project", "date"])),
        max_size=12,
    )
)
def test_marks_keep_the_text_and_every_span_leads_to_a_mark(
    places: list[tuple[int, int, str]],
) -> None:
    text = "Kuusamäen kaupunki rakentaa uuden sillan."
    spans = [
        Span(start, min(start + length, len(text)), kind, f"f{number}")
        for number, (start, length, kind) in enumerate(places)
    ]
    parts, targets = marked(text, spans)

    def plain(parts: list[str | Mark]) -> str:
        return "".join(part if isinstance(part, str) else plain(part.parts) for part in parts)

    assert plain(parts) == text
    anchors = [mark.anchor for mark in marks_of(parts)]
    assert len(anchors) == len(set(anchors))
    assert {targets[span.start, span.end] for span in spans} <= set(anchors)
    assert sorted(fact for mark in marks_of(parts) for fact in mark.facts) == sorted(
        span.fact for span in spans
    )


def test_each_wording_is_there_twice_and_has_the_same_gaps() -> None:
    for key, (finnish, english) in all_keys().items():
        assert finnish, key
        assert english, key
        assert set(re.findall(r"{\w+}", finnish)) == set(re.findall(r"{\w+}", english)), key


def test_numbers_and_dates_are_written_as_each_language_does() -> None:
    finnish, english = Words("fi"), Words("en")
    assert finnish.euros(1_234_567.5) == "1\u00a0234\u00a0567,50\u00a0€"
    assert english.euros(1_234_567.0) == "€1,234,567"
    assert finnish.short_euros(3_899_000) == "3,9\u00a0milj.\u00a0€"
    assert finnish.percent(72.5) == "72,5\u00a0%"
    assert (finnish.day("2023-05-02"), english.day("2023-05-02")) == ("2.5.2023", "2 May 2023")
    assert finnish.period("2023-01-01", None) == "1.1.2023–"


def test_large_runs_write_each_language_in_a_process_of_its_own(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = report.resolve().parent
    shutil.copyfile(run / "hankkeet.sqlite", tmp_path / "hankkeet.sqlite")
    monkeypatch.setattr(write, "MANY", 1)
    write_report(tmp_path)
    once, apart = (
        {path.relative_to(place): path.read_bytes() for path in place.rglob("*") if path.is_file()}
        for place in (report.resolve(), tmp_path / "report")
    )
    assert once == apart


def test_lists_and_doubts_go_on_over_as_many_pages_as_there_are(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(report.resolve().parent / "hankkeet.sqlite", tmp_path / "hankkeet.sqlite")
    monkeypatch.setattr(site, "DOUBTFUL", 1.1)  # every fact
    monkeypatch.setattr(site, "ROWS", 2)
    write_report(tmp_path)
    pages = (tmp_path / "report").glob("doubts*.html")
    cut = [re.findall(r"<li class=\"k-.*?</li>", p.read_text("utf-8"), re.DOTALL) for p in pages]
    assert len(cut) > 2
    assert sorted(map(len, cut))[1:] == [2] * (len(cut) - 1)
    assert len({item for items in cut for item in items}) == sum(map(len, cut))
    assert "Suodata tämän sivun rivejä" in (tmp_path / "report" / "announcements.html").read_text(
        "utf-8"
    )
    assert "Suodata tämän sivun rivejä" not in (report / "announcements.html").read_text("utf-8")


def test_strips_lie_among_the_years_shown() -> None:
    shown = years([("2020-01-01", "2021-12-31"), (None, "2021-06-30")])
    assert shown == (2020, 2021)
    whole = strip("2020-01-01", "2021-12-31", shown)
    assert (whole.x, whole.width, whole.open_end) == (0, 1000, False)
    late = strip("2021-12-01", None, shown)
    assert late.open_end
    assert late.x + late.width <= 1000
