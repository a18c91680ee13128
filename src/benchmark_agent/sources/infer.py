"""Writes the card of a dataset from its rows, and checks a card that came with it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmark_agent.content import Modality, ValueType
from benchmark_agent.errors import SourceError
from benchmark_agent.sources import DatasetRows, Found, Row
from benchmark_agent.sources.answer_form import Form, Sample, detect
from benchmark_agent.sources.box_format import BoxFormat, boxes_with_sizes, format_of
from benchmark_agent.sources.cards import AnswerForm, DatasetCard, Field, Role
from benchmark_agent.sources.claims import Claims, read_claims
from benchmark_agent.sources.languages import code_of, languages_of, says_language
from benchmark_agent.sources.notes import differences
from benchmark_agent.sources.profiles import Profile, profiles, reads, sample
from benchmark_agent.sources.roles import label_of, unit_of
from benchmark_agent.sources.selection import assign_roles, option_columns
from benchmark_agent.sources.shape import at
from benchmark_agent.sources.splits import Part, parts_of
from benchmark_agent.sources.topics import describe, topics_of
from benchmark_agent.sources.values import options_in, text_of

WIDE = 5000
"""Rows read to count labels."""
_READ_ROLES: tuple[Role, ...] = ("question", "context", "dialog", "options", "table", "span", "rationale", "entity")


def write_card(dataset_id: str, found: Found, rows: DatasetRows, *, digest: str = "") -> DatasetCard:
    """The card of a dataset.

    Args:
        dataset_id: id in the pool.
        found: where it lies, and what its files say of themselves; believed only where the rows agree.
        rows: up to 400 of them are read for the roles, up to 5,000 to count labels.
        digest: digest of the data; computed from every row when empty.

    Raises:
        UserError: a field of a card that came with the data cannot be read.
    """
    claims = read_claims(found.hints, found.name)
    sampled, broken = sample(rows)
    found_profiles, left_out = profiles(sampled, len(rows))
    writer = _Writer(claims, rows, sampled, found_profiles)
    writer.write_fields()
    answer = writer.settle_answer()
    fields = tuple(writer.counted(f) for f in writer.fields)
    told = [f for f in fields if f.role == "question"] or [f for f in fields if f.role == "context"]
    texts = [text_of(f, row) for f in told for row in sampled[:100]]
    notes = differences(claims, fields, found_profiles, len(rows), writer.boxes)
    if broken:
        notes.append(f"{broken} of {broken + len(sampled)} rows asked for could not be read")
    if left_out:
        notes.append(f"{left_out} paths of the rows were left out: a card has at most {len(found_profiles)}")
    return DatasetCard(
        id=dataset_id,
        name=claims.name,
        description=claims.description or describe(len(rows), fields, answer),
        topics=topics_of(claims.topics, claims.name, claims.description, texts),
        modalities=_modalities(fields),
        languages=claims.languages if claims.fields and claims.languages else _languages(fields, sampled),
        fields=fields,
        answer=answer,
        rows=len(rows),
        licence=claims.licence or "unknown",
        source=claims.source,
        reader=found.reader,
        location=found.location,
        digest=digest or digest_of_rows(rows),
        notes=tuple(notes),
    )


def digest_of_rows(rows: DatasetRows) -> str:
    """Content hash of every row in order: 16 hex digits."""
    running = hashlib.sha256()
    for ordinal in range(len(rows)):
        try:
            values = rows[ordinal].values
        except SourceError as error:
            values = {"unreadable": str(error)}
        running.update(json.dumps(values, sort_keys=True, ensure_ascii=False, default=repr).encode())
    return running.hexdigest()[:16]


@dataclass
class _Writer:
    """The fields of a card while they are being found."""

    claims: Claims
    rows: DatasetRows
    sampled: list[Row]
    profiles: list[Profile]
    fields: list[Field] = field(default_factory=list)
    boxes: BoxFormat | None = None

    def write_fields(self) -> None:
        columns = option_columns(self.profiles)
        roles = assign_roles([p for p in self.profiles if p.path not in columns], self.claims)
        for profile in self.profiles:
            if profile.path not in columns:
                self.fields.append(self._own(_field(profile, roles[profile.path])))
        if columns:
            self._add_columns(columns)
        for plain in [f for f in self.fields if f.role in ("question", "context") and f.type == "phrase"]:
            if not any(own.path == plain.path for own in self.claims.fields):
                self._split(plain)
        self._read_boxes()

    def _own(self, inferred: Field) -> Field:
        """The inferred field with what our own card.yaml says, where the rows can be read so."""
        given = next((own for own in self.claims.fields if own.path == inferred.path), None)
        if given is None:
            return inferred.model_copy(update={"description": self.claims.told.get(inferred.path, "")})
        values = next(p.values for p in self.profiles if p.path == inferred.path)
        says = given.model_fields_set - {"examples", "distinct", "missing", "mean_words"}
        if not given.parse and sum(reads(given.type, value) for value in values) < 0.5 * len(values):
            says -= {"type", "vocabulary", "ordered"}
        return inferred.model_copy(update={name: getattr(given, name) for name in says if getattr(given, name) != ""})

    def _add_columns(self, columns: Sequence[str]) -> None:
        answer = next((f for f in self.fields if f.role == "answer"), None)
        wrong_only = all(word in columns[0].lower() for word in ("distractor",)) or "incorrect" in columns[0].lower()
        paths = [answer.path, *columns] if wrong_only and answer else list(columns)
        options = Field(
            name="options~columns", path=columns[0], parse="columns:" + ",".join(paths),
            role="options", type="choices", label="options",
        )  # fmt: skip
        self.fields.append(options)

    def _split(self, plain: Field) -> None:
        texts = [text_of(plain, row) for row in self.sampled]
        answer = next((f for f in self.fields if f.role == "answer"), None)
        answers = [at(row.values, answer.path) if answer else None for row in self.sampled]
        answers = [a if given else None for a, given in zip(answers, texts, strict=True)]
        has_context = any(f.role in ("context", "dialog", "image", "audio") and f is not plain for f in self.fields)
        parts, replaced = parts_of([text for text in texts if text], answers, has_context=has_context)
        self.fields += [self._part(plain, part) for part in parts]
        if replaced:
            self._change(plain.name, role="metadata")

    def _part(self, plain: Field, part: Part) -> Field:
        virtual = Field(
            name=f"{plain.path}~{part.name}", path=plain.path, parse=part.chain,
            role=part.role, type=part.type, label=part.name.replace("_", " "),
        )  # fmt: skip
        return _measured(virtual, [text_of(virtual, row) for row in self.sampled])

    def _change(self, name: str, **update: object) -> None:
        self.fields = [f.model_copy(update=update) if f.name == name else f for f in self.fields]

    def _read_boxes(self) -> None:
        image = next((f for f in self.fields if f.type == "image"), None)
        for boxed in [f for f in self.fields if f.type == "boxes" and not f.parse]:
            found = boxes_with_sizes(self.sampled, boxed.path, image, self.rows.root)
            if found:
                self.boxes = format_of(found, self.claims.box_format)
                self._change(boxed.name, parse=f"boxes.{self.boxes.name}")

    def settle_answer(self) -> AnswerForm:
        """The answer form, and the answer's type changed to what it reads as."""
        answer = self._answer_field()
        if answer is None:
            return AnswerForm()
        if answer.type == "boxes":
            return AnswerForm(kind="boxes", field=answer.name, detail=self.boxes.detail if self.boxes else "")
        options = next((f for f in self.fields if f.role == "options" and f.type == "choices"), None)
        form = detect(self._samples(answer, options), answer.type == "label", answer.type == "number")
        own = any(given.path == answer.path and "type" in given.model_fields_set for given in self.claims.fields)
        if form.kind == "triple":
            return self._triples(answer, form)
        kind = answer.type if own else _type_of_form(form, answer.type)
        self._change(answer.name, type=kind)
        pointing = form.kind in ("letter", "option_index", "option_text", "boolean", "label")
        field_of_options = options.name if options and pointing else ""
        return AnswerForm(kind=form.kind, field=answer.name, options_field=field_of_options, detail=form.detail)

    def _answer_field(self) -> Field | None:
        by_role = {role: [f for f in self.fields if f.role == role] for role in ("answer", "bbox", "category")}
        asks = any(f.role == "question" for f in self.fields)
        media = any(f.type in ("image", "audio") or f.role == "context" for f in self.fields)
        classes = by_role["category"] if media and not asks else []
        return next((f for f in (*by_role["answer"], *by_role["bbox"], *classes)), None)

    def _samples(self, answer: Field, options: Field | None) -> list[Sample]:
        contexts = [f for f in self.fields if f.role in ("context", "dialog") and f.type == "phrase"][:1]
        found = []
        for row in self.sampled:
            if not text_of(answer, row):
                continue
            context = " ".join(text_of(f, row) for f in contexts)
            found.append(Sample(at(row.values, answer.path), _options(options, row), context))
        return found

    def _triples(self, answer: Field, form: Form) -> AnswerForm:
        part = Part("triples", "triples.items", "answer", "items")
        virtual = self._part(answer, part)
        self.fields.append(virtual)
        self._change(answer.name, role="metadata")
        texts = [text_of(answer, row) for row in self.sampled]
        open_ended = sum(text.count("(") != text.count(")") for text in texts)
        faults = f"; in {open_ended} of {len(texts)} rows brackets do not close" if open_ended else ""
        return AnswerForm(kind="triple", field=virtual.name, detail=form.detail + faults)

    def counted(self, plain: Field) -> Field:
        """A label field with the rows behind each of its labels."""
        if plain.type != "label" or plain.parse or (plain.vocabulary and plain.ordered):
            return plain if plain.type == "label" else plain.model_copy(update={"vocabulary": (), "ordered": False})
        wide, _ = sample(self.rows, WIDE)
        profile = next((p for p in profiles(wide, len(self.rows))[0] if p.path == plain.path), None)
        if profile is None:
            return plain
        vocabulary, ordered = profile.vocabulary()
        return plain.model_copy(update={"vocabulary": vocabulary, "ordered": ordered})


