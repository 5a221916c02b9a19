"""The facts of a report as sentences in one language. Names are filled in with `Markup.format`, which escapes them."""

from collections.abc import Iterable, Sequence
from functools import reduce

from markupsafe import Markup

from matinee.i18n import Language, gettext
from matinee.reports.card.verdict import FastAlternative, Verdict
from matinee.reports.metrics import MAE, find_metric, metric_label
from matinee.reports.number_format import decimal, duration, interval, out_of_total, p_equation, percent
from matinee.reports.schema import Comparison, Figure, ModelReport

DIFFERENCE_DIGITS = 4
_MAX_NAMES = 4  # in a list


def headline(verdict: Verdict, one_movie_per_user: bool, language: Language) -> Markup:
    """Describe the best model in one sentence."""
    name = verdict.short_names[verdict.leader.name]
    if verdict.hits is None:
        return _headline_without_hits(verdict, name, language)
    hits, total = out_of_total(verdict.hits.value)
    if one_movie_per_user:
        text = gettext(language, "{name} finds the movie in <em>{hits} of {total:,}</em> tries.")
    else:
        text = gettext(language, "{name} finds a hidden movie for <em>{hits} of {total:,}</em> users.")
    return _fill(text, name=name, hits=hits, total=total)


def _headline_without_hits(verdict: Verdict, name: str, language: Language) -> Markup:
    metric = find_metric(verdict.metric)
    absolute = verdict.leader.metrics.get(MAE)
    if absolute is not None and metric is not None and metric.in_stars:
        text = gettext(language, "{name} predicts ratings to within <em>{value} stars</em> on average.")
        return _fill(text, name=name, value=decimal(absolute.value, 2))
    text = gettext(language, "{name} leads with <em>{value}</em> in {metric}.")
    value = decimal(verdict.quality.value, 3)
    return _fill(text, name=name, value=value, metric=metric_label(verdict.metric, language))


def against_popularity(verdict: Verdict, language: Language) -> Markup:
    """Compare the best model with showing the most popular movies to all; empty if that was not measured."""
    if verdict.leader.name == "random":
        return _fill(gettext(language, "No model here beats picking movies at random."))
    if verdict.leader.name == "popularity":
        return _fill(gettext(language, "No model here beats showing the most popular movies to all users."))
    if verdict.popularity is None or verdict.hits is None:
        return Markup("")
    times = verdict.times_popularity
    if times is None:
        text = gettext(language, "The most popular movies alone never include it.")
    elif times >= 1.95:
        text = gettext(language, "That is {times} times as often as with the most popular movies alone.")
    elif times >= 1.05:
        text = gettext(language, "That is {more} more often than with the most popular movies alone.")
    elif times >= 0.95:
        text = gettext(language, "That is about as often as with the most popular movies alone.")
    else:
        text = gettext(language, "The most popular movies alone include it more often.")
    return _fill(text, times=decimal(times or 0, 1), more=percent((times or 1) - 1))


def lead_over_others(verdict: Verdict, language: Language) -> Markup:
    """Name the models that the leader is level with, those it beats, and those it was not tested against."""
    if not (verdict.level or verdict.behind or verdict.untested):
        return _fill(gettext(language, "Only one model was measured, so there is nothing to compare it with."))
    sentences: list[Markup] = []
    if verdict.level:
        text = gettext(
            language, "It shares first place with {names}: by the paired test, the difference is within chance."
        )
        sentences.append(_fill(text, names=_list_names(verdict, verdict.level, language)))
    if verdict.closest is not None:
        sentences.append(_clear_lead(verdict, verdict.closest, language))
    if verdict.untested:
        text = gettext(language, "No paired test was run against {names}, so that lead may be chance.")
        sentences.append(_fill(text, names=_list_names(verdict, verdict.untested, language)))
    return (Markup(" ") if language == "en" else Markup("")).join(sentences)


