"""Datasets and recipes chosen by a model: preferences, search, choice by real rows, scores by real drafts."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmark_agent import lexical, prompts, seeds
from benchmark_agent.content import Modality
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import ModelError
from benchmark_agent.grounding.choosing import LEAST_YIELD, Findings, Judged, Offer, Pool, Round, Tried, unwanted
from benchmark_agent.grounding.offering import Offering, can_serve, worth
from benchmark_agent.grounding.recipes import NotARecipe, Reader, guided
from benchmark_agent.grounding.replies import Choice, Pick, Preferences, Remedy, Scores, StepIdea
from benchmark_agent.grounding.scoring import LETTERS, judged, scores_for, seen_as
from benchmark_agent.grounding.shown import (
    Shown,
    cut,
    dataset_shown,
    ends,
    recipe_text,
    subtask_text,
)
from benchmark_agent.grounding.types import Recipe
from benchmark_agent.grounding.words import NO_FIELDS, WordChooser, align
from benchmark_agent.models import Ask, R
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.tools import Tool

MOST_CARDS, FEW_CARDS, MOST_PICKS = 6, 3, 3
"""Datasets the planner sees at once, sees in any case, and takes."""
FAR = 0.6
"""Share, 0-1, of the nearest dataset's worth: of those under it, only as many are shown as are in any case."""
MOST_TOOLS, MOST_HELPERS, FEW_TOOLS, FEW_HELPERS = 8, 3, 3, 2
"""Tools offered for a choice, and for a change."""
ALONE_TEXT, NEAR_TEXT, FAR_TEXT, REVISED_TEXT = 1200, 850, 500, 800
"""Characters a dataset may have: where few are seen, among the few nearest of many, further off, and for a change."""
MOST_GOAL = 600
DRAFTS, MOST_REJECTED = 2, 350
"""Rejected drafts that are shown, and the characters of each."""
SUPPOSED = 0.5
"""Alignment, 0-1, of what the planner chose and the words of its card do not say."""
ROLES = (
    "context, question, answer, rationale, dialog, options, image, audio, category, bbox, entity, span, table, "
    "measure, time"
)


