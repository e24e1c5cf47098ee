"""The files are layers in the order in which data flows; imports point back along it, never forward."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import credgap

ROOT = Path(credgap.__file__).parent
ORDER = """
errors files yamledit models yamlfile compiled catalogue schema lint stats hints traced markup sections posting spelling skills
profile entries goal cues gates asking terms screening stated requirements gap together trust schedule pricing candidates
steps ranking shortlist tree programme plan frontier why explore analyse saved lifts demand cohort showcase letter report tables
results engines batch people cli
""".split()  # noqa: SIM905
SOLVER = "programme"
SPEAKS = "cli"


def modules() -> list[Path]:
    return [p for p in ROOT.rglob("*.py") if p.name != "__main__.py" and p != ROOT / "__init__.py"]


def layer(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down_the_list(path: Path) -> None:
    used = {name.split(".")[1] for name in imported(path) if name.startswith("credgap.")} & set(ORDER)
    later = [u for u in used if ORDER.index(u) > ORDER.index(layer(path))]
    assert not later, f"{path.name} imports {later}, which come after it"


def test_one_module_imports_the_solver_and_one_folder_prints() -> None:
    assert {layer(p) for p in modules() if any(n.startswith("highspy") for n in imported(p))} <= {SOLVER}
    calls = {
        layer(p)
        for p in modules()
        for n in ast.walk(ast.parse(p.read_text()))
        if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "print"
    }
    assert calls <= {SPEAKS}
