"""The fixed texts of the card, English beside Chinese, by the name the template uses for each."""

from matinee.evaluation.report_card.language import Language, Text

_TEXTS: dict[str, Text] = {
    "card": Text("Report card", "成绩单"),
    "nothing": Text("No model was measured.", "没有测到任何模型。"),
    "seats": Text(
        "One seat for each of a hundred tries, lit where the movie was among the first {k} suggestions.",
        "每个座位是一部藏起的电影，共一百部；前 {k} 个推荐里有它，座位就亮。",
    ),
    "seats_people": Text(
        "One seat for each of a hundred people, lit where one of their hidden movies was among the first "
        "{k} suggestions.",
        "每个座位是一个人，共一百人；前 {k} 个推荐里有他藏起的电影，座位就亮。",
    ),
    "seats_title": Text("{name}: {lit} of 100 seats lit", "{name}：100 个座位亮了 {lit} 个"),
    "between": Text("{value} ({interval})", "{value}（{interval}）"),
    "scale": Text("On a scale from {low} to {high}.", "刻度从 {low} 到 {high}。"),
    # Facts
    "dataset": Text("Data", "数据"),
    "people": Text("People tested", "测试人数"),
    "catalogue": Text("Movies to choose from", "候选电影"),
    "hidden": Text("Hidden ratings", "藏起的评分"),
    "split": Text("Split", "划分方式"),
    "measured": Text("Measured", "测试日期"),
    # Leaderboard
    "board": Text("The leaderboard", "排行榜"),
    "board_about": Text(
        "In order of {metric}, which asks: {sentence} The dot is the score, the line through it the "
        "interval it may lie in.",
        "按 {metric} 排列。它问的是：{sentence}圆点是得分，穿过它的线是可能的范围。",
    ),
    "board_bar": Text(
        "The dashed line is popularity: the bar to beat.", "虚线是 popularity（只推热门片），先要赢过它。"
    ),
    "less": Text("Less is better.", "越小越好。"),
    "model": Text("Model", "模型"),
    "score": Text("Score and interval", "得分与区间"),
    "time": Text("Time", "用时"),
    "leads": Text("first", "第一"),
    "levels": Text("level with first", "与第一不分高下"),
    "baseline": Text("baseline", "基准"),
    "not_measured": Text("not measured", "未测"),
    "stars": Text("Guessing the stars", "猜评分"),
    "stars_about": Text(
        "Some models also guess how many stars somebody gives. {sentence} Further left is better.",
        "有些模型还猜一个人会给几颗星。{sentence}越靠左越好。",
    ),
    # Seconds against quality
    "speed": Text("What the seconds buy", "时间换来了什么"),
    "speed_about": Text(
        "Time to train and to answer for everyone tested, on the machine named below, against {metric}. "
        "The scale of time is logarithmic.",
        "横轴是训练加上为所有测试者作答的时间（在下文所列的机器上），按对数画；纵轴是 {metric}。",
    ),
    "frontier": Text(
        "The dotted steps join the models that nothing here beats on both time and score.",
        "点线连起的几个模型，这里没有谁比它们又快又好。",
    ),
    "slower": Text("slower", "更慢"),
    "speed_title": Text("Seconds against {metric}", "用时与 {metric}"),
    # Beyond the famous
    "beyond": Text("Beyond the famous", "走出热门"),
    "beyond_about": Text(
        "A model that repeats the hits can score well and still be dull. Three looks at the first {k} "
        "suggestions; further right is bolder.",
        "只推热门片也能拿高分，却没什么意思。从三方面看前 {k} 个推荐：越靠右，越敢走出热门。",
    ),
    # Slices
    "hard": Text("The hard cases", "难猜的人，难猜的片"),
    "hard_about": Text(
        "The same question, asked only of some. The dot is a model’s {metric} there, the open ring its "
        "{metric} for everyone.",
        "同样的题目，只看一部分。圆点是这部分的 {metric}，空心圈是全体的 {metric}。",
    ),
    "hard_users": Text(" {users} people.", "共 {users} 人。"),
    # Comparisons
    "chance": Text("More than chance?", "真有差距，还是碰巧？"),
    "chance_about": Text(
        "Two models answered for the same people, so they are compared person by person. p is how likely "
        "so large a "
        "difference would be if both were equally good, corrected for the number of pairs; from 0.05 up "
        "we call it a tie.",
        "两个模型答的是同一批人，所以逐人比较。p 是两者其实一样好时，"
        "仍会碰巧出现这么大差距的概率（已按比较的对数校正）；不低于 0.05 就算平手。",
    ),
    "chance_more": Text("All {count} comparisons by {metrics}", "按 {metrics} 的全部 {count} 项比较"),
    "ahead": Text("Ahead", "领先"),
    "behind": Text("Behind", "落后"),
    "more": Text("more than chance", "不是碰巧"),
    "tie": Text("within chance: a tie", "算平手"),
    "difference": Text("Difference", "差距"),
    "metric": Text("Metric", "指标"),
    "in_words": Text("In words", "结论"),
    # Every number
    "numbers": Text("Every number", "全部数字"),
    "numbers_open": Text("Every metric of every model", "展开全部指标"),
    "numbers_about": Text(
        "The best value of each row is in bold; whether it is more than chance is said above.",
        "每行最好的一个加粗；是否只是碰巧，见上文。",
    ),
    "slide": Text("Wider than the page: slide it sideways →", "表格比页面宽，请左右滑动 →"),
    "at": Text("First {k} suggestions", "前 {k} 个推荐"),
    "ratings_group": Text("Guessed ratings", "猜评分"),
    # Data
    "data": Text("What it was measured on", "用什么数据测的"),
    "data_about": Text(
        "The shape of the data sets the difficulty: the more of the ratings a few famous movies hold, "
        "the better popularity does.",
        "数据的样子决定题目的难易：少数热门片占的评分越多，只推热门就越讨巧。",
    ),
    "histogram": Text("Ratings given", "打出的评分"),
    "histogram_about": Text("Each bar is one rating.", "每条是一种评分。"),
    "star": Text("{n} ★", "{n} 星"),
    "deciles": Text("Who holds the ratings", "评分集中在哪些电影"),
    "deciles_about": Text(
        "Each bar is a tenth of the movies, most-rated first.", "每条是十分之一的电影，评分最多的在前。"
    ),
    "tenth": Text("tenth {n}", "第 {n} 组"),
    # Method
    "method": Text("How it was measured", "怎么测的"),
    "task": Text("The task", "题目"),
    "ranked": Text("What was ranked", "排的是什么"),
    "ranked_said": Text(
        "The full catalogue, every movie of it, less those the person had already rated. Nothing is sampled.",
        "整个片库，一部不少，只去掉此人已评过分的；不抽样。",
    ),
    "ties": Text("Equal scores", "同分"),
    "ties_said": Text(
        "Every tie counts against the model: a hidden movie stands below all movies with the same score.",
        "凡同分，一律按对模型不利的来排：藏起的电影排在所有同分电影之后。",
    ),
    "tuned": Text("Choosing settings", "设置怎么选"),
    "tuned_said": Text(
        "On the validation ratings only. The test ratings choose nothing.",
        "只看验证集；测试集不参与任何选择。",
    ),
    "intervals": Text("Intervals", "区间"),
    "parts": Text("Ratings used", "评分的用途"),
    "parts_said": Text(
        "{train} to learn from, {validation} to choose by, {test} to test with.",
        "{train} 条用于学习，{validation} 条用于选择，{test} 条用于测试。",
    ),
    "dropped": Text("Left out", "略去的"),
    "dropped_none": Text("Nobody and nothing.", "没有。"),
    "identity": Text("Data fingerprint", "数据指纹"),
    "seed": Text("Seed", "随机种子"),
    "machine": Text("Machine", "机器"),
    "cores": Text("{cores} cores", "{cores} 核"),
    "memory": Text("{gb} GB memory", "{gb} GB 内存"),
    # Models
    "models": Text("The models and their settings", "各模型与设置"),
    "fit": Text("training", "训练"),
    "answer": Text("answering", "作答"),
    "peak": Text("peak memory", "内存峰值"),
    "no_settings": Text("Nothing to set.", "没有可调的设置。"),
    # Glossary and the way back
    "glossary": Text("What the words mean", "名词解释"),
    "glossary_about": Text(
        "A hit is a hidden movie that appears among the first k suggestions.",
        "命中：藏起的电影出现在前 k 个推荐里。",
    ),
    "again": Text("Run it again", "再测一遍"),
    "again_about": Text(
        "Put your own copy of {dataset} after --data; its fingerprint should read {fingerprint}.",
        "--data 后面换成你自己的 {dataset}；它的指纹应当是 {fingerprint}。",
    ),
    "colophon": Text(
        "Drawn by Matinee {version}. This page is one file: it loads nothing, runs nothing and tells "
        "nobody you read it.",
        "由 Matinee {version} 画成。本页只有这一个文件：不加载别处的东西，不运行程序，也不告诉任何人你看过它。",
    ),
}


def words_in(language: Language) -> dict[str, str]:
    """Every fixed text in one language."""
    return {name: text.said(language) for name, text in _TEXTS.items()}