@dataclass(frozen=True, slots=True)
class AgentChooser:
    """Asks the planner what data would serve, which of those found do, and what their drafts are worth.

    Three calls a subtask when nothing goes wrong; one more to correct what cannot be used. What the planner says is
    never taken at its word: datasets, tools, fields and arguments are looked up, recipes type-checked.
    """

    ask: Ask
    requirement: Requirement
    pool: Pool
    tools: Sequence[Tool]

    def rounds(self, subtask: Subtask, found: Findings) -> Iterator[Round]:
        """What the planner chose; if none of it stands, what words find, judged alike.

        A planner that says what is missing is believed: then nothing more is tried. So it is where the subtask names
        no constructions.
        """
        cards = self._cards(subtask, found.refused)
        offers, missing = self._offers(subtask, cards, found.refused) if cards else ([], False)
        if offers:
            yield Round(offers, self.judge)
        if found.kept or missing or not subtask.constructions:
            return
        if by_words := self._by_words(subtask, found, offers):
            yield Round(by_words, self.judge)

    def _by_words(self, subtask: Subtask, found: Findings, tried: Sequence[Offer]) -> list[Offer]:
        """The best offers of words and types: asking no model first, no dataset twice before each had a turn."""
        asking = {tool.name for tool in self.tools if tool.asks}
        turns: Counter[str] = Counter()
        ranked: list[tuple[bool, int, int, Offer]] = []
        for turn in WordChooser(self.requirement, self.pool, self.tools).rounds(subtask, found):
            for offer in _different([*tried, *turn.offers])[len(tried) :]:
                asks = any(step.tool in asking for step in offer.recipe.steps)
                ranked.append((asks, turns[offer.card.id], len(ranked), offer))
                turns[offer.card.id] += 1
        return [offer for *_, offer in sorted(ranked, key=lambda entry: entry[:3])][:MOST_PICKS]

    # -- search ----------------------------------------------------------------------------------

    def _cards(self, subtask: Subtask, refused: list[str]) -> tuple[DatasetCard, ...]:
        """At most `MOST_CARDS` datasets that may be used and could be, nearest first."""
        found: list[DatasetCard] = []
        best = 0.0
        for card, near in self._ranked(subtask):
            best = max(best, near)
            far = near < FAR * best and len(found) >= FEW_CARDS and len(self.pool.cards) > MOST_CARDS
            if far or len(found) == MOST_CARDS:
                break
            if not any(can_serve(tool, subtask, card, self.tools) for tool in self.tools):
                refused.append(f"{card.id}: {NO_FIELDS}")
            elif reason := unwanted(card, self.requirement, self.pool.audit(card.id)):
                refused.append(f"{card.id}: {reason}")
            else:
                found.append(card)
        return tuple(found)

    def _ranked(self, subtask: Subtask) -> list[tuple[DatasetCard, float]]:
        """The pool, nearest to the planner's wishes first; as many as are seen anyway need none."""
        cards = self.pool.cards
        wishes = self._preferences(subtask) if len(cards) > MOST_CARDS else Preferences()
        query = " ".join((*wishes.search, subtask.name, *subtask.topics, *subtask.domain))
        near = {card.id: score for card, score in self.pool.search(query, len(cards))}
        rated = [(card, worth(card, near.get(card.id, 0.0), wishes, subtask.requires)) for card in cards]
        return sorted(rated, key=lambda pair: (-pair[1], pair[0].id))

    def _preferences(self, subtask: Subtask) -> Preferences:
        said = self._asked("grounding/prefer", Preferences, subtask=subtask_text(subtask), goal=self._goal, roles=ROLES)
        return said or Preferences(search=tuple(lexical.terms(f"{self._goal} {subtask.description}")))

    # -- choice ----------------------------------------------------------------------------------

    def _offers(self, subtask: Subtask, cards: tuple[DatasetCard, ...], refused: list[str]) -> tuple[list[Offer], bool]:
        """What the planner picks of the datasets; what cannot be used goes back to it once. And whether it says that
        none of them has what is needed.
        """
        offering = Offering(subtask, cards, self.tools, MOST_TOOLS, MOST_HELPERS)
        first = self._choice(offering, "")
        if first is None:
            refused.append("the planner gave no usable choice of datasets")
            return [], False
        offers, problems = self._read(offering, first.picks)
        if problems:
            again = self._choice(offering, "\n".join(problems))
            more, problems = self._read(offering, again.picks) if again else ([], problems)
            offers = _different([*offers, *more])[:MOST_PICKS]
        missing = bool(first.missing.strip()) and not first.picks
        if missing:
            refused.append(f"the planner misses: {cut(first.missing, 200)}")
        refused += [f"dropped: {problem}" for problem in problems]
        taken = {offer.card.id for offer in offers}
        refused += [f"{card.id}: seen and not chosen" for card in cards if card.id not in taken]
        return offers, missing

    def _choice(self, offering: Offering, problems: str) -> Choice | None:
        subtask, near = offering.subtask, ALONE_TEXT if len(offering.cards) <= FEW_CARDS else NEAR_TEXT
        return self._asked(
            "grounding/choose",
            Choice,
            goal=self._goal,
            subtask=subtask_text(subtask),
            cards=[
                self._shown(card, subtask.modalities, near if n < FEW_CARDS else FAR_TEXT)
                for n, card in enumerate(offering.cards)
            ],
            tools=offering.maker_lines,
            helpers=offering.helper_lines,
            most=MOST_PICKS,
            problems=problems,
        )

    def _read(self, offering: Offering, picks: Sequence[Pick]) -> tuple[list[Offer], list[str]]:
        """Picks as offers, and what is wrong with those that cannot be used."""
        named, subtask = {_plain(card.id): card for card in offering.cards}, offering.subtask
        offers: list[Offer] = []
        problems: list[str] = []
        for pick in picks[: 2 * MOST_PICKS]:
            card = named.get(_plain(pick.dataset))
            if card is None:
                there = ", ".join(each.id for each in offering.cards)
                problems.append(f"no dataset here is called {cut(pick.dataset, 60)!r}; there are {there}")
                continue
            try:
                recipe = Reader(card, subtask, offering.by_name).recipe(pick.steps, pick.guidance)
            except NotARecipe as error:
                problems.append(f"{card.id} by {_tools_of(pick.steps)}: {cut(str(error), 400)}")
                continue
            offers.append(Offer(card, recipe, max(SUPPOSED, align(subtask, card)), _notes(pick)))
        return _different(offers)[:MOST_PICKS], problems

    # -- scores ----------------------------------------------------------------------------------

    def judge(self, subtask: Subtask, tried: Sequence[Tried]) -> list[Judged]:
        """Scores by the planner with the drafts as evidence, blended with the measured yield.

        Score = 0.3 overall + 0.7 (0.45 alignment + 0.35 coverage + 0.10 simplicity + 0.10 (1 - risk)), kept from 0.53
        (arXiv 2606.06462, released code). Fitness = audit factor x (0.6 score + 0.4 expected yield): what a
        model thinks of the drafts, and what share will pass. Candidates whose yield is refused anyway are not scored.
        """
        standing = [each for each in tried if each.share >= LEAST_YIELD]
        seen = [seen_as(letter, each) for letter, each in zip(LETTERS, standing, strict=False)]
        values = {"goal": self._goal, "subtask": subtask_text(subtask), "candidates": seen}
        said = self._asked("grounding/score", Scores, **values) if seen else None
        scores = iter(scores_for(seen, said.scores if said else ()))
        paired = [(each, next(scores, None) if each.share >= LEAST_YIELD else None) for each in tried]
        return [judged(each, score, self.pool.audit(each.offer.card.id).quality) for each, score in paired]

    # -- revision --------------------------------------------------------------------------------

    def revise(
        self, subtask: Subtask, card: DatasetCard, recipe: Recipe, reasons: Sequence[str], drafts: Sequence[str]
    ) -> Recipe | None:
        """A changed recipe for one whose drafts fail systematically; None when no change would help.

        Args:
            reasons: why drafts were rejected, each with its count.
            drafts: a few rejected drafts, as a person reads them.

        Raises:
            Unreached, BudgetReached: the planner was not asked.
        """
        used = tuple(step.tool for step in recipe.steps)
        offering = Offering(subtask, (card,), self.tools, FEW_TOOLS, FEW_HELPERS, keep=used)
        remedy = self._asked(
            "grounding/revise",
            Remedy,
            subtask=subtask_text(subtask),
            card=self._shown(card, subtask.modalities, REVISED_TEXT),
            recipe=recipe_text(recipe),
            reasons="\n".join(cut(reason, 200) for reason in reasons[:5]),
            drafts=[ends(draft, MOST_REJECTED) for draft in drafts[:DRAFTS] if draft],
            tools=offering.maker_lines,
            helpers=offering.helper_lines,
        )
        changed = _remedied(remedy, recipe, Reader(card, subtask, offering.by_name)) if remedy else recipe
        return changed if changed != recipe else None

    # -- asking ----------------------------------------------------------------------------------

    def _asked(self, name: str, answer: type[R], **values: object) -> R | None:
        """The planner's reply; None when it gave no usable one."""
        try:
            return self.ask("planner", prompts.load(name), answer, (), nth=0, sample=0, **values)
        except ModelError:
            return None

    @property
    def _goal(self) -> str:
        return cut(self.requirement.goal, MOST_GOAL)

    def _shown(self, card: DatasetCard, within: Sequence[Modality], most: int) -> Shown:
        seed = seeds.derive(self.requirement.seed, "shown", card.id)
        return dataset_shown(self.pool.dataset(card.id), within, seed, most)


