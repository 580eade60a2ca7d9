"""Drives a report in headless Chromium as a reader would: drive.py REPORT.html MANY.html WIDE.html SCREENSHOTS.

Where there is no Chromium, says `skipped` and ends well; in CI, which sets the variable CI, it fails.
"""

import json
import os
import sys
import time

import browser

NAME = "<script>alert(1)</script> & <b>"


def rows(page):
    """The text of each row of the table."""
    return page.run("[...document.querySelectorAll('#configs-table tbody tr')].map(r => r.innerText)")


def column(page, header):
    """The numbers in a column, in the order of the rows."""
    return page.run(f"""(() => {{
        const heads = [...document.querySelectorAll('#configs-table thead th')];
        const at = heads.findIndex(th => th.innerText.includes({json.dumps(header)}));
        return [...document.querySelectorAll('#configs-table tbody tr')].map(r => parseFloat(r.children[at].innerText));
    }})()""")


def head(header):
    """A selector of a column's button."""
    return f"#configs-table thead th[data-name='{header}'] button"


def traces(page, plot):
    """How many lines and marks a plot has, once all that was asked for is drawn."""
    page.run(f"document.getElementById('plot-{plot}').scrollIntoView()")  # of many runs, what nobody sees is not drawn
    page.run("new Promise(done => setTimeout(done, 250))")
    page.wait("!document.documentElement.hasAttribute('data-drawing')")
    return page.run(f"document.getElementById('plot-{plot}').data.length")


def opens_without_complaints(page, report, shots):
    for scheme in ("light", "dark"):
        page.open(report, scheme=scheme)
        page.screenshot(os.path.join(shots, f"report-{scheme}.png"))
        page.screenshot(os.path.join(shots, f"report-{scheme}-whole.png"), whole=True)
        assert page.complaints() == [], page.complaints()
    dark = page.run("getComputedStyle(document.body).backgroundColor")
    assert dark == "rgb(17, 22, 29)", dark
    page.open(report)


def names_are_text(page):
    assert page.run("document.querySelector('h1').textContent") == NAME
    assert page.run("document.title") == NAME
    assert page.run("document.querySelectorAll('main script, main b:not(figure b)').length") == 0
    assert page.run("document.querySelectorAll('body > script').length") == 3
    page.run("document.querySelector('#runs details.run > summary').click()")
    page.wait(f"document.querySelector('#runs details.run').innerText.includes({json.dumps(NAME)})")


def sorts_by_mouse_and_keyboard(page):
    page.click(head("gap"))
    gaps = column(page, "gap")
    assert gaps == sorted(gaps) and len(gaps) > 2, gaps
    assert page.run("document.querySelector('th[aria-sort]').getAttribute('aria-sort')") == "ascending"
    assert page.run("document.querySelectorAll('th[aria-sort]').length") == 1
    page.run(f"document.querySelector({json.dumps(head('gap'))}).focus()")
    page.press("Enter")
    assert column(page, "gap") == sorted(gaps, reverse=True)
    assert page.run("document.querySelector('th[aria-sort]').getAttribute('aria-sort')") == "descending"
    assert "gap" in page.run("document.getElementById('status').textContent")


def filters_by_words_and_numbers(page):
    everything = len(rows(page))
    page.run("document.getElementById('filter').focus()")
    page.type("dropout=0.5")
    assert set(column(page, "dropout")) == {0.5}
    left = len(rows(page))
    assert 0 < left < everything
    count = page.run("document.getElementById('filter-count').textContent")
    assert count.startswith(f"{left} of {everything}"), count
    page.run("(() => { const f = document.getElementById('filter'); f.value = 'nothing has this'; f.dispatchEvent(new Event('input')); })()")
    assert rows(page) == []
    page.run("(() => { const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input')); })()")
    assert len(rows(page)) == everything


def boxes_choose_the_curves(page):
    before = traces(page, "accuracy")
    lines = page.run("document.getElementById('plot-accuracy').data.filter(t => t.hovertext && t.mode === 'lines').length")
    assert lines == 5, f"{lines} lines: one for each of the first configs"
    page.click("#configs-table tbody input:checked")
    fewer = traces(page, "accuracy")
    assert fewer < before, (before, fewer)
    page.press(" ")  # the box has the focus since the click
    assert traces(page, "accuracy") == before
    page.run("[...document.querySelectorAll('#curves label')].find(l => l.innerText.includes('train')).querySelector('input').click()")
    assert traces(page, "accuracy") > before
    page.run("[...document.querySelectorAll('#curves label')].find(l => l.innerText.includes('train')).querySelector('input').click()")


