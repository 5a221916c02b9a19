from matinee.service.web.markdown import rendered


def test_a_card_is_told_below_the_heading_of_its_section() -> None:
    html = rendered("# blend\n\n## How good\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- **x** `y`\n")
    assert "<h3>blend</h3>" in html
    assert "<h4>How good</h4>" in html
    assert "<td>1</td>" in html
    assert "<strong>x</strong> <code>y</code>" in html


def test_what_is_html_stays_text() -> None:
    html = rendered('<script>alert(1)</script>\n\n<b onclick="x">hi</b>\n\n`<i>`')
    assert "<script" not in html
    assert "<b " not in html
    assert "&lt;script&gt;" in html
    assert "<code>&lt;i&gt;</code>" in html


def test_links_run_nothing_and_pictures_are_not_loaded() -> None:
    html = rendered("[a](javascript:alert(1)) [b](data:text/html,x) ![c](https://elsewhere.example/x.png)")
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert "<img" not in html
