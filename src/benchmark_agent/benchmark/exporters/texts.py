"""Files written from templates beside the exporters."""

import json

import jinja2
import yaml

_ENV = jinja2.Environment(
    loader=jinja2.PackageLoader("benchmark_agent.benchmark.exporters", "templates"),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - Python, YAML and Markdown, never a page
)
_ENV.filters["literal"] = repr


def render(template: str, **values: object) -> str:
    """The text of a file of an export."""
    return _ENV.get_template(template).render(**values)


def json_line(row: dict[str, object]) -> str:
    """One line of JSON; line separators that some readers split at are escaped."""
    text = json.dumps(row, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085") + "\n"


class Function(str):
    """`!function module.name` of lm-eval and lmms-eval."""

    __slots__ = ()


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Ten times as fast with libyaml, which the wheels of PyYAML bring."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """Lines as a block; separators that YAML folds into a space are escaped."""
    folded = any(sign in text for sign in "\x85\u2028\u2029")
    style = '"' if folded else "|" if "\n" in text else None
    node: yaml.ScalarNode = dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)
    return node


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Function, lambda dumper, data: dumper.represent_scalar("!function", str(data), style=""))


def yaml_text(value: object) -> str:
    """YAML in the order given, with `!function` tags."""
    dumped: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
    return dumped