def the_legend_draws_and_takes_out(page):
    before = traces(page, "accuracy")
    page.click("#curves .chips button[aria-pressed='false']")
    assert traces(page, "accuracy") > before
    page.press(" ")  # the button has the focus since the click
    assert traces(page, "accuracy") == before


def changes_are_told_as_in_the_terminal(page):
    words = page.run("""(() => { const at = columns => columns.findIndex(c => c.header === "verdict");
        const data = JSON.parse(document.getElementById("data").textContent);
        return data.configs.map(c => c.cells[at(data.columns)][0]); })()""")
    assert words.count("-") == 1, f"all but the baseline have a verdict: {words}"
    known = ("lowers test", "raises test", "narrows the gap", "widens the gap", "nothing shown")
    assert all(word == "-" or word.startswith(known) for word in words), words
    dots = page.run("document.getElementById('plot-forest').data[0].x.length")
    assert dots == 5 * 2, f"{dots} dots: one for each seed of each change"
    arrows = page.run("document.getElementById('plot-arrows')._fullLayout.annotations.filter(a => a.showarrow).length")
    assert arrows == 5, arrows
    low = page.run("document.getElementById('plot-arrows')._fullLayout.xaxis.range[0]")
    gaps = page.run("document.getElementById('plot-arrows').data[0].x")
    assert min(gaps) < 0 or low >= -0.5 * max(gaps), (low, gaps)


def nothing_scrolls_sideways(page, wide, shots):
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    table = "(s => s.scrollWidth <= s.clientWidth)(document.querySelector('#configs .scroller'))"
    page.run("localStorage.clear()")  # the theme that was chosen before
    for scheme in ("dark", "light"):
        page.open(wide, width=1280, scheme=scheme)
        page.screenshot(os.path.join(shots, f"wide-{scheme}.png"), whole=True)
        assert page.run(fits) and page.run(table)
    heads = page.run("""[...document.querySelectorAll('#configs-table thead th')]
        .filter(th => th.offsetParent).map(th => th.dataset.name ?? th.innerText)""")
    assert heads[:7] == ["draw", "config", "test", "gap", "test change", "gap change", "verdict"], heads
    assert len(rows(page)) == 13
    page.click("#show-setting")
    assert page.run("document.querySelector(\"th[data-name='dropout']\").offsetParent !== null")
    page.click("#show-figure")
    assert page.run(fits), "the table scrolls in its own box"
    page.screenshot(os.path.join(shots, "wide-settings.png"))
    assert "not a full grid" in page.run("document.getElementById('text-by-setting').textContent")
    lines = page.run("document.getElementById('plot-accuracy').data.filter(t => t.hovertext && t.mode === 'lines').length")
    assert lines == 5, lines


def choose(page, label, value):
    """Chooses an option of the list with this label."""
    page.run(f"""(() => {{
        const label = [...document.querySelectorAll("label")].find(l => l.offsetParent && l.firstChild.textContent.trim() === {json.dumps(label)});
        const select = label.querySelector("select");
        select.value = {json.dumps(value)};
        select.dispatchEvent(new Event("change"));
    }})()""")


def rows_are_grouped_and_columns_chosen(page):
    everything = len(rows(page))
    choose(page, "Group by", "network.dropout")
    heads = page.run("[...document.querySelectorAll('#configs-table tr.group')].map(r => r.innerText)")
    assert len(heads) == 3 and "dropout 0.2: 2 configs" in heads[1] and "mean" in heads[1], heads
    page.click("#configs-table tr.group button")
    assert len(rows(page)) == everything + 3 - 2, "a group that is closed hides its configs"
    page.press(" ")  # the button has the focus since the click
    assert len(rows(page)) == everything + 3
    choose(page, "Group by", "")
    assert len(rows(page)) == everything
    page.click(".menu summary")
    page.run("[...document.querySelectorAll('.menu-list label')].find(l => l.innerText.trim() === 'train').querySelector('input').click()")
    assert page.run("document.querySelector(\"th[data-name='train']\").offsetParent") is None
    page.run("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }")
    page.run("[...document.querySelectorAll('button')].find(b => b.innerText === 'Copy as Markdown').click()")
    lines = page.run("window.copied").strip().splitlines()
    assert len(lines) == everything + 2 and lines[0].startswith("| config | test | gap |"), lines
    assert " train " not in lines[0] and "script" not in lines[0], lines
    page.run("[...document.querySelectorAll('.menu-list label')].find(l => l.innerText.trim() === 'train').querySelector('input').click()")
    page.click(".menu summary")


