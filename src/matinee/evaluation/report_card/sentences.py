"""The facts of the report in words: each function writes one sentence in one language.

Names are put in with `Markup.format`, which escapes them.
"""

from collections.abc import Sequence

from markupsafe import Markup

from matinee.evaluation.report_card.figures import chance, decimal, duration, interval, per_cent, tries
from matinee.evaluation.report_card.language import Language, Text
from matinee.evaluation.report_card.metrics import label_of
from matinee.evaluation.report_card.reading import Comparison, Measure, Model
from matinee.evaluation.report_card.verdict import FastAlternative, Verdict

DIFFERENCE_DIGITS = 4


def headline(verdict: Verdict, one_movie_each: bool, language: Language) -> Markup:
    """What the best model does, in one sentence."""
    name = verdict.leader.short
    if verdict.hits is None:
        return _headline_without_hits(verdict, language)
    found, total = tries(verdict.hits.value)
    if one_movie_each:
        text = Text(
            "{name} finds the movie in <em>{found} of {total:,}</em> tries.",
            "每藏起 {total:,} 部电影，{name} 能找回 <em>{found} 部</em>。",
        )
    else:
        text = Text(
            "{name} finds a hidden movie for <em>{found} of {total:,}</em> people.",
            "每 {total:,} 人里，{name} 能为 <em>{found} 人</em>找回藏起的电影。",
        )
    return _fill(text, language, name=name, found=found, total=total)


def _headline_without_hits(verdict: Verdict, language: Language) -> Markup:
    value = verdict.leader.metrics.get("mae")
    if value is not None and verdict.metric in ("rmse", "mae"):
        text = Text(
            "{name} guesses ratings to within <em>{value} stars</em> on average.",
            "{name} 猜评分，平均差 <em>{value} 颗星</em>。",
        )
        return _fill(text, language, name=verdict.leader.short, value=decimal(value.value, 2))
    text = Text("{name} leads with <em>{value}</em> in {metric}.", "{name} 以 {metric} <em>{value}</em> 领先。")
    label = label_of(verdict.metric).said(language)
    return _fill(text, language, name=verdict.leader.short, value=decimal(verdict.quality.value, 3), metric=label)


def against_popularity(verdict: Verdict, language: Language) -> Markup:
    """How the best model compares with always showing the most popular movies; empty if not known."""
    if verdict.leader.name == "random":
        return _fill(Text("Nothing here beats picking movies at random.", "这里没有一个模型胜过随便乱选。"), language)
    if verdict.leader.name == "popularity":
        text = Text(
            "Nothing here beats simply showing everybody the most popular movies.",
            "这里没有一个模型胜过只推热门片。",
        )
        return _fill(text, language)
    if verdict.popularity is None or verdict.hits is None:
        return Markup("")
    times = verdict.times_popularity
    if times is None:
        text = Text("Showing only the most popular movies never finds it.", "只推热门片，一部也找不回。")
    elif times >= 1.95:
        text = Text(
            "That is {times} times as often as showing everybody the most popular movies.",
            "是只推热门片的 {times} 倍。",
        )
    elif times >= 1.05:
        text = Text(
            "That is {more} more often than showing everybody the most popular movies.",
            "比只推热门片多 {more}。",
        )
    elif times >= 0.95:
        text = Text("That is about as often as showing everybody the most popular movies.", "和只推热门片差不多。")
    else:
        text = Text("Showing everybody the most popular movies finds it more often.", "还不如只推热门片。")
    return _fill(text, language, times=decimal(times or 0, 1), more=per_cent((times or 1) - 1))


def standing(verdict: Verdict, language: Language) -> Markup:
    """Whom the leader is level with, whom it beats, and whom nobody tested it against."""
    if not (verdict.level or verdict.behind or verdict.unchecked):
        return _fill(
            Text(
                "Only one model was judged, so there is nothing to compare it with.",
                "只测了一个模型，没有对手可比。",
            ),
            language,
        )
    said: list[Markup] = []
    if verdict.level:
        text = Text(
            "It shares first place with {names}: by the paired test the difference is within chance.",
            "与 {names} 并列第一：逐人比较，差距可能只是碰巧。",
        )
        said.append(_fill(text, language, names=_listed(verdict.level, language)))
    if verdict.closest is not None:
        said.append(_clear_lead(verdict, verdict.closest, language))
    if verdict.unchecked:
        text = Text(
            "No paired test was run against {names}, so that lead may be chance.",
            "没有与 {names} 逐人比较过，领先也可能只是碰巧。",
        )
        said.append(_fill(text, language, names=_listed(verdict.unchecked, language)))
    return _joined(" " if language == "en" else "", said)