def _options(options: Field | None, row: Row) -> tuple[str, ...]:
    if options is None:
        return ()
    try:
        return options_in(options, row)
    except SourceError:
        return ()


def _type_of_form(form: Form, now: ValueType) -> ValueType:
    types: Mapping[str, ValueType] = {
        "letter": "phrase", "option_index": "phrase", "option_text": "phrase", "boolean": "label",
        "accepted_list": "items", "number": "number", "span": "phrase", "free_text": "phrase",
    }  # fmt: skip
    return types.get(form.kind, now)


def _field(profile: Profile, role: Role) -> Field:
    kind = profile.type
    label = label_of(profile.path)
    texts = profile.texts if kind not in ("image", "audio") else tuple(str(v)[:120] for v in profile.values)
    modality: Modality = kind if kind in ("image", "audio") else "text"
    plain = Field(
        name=profile.path, path=profile.path, role=role, type=kind, modality=modality,
        label=label, unit=unit_of(profile.path.split(".")[-1]) if kind == "number" else "", missing=profile.missing,
    )  # fmt: skip
    return _measured(plain, texts)


def _measured(plain: Field, texts: Sequence[str]) -> Field:
    given = [text for text in texts if text]
    examples = tuple(text[:120] for text in dict.fromkeys(given))[:3]
    mean = sum(len(text.split()) for text in given) / max(1, len(given))
    missing = plain.missing or len(texts) - len(given)
    found = {"examples": examples, "distinct": len(set(given)), "missing": missing, "mean_words": round(mean, 1)}
    return plain.model_copy(update=found)


def _modalities(fields: Iterable[Field]) -> tuple[Modality, ...]:
    found: set[Modality] = {f.modality for f in fields if f.type in ("image", "audio")}
    if not found or any(f.modality == "text" and f.role in _READ_ROLES for f in fields):
        found.add("text")
    return tuple(sorted(found))


def _languages(fields: Sequence[Field], sampled: Sequence[Row]) -> tuple[str, ...]:
    """Languages of the sentences people read, each field judged alone, and those a field names.

    Names and labels have no certain language.
    """
    read = [f for f in fields if f.role in ("question", "context", "dialog", "span", "rationale")]
    codes = [code for f in read for code in languages_of(text_of(f, row) for row in sampled)]
    named = [f for f in fields if says_language(f.path)]
    told = Counter(code for f in named for row in sampled if (code := code_of(text_of(f, row))))
    codes += [code for code, rows in told.most_common() if rows > 1]
    return tuple(dict.fromkeys(codes))