def curves_run_along_steps_and_are_smoothed(page):
    before = traces(page, "accuracy")
    last = page.run("Math.max(...document.getElementById('plot-accuracy').data.flatMap(t => t.x))")
    choose(page, "Along", "step")
    traces(page, "accuracy")
    steps = page.run("Math.max(...document.getElementById('plot-accuracy').data.flatMap(t => t.x))")
    assert (last, steps) == (4, 12), f"4 epochs of 60 examples in batches of 20, not {last} and {steps}"
    slide = """(value => { const slider = document.querySelector("#curves input[type='range']");
        slider.value = value; slider.dispatchEvent(new Event("input")); })"""
    page.run(f"{slide}('0.6')")
    lines = "document.getElementById('plot-accuracy').data.filter(t => t.mode === 'lines').length"
    assert traces(page, "accuracy") > before, "the means stay as faint lines"
    assert "smoothed by 0.6" in page.run("document.getElementById('text-accuracy').textContent")
    address = page.run("location.href")
    assert "x=step" in address and "smooth=0.6" in address, address
    count = page.run(lines)
    page.call("Page.reload")
    page.wait("document.documentElement && document.documentElement.hasAttribute('data-drawn')")
    assert traces(page, "accuracy") and page.run(lines) == count, "the address keeps what was chosen"
    page.run(f"{slide}('0')")
    choose(page, "Along", "epoch")
    assert traces(page, "accuracy") == before


def a_box_chooses_configs(page):
    everything = len(rows(page))
    traces(page, "parallel")
    x, y, width, height = page.run("""(() => {
        const plot = document.querySelector("#plot-parallel"); plot.scrollIntoView({ block: "center" });
        const { xaxis, yaxis } = plot._fullLayout; const r = plot.getBoundingClientRect();
        const left = r.x + xaxis._offset + xaxis.l2p(-0.2), right = r.x + xaxis._offset + xaxis.l2p(0.3);
        const top = r.y + yaxis._offset + yaxis.l2p(0.7), low = r.y + yaxis._offset + yaxis.l2p(0.3);
        return [left, top, right - left, low - top]; })()""")
    page.mouse("mousePressed", x, y, button="left", clickCount=1)
    for step in (0.3, 0.6, 1):
        page.mouse("mouseMoved", x + width * step, y + height * step, button="left", buttons=1)
    page.mouse("mouseReleased", x + width, y + height, button="left", clickCount=1)
    page.wait(f"document.querySelectorAll('#configs-table tbody tr').length < {everything}", 10)
    assert set(column(page, "dropout")) == {0.2}, "the box lies over the middle of the first axis"
    page.run("[...document.querySelectorAll('button')].find(b => b.innerText === 'Clear the box').click()")
    assert len(rows(page)) == everything


def hovering_reads_a_line(page):
    traces(page, "accuracy")
    x, y = page.run("""(() => {
        const plot = document.getElementById("plot-accuracy");
        plot.scrollIntoView({ block: "center" });
        const { xaxis, yaxis } = plot._fullLayout;
        const line = plot.data.findIndex(t => t.hovertext && t.mode === "lines");
        const box = plot.getBoundingClientRect();
        const { x, y } = plot.data[line];
        return [box.x + xaxis._offset + xaxis.l2p(x[1]), box.y + yaxis._offset + yaxis.l2p(y[1])];
    })()""")
    page.mouse("mouseMoved", x - 3, y)
    page.mouse("mouseMoved", x, y)
    page.wait("document.querySelector('#plot-accuracy .hoverlayer .hovertext')", 10)
    text = page.run("document.querySelector('#plot-accuracy .hoverlayer .hovertext').textContent")
    assert "epoch" in text and "%" in text, text


