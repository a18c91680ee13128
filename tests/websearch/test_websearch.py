"""Searches: every engine against a server or folder of its own; kept once, replayed, in the passport of the draft."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmark_agent import plugins, websearch
from benchmark_agent.content import Phrase
from benchmark_agent.errors import ToolError, Unfit, UserError
from benchmark_agent.grounding.types import Bind, Recipe, Step
from benchmark_agent.media import MediaStore
from benchmark_agent.planning.types import Job
from benchmark_agent.realization.realize import Workplace, realize
from benchmark_agent.realization.types import Draft
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS
from benchmark_agent.tools.web import search_web
from benchmark_agent.websearch import Hit, Shelf
from benchmark_agent.websearch.engines import BRAVE_URL, Brave, Corpus, Ddgs, SearXNG

PAGE = "The lighthouse of Brackwater was lit in 1871."


class Pages(BaseHTTPRequestHandler):
    """Speaks as SearXNG does below /search, and as Brave below /brave."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)["q"][0]
        Pages.asked.append((parts.path, query))
        if query == "broken":
            self.send_error(503)
            return
        result = {"title": "Lighthouse", "url": "https://example.org/l"}
        replies: dict[str, object] = {
            "/search": {"results": [{**result, "content": PAGE}, {"title": "no address", "content": "x"}]},
            "/brave": {
                "web": {"results": [{**result, "description": PAGE}]},
                "key": self.headers["X-Subscription-Token"],
            },
        }
        data = b"<html>" if query == "page" else json.dumps(replies[parts.path]).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    Pages.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "light_house.txt").write_text(PAGE)
    (folder / "bridge.md").write_text("A bridge of stone spans the river.")
    rows = [{"title": "Mill", "text": "The mill burnt down in 1902.", "url": "u:mill"}, {"text": 3}]
    (folder / "more.jsonl").write_text("\n".join([*map(json.dumps, rows), "no json"]))
    (folder / "away.txt").symlink_to("/etc/hostname")
    return folder