def _clear_lead(verdict: Verdict, closest: Comparison, language: Language) -> Markup:
    """Describe the smallest clear lead, over all the others or over the rest after the level ones."""
    rest = len(verdict.behind)
    if rest == 1:
        text = gettext(
            language,
            "It is ahead of {names} by more than chance: {metric} differs by {difference} ({interval}).",
        )
    elif verdict.untested:
        text = gettext(
            language,
            "It is ahead of {names} by more than chance; "
            "the nearest is {name}, {metric} lower by {difference} ({interval}).",
        )
    elif verdict.level:
        text = gettext(
            language,
            "It is ahead of the other {rest} by more than chance; "
            "the nearest is {name}, {metric} lower by {difference} ({interval}).",
        )
    else:
        text = gettext(
            language,
            "It is ahead of all {rest} others by more than chance; "
            "the nearest is {name}, {metric} lower by {difference} ({interval}).",
        )
    nearest = next(model for model in verdict.behind if model.name in (closest.better, closest.worse))
    return _fill(
        text,
        names=_list_names(verdict, verdict.behind, language),
        rest=rest,
        name=verdict.short_names[nearest.name],
        metric=metric_label(verdict.metric, language),
        difference=decimal(closest.gain.value, DIFFERENCE_DIGITS),
        interval=_unbroken(interval(closest.gain, DIFFERENCE_DIGITS, language)),
    )


def more_hits(name: str, figure: Figure, language: Language) -> Markup:
    """Say that another model finds the movie more often than the leader, but ranks it lower."""
    text = gettext(language, "{name} finds it more often ({hits} of {total:,}), but ranks it lower.")
    hits, total = out_of_total(figure.value)
    return _fill(text, name=name, hits=hits, total=total)


def fast_alternative(alternative: FastAlternative, verdict: Verdict, language: Language) -> Markup:
    """Say that a faster model comes close."""
    text = gettext(language, "{name} reaches {share} of {leader}’s score in {seconds} instead of {slow}.")
    return _fill(
        text,
        name=verdict.short_names[alternative.model.name],
        share=percent(alternative.share),
        leader=verdict.short_names[verdict.leader.name],
        seconds=duration(alternative.seconds, language),
        slow=duration(alternative.leader_seconds, language),
    )


def comparison_sentence(test: Comparison, better: str, worse: str, language: Language) -> Markup:
    """Describe one paired test with its interval and p-value."""
    if test.is_clear:
        text = gettext(
            language,
            "{better} is ahead of {worse} by {difference} ({interval}, {p}): <strong>more than chance</strong>.",
        )
    else:
        text = gettext(
            language,
            "{better} and {worse} are {difference} apart ({interval}, {p}): <strong>within chance: a tie</strong>.",
        )
    return _fill(
        text,
        better=better,
        worse=worse,
        difference=decimal(test.gain.value, DIFFERENCE_DIGITS),
        interval=_unbroken(interval(test.gain, DIFFERENCE_DIGITS, language)),
        p=_unbroken(p_equation(test.p)),
    )


def join_all(parts: Iterable[str | Markup], language: Language) -> Markup:
    """Join parts as "a, b and c"."""
    *head, last = [Markup("{}").format(part) for part in parts]
    if not head:
        return last
    pair = gettext(language, "{first}, {second}")
    return _fill(
        gettext(language, "{names} and {last}"),
        names=reduce(lambda a, b: _fill(pair, first=a, second=b), head),
        last=last,
    )


def _list_names(verdict: Verdict, models: Sequence[ModelReport], language: Language) -> Markup:
    """List names: "slist", "slist and ease", "slist, ease, popularity and 4 more"."""
    names = [Markup("<b>{}</b>").format(verdict.short_names[model.name]) for model in models]
    if len(names) > _MAX_NAMES:
        names = [*names[:3], _fill(gettext(language, "{count} more"), count=len(names) - 3)]
    return join_all(names, language)


def _unbroken(text: str) -> Markup:
    return Markup('<span class="unbroken">{}</span>').format(text)


def _fill(text: str, **values: object) -> Markup:
    return Markup(text).format(**values)  # noqa: S704 - our own texts; the values are escaped