def dragging_zooms_and_the_button_resets(page):
    span = "(r => r[1] - r[0])(document.getElementById('plot-accuracy')._fullLayout.xaxis.range)"
    before = page.run(span)
    x, y, width, height = page.run("""(() => {
        const plot = document.querySelector("#plot-accuracy"); plot.scrollIntoView({ block: "center" });
        const r = plot.querySelector(".nsewdrag").getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()""")
    page.mouse("mousePressed", x + width * 0.3, y + height * 0.3, button="left", clickCount=1)
    for step in (0.4, 0.5, 0.6):
        page.mouse("mouseMoved", x + width * step, y + height * step, button="left", buttons=1)
    page.mouse("mouseReleased", x + width * 0.6, y + height * 0.6, button="left", clickCount=1)
    page.wait(f"{span} < {before} * 0.6", 10)
    page.click("button[aria-label='Reset zoom of Accuracy']")
    page.wait(f"Math.abs({span} - {before}) < 1e-6", 10)


def theme_is_toggled_and_plots_follow(page):
    color = "document.getElementById('plot-accuracy')._fullLayout.font.color"
    light = page.run(color)
    page.click("#theme")
    assert page.run("document.documentElement.dataset.theme") == "dark"
    page.wait(f"{color} !== {json.dumps(light)}", 20)
    page.click("#theme")
    page.wait(f"{color} === {json.dumps(light)}", 20)


def keyboard_reaches_everything_and_is_seen(page):
    page.run("document.activeElement.blur(), window.scrollTo(0, 0)")
    page.run("document.body.setAttribute('tabindex', '-1'), document.body.focus(), document.body.removeAttribute('tabindex')")
    seen = []
    for _ in range(12):
        page.press("Tab")
        seen.append(page.run("""(() => { const e = document.activeElement; const s = getComputedStyle(e);
            return [e.tagName, e.innerText || e.id || e.type, s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0]; })()"""))
    names = [name for _, name, _ in seen]
    assert names[0] == "Skip to the report" and names[1].endswith("theme"), names
    assert "filter" in names, names
    assert all(is_seen for *_, is_seen in seen), seen


def screen_readers_find_names_and_texts(page):
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    shown = [node for node in nodes if not node.get("ignored")]
    role = lambda node: node.get("role", {}).get("value")
    name = lambda node: node.get("name", {}).get("value", "").strip()
    roles = {role(node) for node in shown}
    assert {"main", "navigation", "banner", "contentinfo", "table", "columnheader", "rowheader"} <= roles, roles
    for node in shown:
        if role(node) in ("button", "checkbox", "combobox", "searchbox", "link", "figure", "image", "region"):
            assert name(node), node
    levels = page.run("[...document.querySelectorAll('h1, h2, h3')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels
    assert page.run("""[...document.querySelectorAll(".plot")].every(plot => {
        const figure = plot.closest("figure");
        const text = document.getElementById(figure.getAttribute("aria-describedby"));
        return text.textContent.length > 40;
    })""")


def many_runs_stay_quick(page, many):
    started = time.monotonic()
    page.open(many)
    opened = time.monotonic() - started
    started = time.monotonic()
    page.run("[...document.querySelectorAll('button')].find(b => b.innerText === 'Draw all shown').click()")
    lines = traces(page, "accuracy")
    drawn = time.monotonic() - started
    assert lines < 10, f"{lines} traces: many configs are to be drawn together"
    started = time.monotonic()
    page.click(head("test"))
    sorted_in = time.monotonic() - started
    shown = page.run("document.querySelectorAll('#configs-table tbody tr').length")
    assert shown <= 200, shown
    print(f"{os.path.getsize(many) / 1e6:.1f} MB: opened in {opened:.1f} s, all drawn in {drawn:.1f} s, sorted in {sorted_in:.2f} s")


def main(report, many, wide, shots):
    path = browser.find_or_skip()
    if not path:
        return
    page = browser.Browser(path)
    try:
        opens_without_complaints(page, report, shots)
        for test in (names_are_text, sorts_by_mouse_and_keyboard, filters_by_words_and_numbers,
                     boxes_choose_the_curves, the_legend_draws_and_takes_out, changes_are_told_as_in_the_terminal,
                     rows_are_grouped_and_columns_chosen, curves_run_along_steps_and_are_smoothed, a_box_chooses_configs,
                     hovering_reads_a_line, dragging_zooms_and_the_button_resets,
                     theme_is_toggled_and_plots_follow, keyboard_reaches_everything_and_is_seen,
                     screen_readers_find_names_and_texts):
            test(page)
            print("ok:", test.__name__.replace("_", " "))
        nothing_scrolls_sideways(page, wide, shots)
        many_runs_stay_quick(page, many)
        assert page.complaints() == [], page.complaints()
    finally:
        page.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