def test_a_server_and_an_api_give_their_results_and_what_has_no_address_is_left_out(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = (Hit(title="Lighthouse", url="https://example.org/l", text=PAGE),)
    assert SearXNG(server + "/").find("lighthouse", 5) == wanted
    assert Brave().missing() == "set BRAVE_API_KEY to your key of the Brave search API"
    monkeypatch.setenv("BRAVE_API_KEY", "k")
    monkeypatch.setenv(BRAVE_URL, f"{server}/brave")
    assert Brave().missing() == ""
    assert Brave().find("lighthouse", 5) == wanted
    with pytest.raises(ToolError, match="status 503"):
        SearXNG(server).find("broken", 5)
    with pytest.raises(ToolError, match="no usable reply"):
        SearXNG(server).find("page", 5)


def test_a_folder_of_texts_is_searched_and_not_left(corpus: Path) -> None:
    found = Corpus(str(corpus)).find("When was the lighthouse lit?", 3)
    assert [hit.url for hit in found] == ["light_house.txt"]
    assert Corpus(str(corpus)).find("mill fire, burnt", 3)[0] == Hit(
        title="Mill", url="u:mill", text="The mill burnt down in 1902."
    )
    assert Corpus(str(corpus)).find("?!", 3) == ()
    assert Corpus("nowhere").missing() == "there is no folder 'nowhere' to search"


def test_the_package_for_public_engines_is_asked_as_it_wants_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    ddgs = pytest.importorskip("ddgs")
    assert Ddgs().missing() == ""
    result = {"title": "Lighthouse", "href": "https://example.org/l", "body": PAGE}
    monkeypatch.setattr("ddgs.ddgs.DDGS.text", lambda self, query, max_results: [result] * max_results)
    assert len(Ddgs().find("lighthouse", 3)) == 3

    def refuses(*_: object, **__: object) -> None:
        raise ddgs.exceptions.RatelimitException("202")

    monkeypatch.setattr("ddgs.ddgs.DDGS.text", refuses)
    with pytest.raises(ToolError, match="the search"):
        Ddgs().find("lighthouse", 3)


def test_a_search_is_made_once_a_run_and_a_replay_makes_none(server: str, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, lambda: SearXNG(server))
    first = shelf.search("  the   lighthouse ", 5)
    assert first.query == "the lighthouse"
    assert Shelf(tmp_path, lambda: SearXNG(server)).search("the lighthouse", 5) == first
    assert Shelf(tmp_path, websearch.engine, online=False).search("the lighthouse", 5) == first
    assert Pages.asked == [("/search", "the lighthouse")]
    with pytest.raises(ToolError, match="holds no result of the search 'the mill'"):
        Shelf(tmp_path, websearch.engine, online=False).search("the mill", 5)
    with pytest.raises(ToolError, match="nothing to search for"):
        shelf.search(" ", 5)
    assert not list(tmp_path.glob("searches/.part-*"))


def test_long_pages_are_cut_and_no_more_results_kept_than_asked(corpus: Path, tmp_path: Path) -> None:
    for n in range(4):
        (corpus / f"{n}.txt").write_text("lighthouse " * 400)
    found = Shelf(tmp_path, lambda: Corpus(str(corpus))).search("lighthouse", 2)
    assert len(found.hits) == 2
    assert max(len(hit.text) for hit in found.hits) <= websearch.LONGEST


def test_the_setting_names_the_engine_and_the_tool_is_offered_only_then(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = plugins.load(third_party=False).tools["search_web"]
    monkeypatch.delenv(websearch.SETTING, raising=False)
    assert tool.missing().startswith(f"to search the web, set {websearch.SETTING} to 'searxng:URL'")
    monkeypatch.setenv(websearch.SETTING, "altavista")
    with pytest.raises(UserError, match="no search engine is called 'altavista'"):
        websearch.engine()
    monkeypatch.setenv(websearch.SETTING, "searxng:localhost")
    assert "give the server's address" in tool.missing()
    monkeypatch.setenv(websearch.SETTING, f"corpus:{corpus}")
    assert tool.missing() == ""


def test_the_tool_gives_what_pages_say(corpus: Path, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, lambda: Corpus(str(corpus)))
    said = search_web.run(Phrase(text="Brackwater"), shelf, about="lighthouse")
    assert said.text == f"light house (light_house.txt)\n{PAGE}"
    with pytest.raises(Unfit, match="finds nothing"):
        search_web.run(Phrase(text="zeppelin"), shelf)


def test_what_was_found_stands_in_the_passport_of_the_draft(corpus: Path, tmp_path: Path) -> None:
    row = {"place": "Brackwater", "question": "When was the light lit?", "options": ["1871", "1902"], "answer": "1871"}
    (tmp_path / "lights.jsonl").write_text(json.dumps(row))
    pool = Pool.open([str(tmp_path / "lights.jsonl")], READERS, home=tmp_path / "home")
    dataset = pool.dataset(pool.cards[0].id)
    place = Workplace(dataset, MediaStore(tmp_path), Shelf(tmp_path, lambda: Corpus(str(corpus))))
    tools = plugins.load(third_party=False).tools
    found = Step(tool="search_web", reads=(Bind(param="query", source="place"),), writes="found")
    asked = Step(
        tool="as_is_context",
        reads=tuple(
            Bind(param=name, source=source)
            for name, source in (("context", "@found"), ("question", "question"), ("options", "options"))
        ),
    )
    job = Job(id="s.1#0", subtask_id="s", candidate_id="s.1", dataset_id=dataset.card.id, row=0, seed=7)
    draft = realize(job, Recipe(steps=(found, asked)), place, tools.__getitem__)
    assert isinstance(draft, Draft), draft
    assert PAGE in draft.body.input[0].text  # type: ignore[union-attr]
    hit = Hit(title="light house", url="light_house.txt", text=PAGE)
    assert [search.hits for search in draft.trace[0].searches] == [(hit,)]
    assert draft.trace[1].searches == ()
    assert "searches" in draft.trace[0].model_dump_json()
    assert "searches" not in draft.trace[1].model_dump_json()
