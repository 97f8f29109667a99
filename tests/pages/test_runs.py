"""A page that shows what does not come out fails, whatever it is."""

import pytest

from pages.blocks import ALONE, PageError, steps
from pages.places import DOCS
from pages.runs import faults

RIGHT = """\
# A page

```sh
pip install "fanwise[cli]"
```

```python title="models/small.py"
def build():
    return 3
```

```python
from models.small import build

print("first")
count = build()
```

```text
first
```

=== "A tab"

    ```python
    class Kept:
        "A class."

    import inspect
    print(count, inspect.getsource(Kept).splitlines()[0])
    ```

    ```text
    3 class Kept:
    ```

```console
$ ls
models
$ echo one; echo two; \\
  echo three
one
...
$ ls missing
ls: cannot access 'missing': No such file or directory
$ fanwise --help | head -2 | tail -1 | cut -c2-7
Usage:
```

```toml
fanwise = 1

[[rule]]
role = "kernel"
init = "he_normal"
```
"""


def test_a_right_page_has_no_faults(tmp_path):
    assert faults(RIGHT, tmp_path) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("```text\nfirst", "```text\nsecond", "it prints\nfirst"),
        ('print("first")', 'print("first", 2)', "it prints\nfirst 2"),
        ("count = build()", "count = build(1)", "line 16, in <module>"),
        ("count = build()", "raise SystemExit(0)", "SystemExit"),
        ("return 3", "return 4", "it prints\n4 class Kept:"),
        ("\nmodels\n$", "\nmodel\n$", "$ ls prints\nmodels"),
        ("one\n...", "two\n...", "prints\none\ntwo\nthree"),
        ("one\n...", "one\ntwo", "prints\none\ntwo\nthree"),
        ("ls: cannot access 'missing': No such file or directory\n", "", "failed"),
        ("ls: cannot access 'missing': No such file or directory", "...", "failed"),
        # Where Python keeps compiled code, a folder of it stands before the file.
        ("$ ls missing", "$ ls models", "\nsmall.py"),
        ("he_normal", "he_norm", "he_norm"),
        ("fanwise = 1", "fanwise : 1", "TOMLDecodeError"),
    ],
)
def test_a_wrong_page_is_told_with_its_line(right, wrong, said, tmp_path):
    assert RIGHT.count(right) == 1
    (fault,) = faults(RIGHT.replace(right, wrong), tmp_path)
    assert fault.startswith("line ")
    assert said in fault


def test_on_a_page_that_says_so_each_block_runs_by_itself(tmp_path):
    page = "```python\nimport math\n```\n\n```python\nprint(math.pi)\n```\n"
    (tmp_path / "in order").mkdir()
    assert faults(page, tmp_path / "in order") == []
    (tmp_path / "alone").mkdir()
    (fault,) = faults(f"{ALONE}\n{page}", tmp_path / "alone")
    assert "line 7: " in fault
    assert "name 'math' is not defined" in fault


def test_pages_that_are_read_by_search_say_so():
    for page in ("faq.md", "quickstarts.md"):
        assert ALONE in (DOCS / page).read_text("utf-8")


def test_a_block_that_ends_the_process_is_a_fault(tmp_path):
    (fault,) = faults("```python\nimport os\nos._exit(0)\n```\n", tmp_path)
    assert "status 0" in fault


@pytest.mark.parametrize(
    "page",
    [
        "```\npip install fanwise\n```\n",
        "```yaml\na: 1\n```\n",
        "```pycon\n>>> 1\n```\n",
        "```{.python .no-copy}\n1\n```\n",
        '```python tilte="a.py"\n1\n```\n',
        "```sh\npip install fanwise\nfanwise demo\n```\n",
        "```text\nan output of nothing\n```\n",
        "```python\nprint(1)\n```\n\nIt prints\n\n```text\n1\n```\n",
        "```python\nprint(1)\n```\n\n```text\n1\n```\n\n```text\n1\n```\n",
        '```python title="a.py"\nprint(1)\n```\n\n```text\n1\n```\n',
        "```console\n$ ls\n```\n\n```text\n1\n```\n",
    ],
)
def test_a_block_that_no_one_could_check_is_an_error(page):
    with pytest.raises(PageError):
        steps(page)


def test_a_console_begins_with_a_command(tmp_path):
    (fault,) = faults("```console\nls\n```\n", tmp_path)
    assert "a console begins with a command" in fault