def _clear_lead(verdict: Verdict, closest: Comparison, language: Language) -> Markup:
    """The leader's smallest clear lead, over all the others or over the next after those it is level with."""
    rest = len(verdict.behind)
    if rest == 1 or verdict.unchecked:
        text = Text("It is ahead of {names} by more than chance", "领先 {names}，不是碰巧")
    elif verdict.level:
        text = Text("It is ahead of the other {rest} by more than chance", "领先其余 {rest} 个模型，不是碰巧")
    else:
        text = Text("It is ahead of all {rest} others by more than chance", "领先其余全部 {rest} 个模型，不是碰巧")
    amount = Text(
        "; the nearest is {name}, {metric} lower by {difference} ({interval}).",
        "；其中最接近的是 {name}，{metric} 差 {difference}（{interval}）。",
    )
    if rest == 1:
        amount = Text(
            ": {metric} differs by {difference} ({interval}).", "：{metric} 相差 {difference}（{interval}）。"
        )
    nearest = next(model for model in verdict.behind if model.name in (closest.better, closest.worse))
    return _fill(
        Text(text.en + amount.en, text.zh + amount.zh),
        language,
        names=_listed(verdict.behind, language),
        rest=rest,
        name=nearest.short,
        metric=label_of(verdict.metric).said(language),
        difference=_size(closest),
        interval=_unbroken(interval(closest.difference, DIFFERENCE_DIGITS, language)),
    )


def more_hits(model: Model, hits: Measure, language: Language) -> Markup:
    """That another model finds the movie more often than the leader, but places it lower."""
    text = Text(
        "{name} finds it more often ({found} of {total:,}), but places it lower in the list.",
        "{name} 找回的更多（每 {total:,} 部 {found} 部），但排得更靠后。",
    )
    found, total = tries(hits.value)
    return _fill(text, language, name=model.short, found=found, total=total)


def bargain(found: FastAlternative, leader: str, language: Language) -> Markup:
    """That a faster model comes close."""
    text = Text(
        "{name} reaches {share} of {leader}’s score in {seconds} instead of {slow}.",
        "{name} 用 {seconds}就达到 {leader} 得分的 {share}，后者要 {slow}。",
    )
    return _fill(
        text,
        language,
        name=found.model.short,
        share=per_cent(found.share),
        leader=leader,
        seconds=duration(found.seconds, language),
        slow=duration(found.leader_seconds, language),
    )


def compared(test: Comparison, better: str, worse: str, language: Language) -> Markup:
    """One paired comparison in words, its interval and p-value included."""
    if test.is_clear:
        text = Text("{better} is ahead of {worse} by {difference}", "{better} 领先 {worse} {difference}")
        verdict = Text("more than chance", "不是碰巧")
    else:
        text = Text("{better} and {worse} are {difference} apart", "{better} 与 {worse} 相差 {difference}")
        verdict = Text("within chance: a tie", "可能只是碰巧，算平手")
    p = chance(test.p)
    written = f"p {p}" if p.startswith("<") else f"p = {p}" if p else ""
    span = interval(test.difference, DIFFERENCE_DIGITS, language)
    details = [_unbroken(one) for one in (span, written) if one]
    bracket = Text(" ({details}): ", "（{details}）：") if details else Text(": ", "：")
    whole = Text(
        f"{text.en}{bracket.en}<strong>{verdict.en}</strong>.",
        f"{text.zh}{bracket.zh}<strong>{verdict.zh}</strong>。",
    )
    joined = _joined(", " if language == "en" else "，", details)
    return _fill(whole, language, better=better, worse=worse, difference=_size(test), details=joined)


def measured(measure: Measure, digits: int, language: Language) -> str:
    """A number and its interval, for the hidden title of a drawing."""
    span = interval(measure, digits, language)
    between = {"en": f" ({span})", "zh": f"（{span}）"}[language] if span else ""
    return decimal(measure.value, digits) + between


def _size(test: Comparison) -> str:
    return decimal(test.difference.value, DIFFERENCE_DIGITS)


def _listed(models: Sequence[Model], language: Language) -> Markup:
    """Names in a row: "slist", "slist and ease", "slist, ease and 4 more"."""
    names = [Markup("<b>{}</b>").format(model.short) for model in models]
    if len(names) > 4:
        more = Text("{} more", "另外 {} 个").said(language).format(len(names) - 3)
        names = [*names[:3], Markup("{}").format(more)]
    if len(names) == 1:
        return names[0]
    comma, last = {"en": (", ", " and "), "zh": ("、", " 和 ")}[language]
    return _joined(last, [_joined(comma, names[:-1]), names[-1]])


def _joined(between: str, parts: Sequence[Markup]) -> Markup:
    return Markup("{}").format(between).join(parts)


def _unbroken(text: str) -> Markup:
    return Markup('<span class="unbroken">{}</span>').format(text)


def _fill(text: Text, language: Language, **values: object) -> Markup:
    return Markup(text.said(language)).format(**values)  # noqa: S704 - our own texts; the values are escaped
