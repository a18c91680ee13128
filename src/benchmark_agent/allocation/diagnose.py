"""What stood in the way of the plan: which constraint, by how much, and what would fix it."""

from dataclasses import dataclass

from benchmark_agent.allocation.programme import Supply, Totals
from benchmark_agent.allocation.types import Diagnosis, Quota
from benchmark_agent.design.types import Feedback, Subtask


@dataclass(frozen=True, slots=True)
class Plan:
    """A solved allocation, and what it was solved from."""

    subtasks: tuple[Subtask, ...]
    datasets: tuple[str, ...]
    supply: Supply
    """Every candidate of the subtasks that are short."""
    quotas: tuple[int, ...]
    totals: Totals
    floor: int
    """Items each subtask was to get at least."""
    cap: int
    """Items one dataset was to give at most."""


def diagnose(plan: Plan) -> tuple[tuple[Quota, ...], tuple[Diagnosis, ...], tuple[Feedback, ...]]:
    """Quotas with the cause of each that was not met, the constraints that were not met, and the feedback."""
    causes = [_cause(plan, index) for index in range(len(plan.subtasks))]
    quotas = tuple(
        Quota(subtask_id=subtask.id, wanted=wanted, given=given, cause=_told(plan, index, cause))
        for index, (subtask, wanted, given, cause) in enumerate(
            zip(plan.subtasks, plan.quotas, plan.totals.given, causes, strict=True)
        )
    )
    sent_back = tuple(
        Feedback(subtask_id=quota.subtask_id, stage="allocation", reason=quota.cause)
        for quota in quotas
        if quota.given < quota.wanted
    )
    found = [*_total(plan), *_floors(plan), *_capacities(plan, causes), *_shares(plan)]
    return quotas, tuple(found), sent_back


def _datasets_of(plan: Plan, subtask: int) -> dict[int, int]:
    """Datasets that serve a subtask, each with the items it could give if nothing else drew on it."""
    held: dict[int, int] = {}
    need: dict[int, float] = {}
    for column in plan.supply.columns:
        if column.subtask == subtask:
            held[column.dataset] = held.get(column.dataset, 0) + column.capacity
            need[column.dataset] = min(need.get(column.dataset, column.rows_per_item), column.rows_per_item)
    return {dataset: min(items, int(plan.supply.rows[dataset] / need[dataset])) for dataset, items in held.items()}


def _cause(plan: Plan, subtask: int) -> str:
    if plan.totals.given[subtask] >= plan.quotas[subtask]:
        return ""
    serving = _datasets_of(plan, subtask)
    if not serving:
        return "no dataset of the pool serves it"
    names = _names([plan.datasets[dataset] for dataset in serving])
    if sum(serving.values()) < plan.quotas[subtask]:
        return f"{names} can give it only {_items(sum(serving.values()))}"
    return f"{names} must serve other subtasks too, and no row serves twice"


def _told(plan: Plan, subtask: int, cause: str) -> str:
    wanted, given = plan.quotas[subtask], plan.totals.given[subtask]
    if given > wanted:
        return f"takes over {_items(given - wanted)} that other subtasks could not fill"
    if given == wanted:
        return ""
    missing = sum(plan.quotas) - sum(plan.totals.given)
    if not missing:
        return f"{cause}; {_items(wanted - given)} moved to other subtasks"
    if missing == sum(max(0, w - g) for w, g in zip(plan.quotas, plan.totals.given, strict=True)):
        return f"{cause}; {_items(wanted - given)} missing"
    return f"{cause}; {_items(wanted - given)} short, of which other subtasks could take over only a part"


def _total(plan: Plan) -> list[Diagnosis]:
    given, size = sum(plan.totals.given), sum(plan.quotas)
    if given == size:
        return []
    fix = f"add at least {size - given} rows that fit with --pool PATH"
    fix += f", or ask for what there is with --size {given}" if given else ", or put the goal in other words"
    return [Diagnosis(constraint="total", short_by=size - given, fix=fix)]


def _floors(plan: Plan) -> list[Diagnosis]:
    size, count = sum(plan.quotas), len(plan.subtasks)
    found = []
    if plan.floor * count > size:
        most = max(1, size // plan.floor)
        fix = f"ask for at least {plan.floor * count} items with --size, or for at most {most} subtasks"
        found.append(Diagnosis(constraint="floor", short_by=plan.floor * count - size, fix=fix))
    for index, (subtask, wanted, given) in enumerate(zip(plan.subtasks, plan.quotas, plan.totals.given, strict=True)):
        least = min(plan.floor, wanted)
        if given < least:
            fix = f"add a dataset that serves {subtask.name!r} with --pool PATH, or leave the subtask out"
            if sum(_datasets_of(plan, index).values()) >= least:
                total = _items(sum(plan.totals.given))
                fix = f"its datasets serve other subtasks too, and no plan of {total} keeps it: {fix}"
            short = least - given
            found.append(Diagnosis(constraint="floor", subtask_id=subtask.id, short_by=short, fix=fix))
    return found


def _capacities(plan: Plan, causes: list[str]) -> list[Diagnosis]:
    found = []
    for index, subtask in enumerate(plan.subtasks):
        short = plan.quotas[index] - plan.totals.given[index]
        if short <= 0:
            continue
        serving = sorted(plan.datasets[dataset] for dataset in _datasets_of(plan, index))
        fix = f"add {short} or more rows that serve {subtask.name!r} with --pool PATH"
        fits = sum(plan.quotas) * plan.totals.given[index] // plan.quotas[index]
        if fits:
            fix += f", or lower --size to {fits}"
        found.append(
            Diagnosis(
                constraint="capacity",
                subtask_id=subtask.id,
                dataset_id=serving[0] if len(serving) == 1 else "",
                short_by=short,
                fix=f"{causes[index]}: {fix}",
            )
        )
    return found


def _shares(plan: Plan) -> list[Diagnosis]:
    found = []
    given = sum(plan.totals.given)
    for dataset, limit in zip(plan.datasets, plan.totals.limits, strict=True):
        if limit > plan.cap:
            share = f"the share cap was relaxed, and {dataset!r} gives {limit} of {given} items"
            fix = f"{share}: add another dataset that serves its subtasks with --pool PATH"
            found.append(Diagnosis(constraint="share", dataset_id=dataset, short_by=limit - plan.cap, fix=fix))
    return found


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _names(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