def _remedied(remedy: Remedy, recipe: Recipe, reader: Reader) -> Recipe:
    """The changed recipe; the old one where the change cannot be used. What is not said anew stays."""
    if not remedy.steps:
        return guided(recipe, reader.tools, remedy.guidance)
    told = (str(each.value) for step in recipe.steps for each in step.args if each.name == "guidance")
    anew = any("guidance" in arg for idea in remedy.steps for arg in idea.args)
    try:
        return reader.recipe(remedy.steps, remedy.guidance or ("" if anew else next(told, "")))
    except NotARecipe:
        return recipe


def _plain(name: str) -> str:
    """A dataset's name, however it is written: `Dataset "Harbour Inquests"` is harbour-inquests."""
    words = re.findall(r"[^\W_]+", name.lower())
    return "-".join(words[1:] if words[:1] == ["dataset"] and len(words) > 1 else words)


def _notes(pick: Pick) -> tuple[str, ...]:
    said = (("chosen because", pick.fits), ("risk", pick.risks))
    return tuple(f"{what}: {cut(text, 200)}" for what, text in said if text.strip())


def _tools_of(steps: Sequence[StepIdea]) -> str:
    return cut(" > ".join(step.tool for step in steps), 80) or "no tool"


def _different(offers: Sequence[Offer]) -> list[Offer]:
    """Each dataset and recipe once."""
    first: dict[tuple[str, str], Offer] = {}
    for offer in offers:
        first.setdefault((offer.card.id, offer.recipe.fingerprint()), offer)
    return list(first.values())
